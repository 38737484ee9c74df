/* What the commands that talk to the extension host share. */
#pragma once

#include <kex.h>

#include "base/cleanup.h"

/*
 * Opens a special file of a device: "tmscsi0", ".im". `kind` is what the device has to be, as a
 * message says it: "target-mode device". NULL with a message.
 */
struct kex_file *host_file_open(
	const char *device, const char *suffix, const char *kind, int oflag);
void host_file_close(struct kex_file **file);

/* Says why the host has no device of this kind and name, which may be a pattern. */
void host_device_missing(const char *name, const char *kind);

/* Says why a call of an open device failed, by errno: it may be a device of another kind. */
void host_call_failed(const char *device, const char *kind);

/* The last failure of libkex in words. */
const char *host_reason(void);
