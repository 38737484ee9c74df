/* How the machine's own attributes are reached: sysfs, and ethtool where sysfs has nothing. */
#pragma once

#include "sysfs/tree.h"

/*
 * The access for a tree with that root. Of the kernel's own, interfaces have a directory ethtool
 * with what drivers/ethtool reads and writes; other trees have files only.
 */
const struct sysfs_access *host_access(const char *root);
