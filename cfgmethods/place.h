/* Where a device is connected: its parent, and the connection there. */
#pragma once

#include "device.h"

/*
 * Whether devices of the type can be at the place: the parent exists and has the connection. Both
 * NULL: no place. E_OK, or a code with the reason.
 */
int place_check(const struct PdDv *type, const char *parent, const char *connection,
	struct method_output *output);

/* Defines a device of the type as the flags say; its name goes to output->names. E_OK, or a code.
 */
int define_device(
	const struct PdDv *type, const struct method_flags *flags, struct method_output *output);

/* Enters a place in a device, with a location code made of the parent's: false when too long. */
bool place_enter(struct CuDv *device, const char *parent, const char *connection);

/* Stores a device's new place, in a transaction of the caller's. */
int place_store(
	const char *name, const char *parent, const char *connection, struct method_output *output);
