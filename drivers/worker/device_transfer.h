/*
 * Reads and writes of an open device, through the connection's window. For connection.c and
 * device_call.c.
 */
#pragma once

#include "worker/connection.h"

/* Carry a request out and set the reply's value; return an errno. */
int transfer_read(struct connection *connection, const struct wire_request *request,
	struct wire_reply *reply);
int transfer_write(struct connection *connection, const struct wire_request *request,
	struct wire_reply *reply);

/*
 * Begins a write, if the request is for one that may be begun and the driver can: false when it is
 * to be carried out as any other, after those begun before. At most D_WRITES are begun at once.
 */
bool transfer_begin_write(struct connection *connection, const struct wire_request *request);

/* Waits for the oldest write that was begun, and fills in its reply. */
void transfer_end_write(struct connection *connection, struct wire_reply *reply);
