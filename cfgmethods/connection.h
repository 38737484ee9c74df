/* Where a device is connected: its parent, and the connection there that its location code tells.
 */
#pragma once

#include "device.h"

/*
 * Whether devices of the type can be there: the parent exists and has the connection. Both NULL:
 * connected nowhere. E_OK, or a code with the reason.
 */
int connection_check(const struct PdDv *type, const char *parent, const char *connection,
	struct method_output *output);

/* Enters it in a device, with a location code made of the parent's: false when too long. */
bool connection_enter(struct CuDv *device, const char *parent, const char *connection);

/* Stores where a device is from now on, in a transaction of the caller's. */
int connection_store(
	const char *name, const char *parent, const char *connection, struct method_output *output);
