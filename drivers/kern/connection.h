/* A client of the host: one connection, one thread, at most one open device. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "kern/thread.h"
#include "wire/wire.h"

struct connection {
	uint64_t id;
	int socket;
	pid_t pid; /* the client's */
	bool owner; /* root or the host's own user: may load, configure and stop */
	struct kern_thread thread;

	/* An open device, after WIRE_OPEN. */
	bool open;
	dev_t devno;
	int flags; /* DREAD, DWRITE, DNDELAY */
	int notify_fd; /* host to client: selnotify */
	int interrupt_fd; /* client to host: a signal came */
	char *window; /* shared with the client, window_size bytes */
	size_t window_size;
	int window_fd; /* its memfd, -1 for none */

	struct connection *next; /* all connections; under connections_mutex */
};

/* Begins to serve a connected socket, which it takes over. */
void connection_start(int socket);

/* A device interrupt or hang-up of the connection with this id, seen by the main thread. */
void connection_interrupted(uint64_t id);
void connection_hung_up(uint64_t id);

/* Notes that the connection opened a device: selnotify finds it from now on. */
void connection_opened(
	struct connection *connection, dev_t devno, int flags, int notify_fd, int interrupt_fd);

/* Whether any process has a device open. */
bool connections_have_devices(void);

/* Hangs every connection up and waits until their threads have ended. Main thread only. */
void connections_end(void);

/*
 * The main thread's epoll set: events of connection `id` arrive as connection_hung_up and
 * connection_interrupted. Defined in main.c.
 */
void watch_socket(uint64_t id, int socket);
void watch_interrupt(uint64_t id, int fd);

/* Carries out one request; fills in the reply and the descriptors that go with it. */
void call(struct connection *connection, const struct wire_request *request, int request_fd,
	struct wire_reply *reply, int reply_fds[WIRE_FDS], int *reply_fd_count);

/* Closes the connection's device, if it has one. */
void call_close(struct connection *connection);

/* Set by WIRE_STOP: the host ends once the reply is sent. Defined in main.c. */
void request_stop(void);

/* When the host started, seconds since the epoch. Defined in main.c. */
extern int64_t host_started;
