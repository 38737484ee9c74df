/*
 * kexd's clients: one connection, one thread, until the connection is handed to a worker. For
 * main.c.
 */
#pragma once

#include <stdint.h>

/* Sets how many clients there may be, by what descriptors there are. Before the first. */
void clients_prepare(void);

/* Begins to serve a connected socket, which it takes over; or refuses it when there are too many.
 */
void client_start(int socket);

/* No client is served any more; waits for the calls in progress, so long. Main thread only. */
void clients_end(unsigned seconds);

/* When the host started, seconds since the epoch. Defined in main.c. */
extern int64_t host_started;
