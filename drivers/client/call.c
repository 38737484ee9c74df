/*
 * A call: request and reply, the reason kept for the user, and what became of a host that ended.
 */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "client/client.h"

static _Thread_local char reason[512];

LIBKEX_API const char *kex_reason(void)
{
	return reason;
}

void clear_reason(void)
{
	reason[0] = '\0';
}

int fail(int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(reason, sizeof(reason), format, arguments);
	va_end(arguments);
	errno = error;
	return -1;
}

/* A dying process closes its sockets a little before its files, which tell that it died. */
static void find_state_at_end(struct kexd_status *status)
{
	const struct timespec pause = {0, 10000000};

	for (int tries = 0; tries < 200; tries++) {
		kexd_query(status);
		if (status->state != KEXD_RUNNING)
			break;
		nanosleep(&pause, NULL);
	}
}

int host_ended(void)
{
	struct kexd_status status;

	find_state_at_end(&status);
	if (status.state == KEXD_DIED)
		return fail(EHOSTDOWN,
			"kexd (process %d) has died; run cfgmgr to bring its devices back",
			(int)status.pid);
	if (status.state == KEXD_OTHER)
		return fail(EHOSTDOWN,
			"kexd (process %d) is of another build, version %s; cfgmgr replaces it",
			(int)status.pid, status.version);
	return fail(EHOSTDOWN, "kexd has stopped; run cfgmgr to bring its devices back");
}

/* Waits for the reply; a signal is passed on, for the host to end the call early. */
static ssize_t await_reply(
	struct wire_end *end, struct wire_reply *reply, int fds[WIRE_FDS], int interrupt_fd)
{
	for (;;) {
		ssize_t length = wire_await(end, reply, sizeof(*reply), fds);
		if (length >= 0 || errno != EINTR)
			return length;
		uint64_t one = 1;
		if (interrupt_fd >= 0 && write(interrupt_fd, &one, sizeof(one)) < 0)
			return -1;
	}
}

int send_request(struct wire_end *end, const struct wire_request *request, int request_fd)
{
	clear_reason();
	if (wire_post(end, request, WIRE_REQUEST_HEAD + request->payload_length, &request_fd,
		    request_fd >= 0) < 0)
		return fail(ECONNRESET, "the connection with kexd ended");
	return 0;
}

int take_reply(struct wire_end *end, struct wire_reply *reply, int fds[WIRE_FDS], int interrupt_fd)
{
	ssize_t length = await_reply(end, reply, fds, interrupt_fd);

	if (length <= 0)
		return fail(ECONNRESET, "the connection with kexd ended");
	if (!wire_is_reply(reply, length))
		return fail(EPROTO, "kexd answered in a form that this program does not know");
	if (reply->error != 0) {
		reply->reason[WIRE_REASON - 1] = '\0';
		return fail(reply->error, "%s", reply->reason);
	}
	/* What a list does not have. */
	if (reply->reason[0] != '\0')
		snprintf(reason, sizeof(reason), "%.*s", WIRE_REASON, reply->reason);
	return 0;
}

/* Who is refused as a client has the answer before he asks; no other is waited for then. */
int exchange(struct wire_end *end, const struct wire_request *request, struct wire_reply *reply,
	int request_fd, int fds[WIRE_FDS], int interrupt_fd)
{
	if (send_request(end, request, request_fd) < 0)
		shutdown(end->socket, SHUT_RD);
	return take_reply(end, reply, fds, interrupt_fd);
}

int host_call(int socket, const struct wire_request *request, struct wire_reply *reply,
	int request_fd, int fds[WIRE_FDS], int interrupt_fd)
{
	struct wire_end end = {.socket = socket};
	int result = exchange(&end, request, reply, request_fd, fds, interrupt_fd);

	return result < 0 && errno == ECONNRESET ? host_ended() : result;
}
