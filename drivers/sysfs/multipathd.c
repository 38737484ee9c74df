/* Questions to the daemon of device-mapper multipath: a length of eight bytes, then a text. */
#include "sysfs/multipathd.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#define SOCKET_NAME "/org/kernel/linux/storage/multipathd"
#define PATIENCE_SECONDS 4
#define MAXIMUM_ANSWER (16 << 20)

/* Names without a file are anybody's to take: only root's daemon is believed. */
static bool is_roots(int fd)
{
	struct ucred peer;
	socklen_t length = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 && peer.uid == 0;
}

/* A descriptor, or -1 and errno. */
static int connect_daemon(void)
{
	const struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = offsetof(struct sockaddr_un, sun_path) + 1 + strlen(SOCKET_NAME);
	AUTO_CLOSE int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(address.sun_path + 1, SOCKET_NAME, strlen(SOCKET_NAME));
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0 ||
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)&address, (socklen_t)length) < 0 ||
		!is_roots(fd)) {
		errno = ENOENT;
		return -1;
	}
	int connected = fd;
	fd = -1;
	return connected;
}

static int transfer_failure(ssize_t count)
{
	errno = count == 0 ? EPROTO : errno == EAGAIN ? ETIMEDOUT : errno;
	return -1;
}

static int send_all(int fd, const void *bytes, size_t length)
{
	for (size_t sent = 0; sent < length;) {
		ssize_t count = send(fd, (const char *)bytes + sent, length - sent, MSG_NOSIGNAL);
		if (count > 0)
			sent += (size_t)count;
		else if (count == 0 || errno != EINTR)
			return transfer_failure(count);
	}
	return 0;
}

static int receive_all(int fd, void *bytes, size_t length)
{
	for (size_t received = 0; received < length;) {
		ssize_t count = recv(fd, (char *)bytes + received, length - received, 0);
		if (count > 0)
			received += (size_t)count;
		else if (count == 0 || errno != EINTR)
			return transfer_failure(count);
	}
	return 0;
}

int multipathd_ask(const char *command, struct text *answer)
{
	uint64_t length = strlen(command) + 1;
	AUTO_CLOSE int fd = connect_daemon();

	if (fd < 0 || send_all(fd, &length, sizeof(length)) < 0 ||
		send_all(fd, command, (size_t)length) < 0 ||
		receive_all(fd, &length, sizeof(length)) < 0)
		return -1;
	if (length == 0 || length > MAXIMUM_ANSWER) {
		errno = EPROTO;
		return -1;
	}
	AUTO_FREE char *said = malloc((size_t)length + 1);
	if (said == NULL || receive_all(fd, said, (size_t)length) < 0)
		return -1;
	said[length] = '\0';
	text_append(answer, said);
	errno = ENOMEM;
	return answer->failed ? -1 : 0;
}
