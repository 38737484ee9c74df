/* The steps that writing one tunable and writing several of a device share. */
#pragma once

#include "sysfs/tunable.h"

/* Whether an errno says that the device or the attribute is not there. */
bool tunable_is_gone(int error);

/* tunable_read into `now`, which is "" without a value: 0 or errno. */
int tunable_read_now(const struct sysfs_tree *tree, const char *device,
	const struct tunable *tunable, char now[TUNABLE_VALUE]);

/*
 * Sees to it that a tunable of which `current` was read just now has a value; `current` is put back
 * when the kernel does otherwise. Outcome, error, made and now of the change.
 */
enum tunable_outcome tunable_settle(const struct sysfs_tree *tree, const char *device,
	struct tunable_change *change, const char *value, const char *current);

/* Puts an old value back and reads what is there then: 0 when it is that, or errno. */
int tunable_put_back(const struct sysfs_tree *tree, const char *device,
	const struct tunable *tunable, const char *old, char now[TUNABLE_VALUE]);

/* Whether a value may go to the kernel at all: 0 or errno. */
int tunable_check(const char *value);

/* Reads all of a batch for the first time. True when nothing has to be written; outcomes then. */
bool tunables_are_there(const struct sysfs_tree *tree, const char *device,
	struct tunable_change *changes, size_t count);

/* tunables_write after that. */
bool tunables_write_lacking(const struct sysfs_tree *tree, const char *device,
	struct tunable_change *changes, size_t count);
