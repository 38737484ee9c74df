/* The values that devices were last configured with: class CuRun, one object a device. */
#pragma once

#include "attribute_changes.h"

/*
 * Notes that the device was configured with what the database has, and `changes` (or NULL) in its
 * place. For within the transaction that makes it Available; not part of the history. 0 or -1.
 */
int running_store(const char *device, const struct attribute_changes *changes);

/* Why that failed: in words, without a full stop. */
const char *running_failure(void);

/* Forgets a device. 0 or -1. */
int running_remove(const char *device);

/* Adds the values to the list: none of a device that was never configured. 0 or -1. */
int running_read(const char *device, struct attribute_changes *running);
