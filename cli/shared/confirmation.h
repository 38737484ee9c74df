/* Changes that go back by themselves unless they are confirmed: records in the run directory. For
 * chdev and confirm. */
#pragma once

#include <stdbool.h>

#include "base/text.h"

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

/* Removes it. False with a message. */
bool confirmation_remove(const char *device);

/* Seconds since the machine started. */
long long confirmation_now(void);
