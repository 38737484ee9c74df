/*
 * How the machine's own attributes are reached: sysfs, and ethtool where sysfs has nothing; and
 * what has no file of its own: sysfs/several.h, sysfs/backstore.h and sysfs/module.h say what.
 */
#pragma once

#include "sysfs/tree.h"

/*
 * The access for a tree with that root. Of the kernel's own, interfaces have a directory ethtool
 * with what drivers/ethtool reads and writes; of other trees that is a directory as any.
 */
const struct sysfs_access *host_access(const char *root);

/*
 * Whether a path beneath a tree's root is one that only this access has, and no file that another
 * program could write.
 */
bool host_access_is_ours(const char *path);
