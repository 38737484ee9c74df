#include "wire/wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int wire_send(int socket, const void *message, size_t length, const int *fds, int fd_count)
{
	struct iovec part = {.iov_base = (void *)(uintptr_t)message, .iov_len = length};
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int) * WIRE_FDS)];
	} control = {0};
	struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};

	if (fd_count > 0) {
		size_t size = sizeof(int) * (size_t)fd_count;
		header.msg_control = control.bytes;
		header.msg_controllen = CMSG_SPACE(size);
		struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
		rights->cmsg_level = SOL_SOCKET;
		rights->cmsg_type = SCM_RIGHTS;
		rights->cmsg_len = CMSG_LEN(size);
		memcpy(CMSG_DATA(rights), fds, size);
	}
	ssize_t sent;
	do
		sent = sendmsg(socket, &header, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -1 : 0;
}

static void take_fds(struct msghdr *header, int fds[WIRE_FDS])
{
	for (struct cmsghdr *part = CMSG_FIRSTHDR(header); part != NULL;
		part = CMSG_NXTHDR(header, part)) {
		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
			continue;
		size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(fds, CMSG_DATA(part), sizeof(int) * (count < WIRE_FDS ? count : WIRE_FDS));
	}
}

void wire_close(int fds[WIRE_FDS])
{
	for (int i = 0; i < WIRE_FDS; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

bool wire_is_request(const struct wire_request *request, ssize_t length)
{
	return length >= (ssize_t)WIRE_REQUEST_HEAD && request->magic == WIRE_MAGIC &&
	       request->operation < WIRE_OPERATIONS &&
	       request->payload_length == (size_t)length - WIRE_REQUEST_HEAD;
}

bool wire_is_reply(const struct wire_reply *reply, ssize_t length)
{
	return length >= (ssize_t)WIRE_REPLY_HEAD && reply->magic == WIRE_MAGIC &&
	       reply->payload_length == (size_t)length - WIRE_REPLY_HEAD;
}

ssize_t wire_receive(int socket, void *message, size_t size, int fds[WIRE_FDS])
{
	struct iovec part = {.iov_base = message, .iov_len = size};
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int) * WIRE_FDS)];
	} control;
	struct msghdr header = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes)};

	for (int i = 0; i < WIRE_FDS; i++)
		fds[i] = -1;
	ssize_t received = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
	if (received < 0)
		return -1;
	take_fds(&header, fds);
	if (header.msg_flags & MSG_TRUNC) {
		wire_close(fds);
		errno = EMSGSIZE;
		return -1;
	}
	return received;
}
