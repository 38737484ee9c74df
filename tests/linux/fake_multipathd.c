/*
 * Stands for the daemon of device-mapper multipath, in a network namespace of the test's own, whose
 * names of sockets are its own, too. usage: fake_multipathd [-d] PATH... Paths are active at first;
 * with -d it says ok to everything and does nothing.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"

#define SOCKET_NAME "/org/kernel/linux/storage/multipathd"
#define MAXIMUM_PATHS 16

static const char *paths[MAXIMUM_PATHS];
static bool failed[MAXIMUM_PATHS];
static int path_count;
static bool deaf;

static int listen_daemon(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = offsetof(struct sockaddr_un, sun_path) + 1 + strlen(SOCKET_NAME);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memcpy(address.sun_path + 1, SOCKET_NAME, strlen(SOCKET_NAME));
	if (fd < 0 || bind(fd, (const struct sockaddr *)&address, (socklen_t)length) < 0 ||
		listen(fd, 4) < 0)
		return -1;
	return fd;
}

static const char *set(const char *name, bool fails)
{
	for (int i = 0; i < path_count; i++)
		if (strcmp(paths[i], name) == 0) {
			failed[i] = deaf ? failed[i] : fails;
			return "ok\n";
		}
	return "fail\n";
}

static void answer(const char *command, struct text *text)
{
	if (strcmp(command, "show paths raw format \"%d %t\"") == 0)
		for (int i = 0; i < path_count; i++)
			text_printf(text, "%s %s\n", paths[i], failed[i] ? "failed" : "active");
	else if (strncmp(command, "fail path ", 10) == 0)
		text_append(text, set(command + 10, true));
	else if (strncmp(command, "reinstate path ", 15) == 0)
		text_append(text, set(command + 15, false));
	else
		text_append(text, "fail\n");
}

static void serve(int fd)
{
	AUTO(text_release) struct text text = {0};
	char command[256] = "";
	uint64_t length;

	if (recv(fd, &length, sizeof(length), MSG_WAITALL) != sizeof(length) ||
		length >= sizeof(command) ||
		recv(fd, command, (size_t)length, MSG_WAITALL) != (ssize_t)length)
		return;
	answer(command, &text);
	length = text.length + 1;
	if (text.data != NULL && write(fd, &length, sizeof(length)) == sizeof(length) &&
		write(fd, text.data, (size_t)length) != (ssize_t)length)
		fprintf(stderr, "an answer was not read\n");
}

int main(int argc, char **argv)
{
	int first = argc > 1 && strcmp(argv[1], "-d") == 0 ? 2 : 1;
	int fd = listen_daemon();

	if (fd < 0)
		return 1;
	deaf = first == 2;
	for (int i = first; i < argc && path_count < MAXIMUM_PATHS; i++)
		paths[path_count++] = argv[i];
	puts("ready");
	fflush(stdout);
	for (;;) {
		AUTO_CLOSE int connection = accept(fd, NULL, NULL);
		if (connection < 0)
			return 1;
		serve(connection);
	}
}
