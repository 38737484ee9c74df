/* Which block devices the root file system needs. For commands. */
#pragma once

#include <stdbool.h>

#include "cfgmethods/host_devices.h"

/*
 * Visits the names of the block devices that the mount of / leads to: the disk of its partition,
 * what device-mapper and MD make of others, and those. The visitor's other value than 0 ends it and
 * is returned; else 0, also when / is on no block device.
 */
int root_devices_visit(const struct sysfs_tree *tree,
	int (*visit)(const char *block, void *closure), void *closure);

/* Whether a block device is one of them. */
bool root_devices_have(const struct sysfs_tree *tree, const char *block);
