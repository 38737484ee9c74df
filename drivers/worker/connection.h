/* A process that opened a device: one connection, one thread, one device. For the worker. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/malloc.h>
#include <sys/types.h>
#include <sys/xmem.h>

#include "services/thread.h"
#include "wire/wire.h"

struct connection {
	uint64_t id;
	struct wire_end wire;
	pid_t pid; /* the client's */
	uid_t uid;
	struct kern_thread thread;
	struct wire_request_head first; /* WIRE_OPEN */

	bool open; /* the device, by `first` */
	bool failed; /* the last request */
	unsigned begun; /* writes, which are to be answered in their order */
	uintptr_t driver; /* an entry point of its driver, for owner_running */
	dev_t devno;
	int flags; /* DREAD, DWRITE, DNDELAY */
	int notify_fd; /* host to client: selnotify */
	int interrupt_fd; /* client to host: a signal came */
	struct shared_segment mailboxes; /* shared with the client from its open on */
	struct shared_segment window; /* shared with the client once it has needed it */
	struct xmem window_xmem;

	struct connection *next; /* all connections; under connections_mutex */
};

/* Begins to serve a connected socket, which it takes over; `first` is its WIRE_OPEN. */
void connection_start(int socket, const struct wire_request *first);

/* A device interrupt or hang-up of the connection with this id, seen by the main thread. */
void connection_interrupted(uint64_t id);
void connection_hung_up(uint64_t id);

/* Notes that the connection opened a device: selnotify finds it from now on. */
void connection_opened(
	struct connection *connection, dev_t devno, int flags, int notify_fd, int interrupt_fd);

/* Notes that it does not have it any more: selnotify does not find it. */
void connection_closed(struct connection *connection);

/* How many devices processes have open. */
unsigned connections_open(void);

/* Hangs every connection up and waits until their threads have ended. Main thread only. */
void connections_end(void);

/*
 * The main thread's epoll set: events of connection `id` arrive as connection_hung_up and
 * connection_interrupted. Defined in main.c.
 */
void watch_socket(uint64_t id, int socket);
void watch_interrupt(uint64_t id, int fd);

/* Carries out one request on the device; fills in the reply and the descriptors with it. */
void device_call(struct connection *connection, const struct wire_request *request,
	struct wire_reply *reply, int reply_fds[WIRE_FDS], int *reply_fd_count);

/* Closes the connection's device, if it is open. */
void call_close(struct connection *connection);
