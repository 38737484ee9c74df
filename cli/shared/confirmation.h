/* Changes that go back by themselves unless they are confirmed: records in the run directory. For
 * chdev and confirm. */
#pragma once

#include <stdbool.h>

#include "base/text.h"
#include "cfgmethods/device.h"

struct confirmation {
	char device[16];
	long long deadline; /* seconds since the machine started */
	struct text before, asked; /* "a=v b=w" */
};
void confirmation_release(struct confirmation *confirmation);

/* Writes a record, in the place of what there is of the device. False with a message. */
bool confirmation_store(const struct confirmation *confirmation);

/* A device's record: 1, 0 when there is none of since the machine started, -1 with a message. */
int confirmation_read(const char *device, struct confirmation *confirmation);

/*
 * Notes what a device that the kernel drives has of the attributes, and starts a process that puts
 * it back after so many seconds, unless the record is gone by then. False with a message.
 */
bool confirmation_begin(const char *device, const char *assignments, int seconds);

/* Removes it. False with a message. */
bool confirmation_remove(const char *device);

/* Seconds since the machine started. */
long long confirmation_now(void);
