/*
 * A program that talks to kexd without libkex, and not as libkex does:
 * open HOW FILE: opens a device by a descriptor of the file: path, read, write, either or memory.
 * descriptors COUNT: so many messages with more descriptors than there can be.
 * connect COUNT: so many connections at once; tells how many were served.
 * deaf [FILE]: asks kexd, or a device, and never reads an answer.
 * garbage SECONDS: messages that are none.
 * The last three but garbage stay until standard input ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/device.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "wire/wire.h"

static struct wire_request request = {.magic = WIRE_MAGIC};
static struct wire_reply reply;

static _Noreturn void die(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	exit(1);
}

static int try_to_connect(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/run/kexd.sock",
		getenv("ODMCFG_ROOT"));
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static int connect_host(void)
{
	int fd = try_to_connect();

	if (fd < 0)
		die("connect");
	return fd;
}

/* Sends any number of the same descriptor. */
static int send_with(int socket, size_t length, int fd, unsigned count)
{
	struct iovec part = {&request, length};
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int) * 64)];
	} control = {0};
	struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};

	if (count > 0) {
		header.msg_control = control.bytes;
		header.msg_controllen = CMSG_SPACE(sizeof(int) * count);
		struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
		rights->cmsg_level = SOL_SOCKET;
		rights->cmsg_type = SCM_RIGHTS;
		rights->cmsg_len = CMSG_LEN(sizeof(int) * count);
		for (unsigned i = 0; i < count; i++)
			memcpy(CMSG_DATA(rights) + i * sizeof(int), &fd, sizeof(fd));
	}
	return sendmsg(socket, &header, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

/* Whether kexd answered: the error is in the reply. */
static bool has_answer(int socket)
{
	int fds[WIRE_FDS];
	ssize_t length = wire_receive(socket, &reply, sizeof(reply), fds);

	return length > 0 && wire_is_reply(&reply, length);
}

static int open_memory(const char *path)
{
	char content[64];
	int file = open(path, O_RDONLY), memory = memfd_create("hdisk0", 0);
	ssize_t length = read(file, content, sizeof(content));

	if (file < 0 || memory < 0 || length < 0 || write(memory, content, (size_t)length) < 0)
		die(path);
	return memory;
}

static int open_file(const char *how, const char *path)
{
	static const struct {
		const char *how;
		int flags;
	} known[] = {{"path", O_PATH}, {"read", O_RDONLY}, {"write", O_WRONLY}, {"either", 3}};

	if (strcmp(how, "memory") == 0)
		return open_memory(path);
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcmp(how, known[i].how) == 0)
			return open(path, known[i].flags);
	errno = EINVAL;
	return -1;
}

static int open_device(const char *how, const char *path, int flags)
{
	int file = open_file(how, path), socket = connect_host();

	if (file < 0)
		die(path);
	request.operation = WIRE_OPEN;
	request.command = flags;
	if (send_with(socket, WIRE_REQUEST_HEAD, file, 1) < 0 || !has_answer(socket))
		die("no answer");
	errno = reply.error;
	if (errno != 0)
		die("refused");
	return socket;
}

static void stay(void)
{
	char byte;

	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
}

static void send_descriptors(unsigned count)
{
	request.operation = WIRE_STATUS;
	for (unsigned i = 0; i < count; i++) {
		int socket = connect_host();
		if (send_with(socket, WIRE_REQUEST_HEAD, STDIN_FILENO, WIRE_FDS + 1 + i % 60) < 0)
			die("send");
		has_answer(socket);
		close(socket);
	}
}

static void connect_often(unsigned count)
{
	unsigned served = 0;

	request.operation = WIRE_STATUS;
	for (unsigned i = 0; i < count; i++) {
		int socket = try_to_connect();
		if (socket < 0)
			break;
		send_with(socket, WIRE_REQUEST_HEAD, -1, 0);
		served += has_answer(socket) && reply.error == 0;
	}
	printf("served %u\n", served);
	stay();
}

static void never_read(const char *path)
{
	int socket = path != NULL ? open_device("read", path, DREAD) : connect_host();
	unsigned sent = 0;
	const struct timeval patience = {.tv_sec = 1};

	request.operation = path != NULL ? WIRE_POLL : WIRE_STATUS;
	setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	while (send_with(socket, WIRE_REQUEST_HEAD, -1, 0) == 0)
		sent++;
	printf("sent %u\n", sent);
	stay();
}

static void send_garbage(time_t seconds)
{
	const time_t end = time(NULL) + seconds;
	unsigned sent = 0;

	request.magic = 0;
	while (time(NULL) < end) {
		int socket = connect_host();
		sent += send_with(socket, WIRE_REQUEST_HEAD, -1, 0) == 0;
		has_answer(socket);
		close(socket);
	}
	printf("sent %u\n", sent);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "", *how = argc > 2 ? argv[2] : NULL;

	if (strcmp(what, "open") == 0 && argc == 4) {
		open_device(how, argv[3], strcmp(how, "write") == 0 ? DWRITE : DREAD);
		printf("opened\n");
	} else if (strcmp(what, "descriptors") == 0 && how != NULL) {
		send_descriptors((unsigned)atoi(how));
	} else if (strcmp(what, "connect") == 0 && how != NULL) {
		connect_often((unsigned)atoi(how));
	} else if (strcmp(what, "deaf") == 0) {
		never_read(how);
	} else if (strcmp(what, "garbage") == 0 && how != NULL) {
		send_garbage(atoi(how));
	} else {
		return 2;
	}
	return 0;
}
