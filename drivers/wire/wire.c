/* Messages by socket with descriptors, and by mailbox. */
#include "wire/wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct wire_request *wire_request_create(enum wire_operation operation)
{
	struct wire_request *request = malloc(sizeof(*request));

	if (request != NULL) {
		memset(request, 0, WIRE_REQUEST_HEAD);
		request->magic = WIRE_MAGIC;
		request->operation = operation;
	}
	return request;
}

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

void wire_refuse(int socket, int error, const char *reason)
{
	struct wire_reply_head reply = {.magic = WIRE_MAGIC, .error = error};
	char ignored;

	snprintf(reply.reason, sizeof(reply.reason), "%s", reason);
	/* No request comes any more, and one that is not read would take the reply with it. */
	shutdown(socket, SHUT_RD);
	while (recv(socket, &ignored, sizeof(ignored), MSG_DONTWAIT) > 0)
		continue;
	/* Whoever has no room for it learns of the end only. */
	ssize_t sent = send(socket, &reply, sizeof(reply), MSG_NOSIGNAL | MSG_DONTWAIT);
	(void)sent;
	close(socket);
}

int wire_limit_sends(int socket)
{
	const struct timeval limit = {.tv_sec = WIRE_PATIENCE};

	return setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

void wire_expect(struct mailbox incoming[MAILBOXES])
{
	for (unsigned box = 0; box < MAILBOXES; box++)
		mailbox_expect(&incoming[box]);
}

void wire_call_to_socket(struct mailbox incoming[MAILBOXES])
{
	for (unsigned box = 0; box < MAILBOXES; box++)
		mailbox_send_away(&incoming[box]);
}

void wire_join(struct wire_end *end, struct mailbox incoming[MAILBOXES],
	struct mailbox outgoing[MAILBOXES])
{
	end->incoming = incoming;
	end->outgoing = outgoing;
	end->received = end->posted = 0;
}

int wire_post(
	struct wire_end *end, const void *message, size_t length, const int *fds, int fd_count)
{
	if (end->outgoing == NULL)
		return wire_send(end->socket, message, length, fds, fd_count);
	struct mailbox *box = &end->outgoing[end->posted++ % MAILBOXES];
	if (fd_count == 0 && mailbox_put(box, message, length))
		return 0;
	int result = wire_send(end->socket, message, length, fds, fd_count);
	mailbox_send_away(box);
	return result;
}

/* The kernel makes one part of all that came. */
static void take_fds(struct msghdr *header, int fds[WIRE_FDS])
{
	const struct cmsghdr *part = CMSG_FIRSTHDR(header);

	if (part == NULL || part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
		return;
	memcpy(fds, CMSG_DATA(part), part->cmsg_len - CMSG_LEN(0));
}

static void forget_fds(int fds[WIRE_FDS])
{
	for (int i = 0; i < WIRE_FDS; i++)
		fds[i] = -1;
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
	       reply->payload_length == (size_t)length - WIRE_REPLY_HEAD &&
	       memchr(reply->reason, '\0', WIRE_REASON) != NULL;
}

ssize_t wire_receive(int socket, void *message, size_t size, int fds[WIRE_FDS])
{
	struct iovec part = {.iov_base = message, .iov_len = size};
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int) * WIRE_FDS)];
	} control;
	/* Not the space, whose padding has room for one more: the kernel keeps what has no room. */
	struct msghdr header = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = CMSG_LEN(sizeof(int) * WIRE_FDS)};

	forget_fds(fds);
	ssize_t received = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
	if (received < 0)
		return -1;
	take_fds(&header, fds);
	if (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
		wire_close(fds);
		errno = EMSGSIZE;
		return -1;
	}
	return received;
}

ssize_t wire_await(struct wire_end *end, void *message, size_t size, int fds[WIRE_FDS])
{
	if (end->incoming == NULL)
		return wire_receive(end->socket, message, size, fds);
	struct mailbox *box = &end->incoming[end->received % MAILBOXES];
	forget_fds(fds);
	ssize_t length = mailbox_take(box, message, size);
	if (length == 0)
		length = wire_receive(end->socket, message, size, fds);
	if (length > 0) {
		end->received++;
		mailbox_expect(box);
	}
	return length;
}

bool wire_has_message(const struct wire_end *end)
{
	return end->incoming != NULL && mailbox_is_full(&end->incoming[end->received % MAILBOXES]);
}
