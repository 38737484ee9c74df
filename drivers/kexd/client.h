/* kexd's clients: one connection, one thread, until the connection is handed to a worker. */
#pragma once

#include <stdint.h>

/* Begins to serve a connected socket, which it takes over. */
void client_start(int socket);

/* No client is served any more; waits for the calls in progress. Main thread only. */
void clients_end(void);

/* Set by WIRE_STOP: the host ends once the reply is sent. Defined in main.c. */
void request_stop(void);

/* When the host started, seconds since the epoch. Defined in main.c. */
extern int64_t host_started;
