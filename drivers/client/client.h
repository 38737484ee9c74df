/* What libkex's files share: reasons, and calls of the host. For libkex only. */
#pragma once

#include <kex.h>

#include "base/cleanup.h"
#include "wire/wire.h"

#define LIBKEX_API __attribute__((visibility("default")))

/* Sets kex_reason() for this thread; returns -1 with errno set to `error`. */
int fail(int error, const char *format, ...) PRINTF_LIKE(2, 3);
void clear_reason(void);

/*
 * Connects to the running host. Returns the socket, or -1 and errno EHOSTDOWN with the reason:
 * never started, stopped, or died.
 */
int host_connect(void);

/* Whether kexd runs and is not about to stop. */
bool host_is_running(void);

/* Connects to the host, starting it when it does not run. */
int host_connect_or_start(void);

/* A call that found the host gone; the reason says what became of it. -1 and EHOSTDOWN. */
int host_ended(void);

/*
 * One call: sends the request and waits for the reply. interrupt_fd: written when a signal
 * interrupts the wait, -1 to wait on. Returns 0, or -1 and errno with the reason: what the host
 * answered, EHOSTDOWN when it ended.
 */
int host_call(int socket, const struct wire_request *request, struct wire_reply *reply,
	int request_fd, int fds[WIRE_FDS], int interrupt_fd);

/* The same, but ECONNRESET when the connection ended: it may be a worker's. */
int exchange(struct wire_end *end, const struct wire_request *request, struct wire_reply *reply,
	int request_fd, int fds[WIRE_FDS], int interrupt_fd);

/* The two halves of it: several requests may be on their way, the replies come in their order. */
int send_request(struct wire_end *end, const struct wire_request *request, int request_fd);
int take_reply(struct wire_end *end, struct wire_reply *reply, int fds[WIRE_FDS], int interrupt_fd);

/* Whether a device's process ended, and whether the fatal event has still to be told. */
bool file_has_ended(const struct kex_file *file);
bool file_tells_end(const struct kex_file *file);
