/*
 * Who uses a block device: what is mounted of it, swap space, and what is made of it, as volumes,
 * arrays and multipath maps. Nothing is opened but files of the kernel.
 */
#pragma once

#include "base/text.h"
#include "sysfs/tree.h"

struct holders {
	struct text uses; /* "/dev/vda1 is mounted on /; /dev/vda2 is swap space", no full stop */
	bool root; /* the root file system is on it */
};
void holders_release(struct holders *holders);

/*
 * Who uses the device of that directory or its partitions, and what is made of them. What is
 * mounted is what proc beside the tree's root says, as it does beside /sys and in recorded trees:
 * of this process's mount namespace. What is foreign in the text is not escaped. 0, or -1 and
 * errno, when it can't be known.
 */
int holders_find(
	const struct sysfs_tree *tree, const char *directory, struct holders *holders) MUST_CHECK;
