/* What is stored of a device and is the user's to set. For exporting it. */
#pragma once

#include "cfgmethods/kernel.h"

struct stored_device {
	struct CuDv cudv;
	/* What it is known by, an interface by its adapter's; "" for none. */
	char unique_id[256];
	struct attribute_changes values; /* of what the kernel keeps in the order of writing */
	bool kernels; /* the kernel drives it */
	bool there; /* and has it now: `kernel` */
	struct kernel_device kernel;
};
void stored_device_release(struct stored_device *device);

/* Reads it. False with a message. */
bool stored_device_read(const char *name, struct stored_device *device);

/*
 * Reads those of the names that have values, in their order; *count of them, to be freed with
 * stored_devices_free. NULL with a message.
 */
struct names;
struct stored_device *stored_devices_read(const struct names *names, int *count);
void stored_devices_free(struct stored_device *devices, int count);

/* What a device is known by: its own unique_id, or its parent's when it has the parent's name in
 * the operating system. "" for none. */
void device_identity(const struct CuDv *cudv, char *room, size_t size);
