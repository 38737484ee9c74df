/* What proc beside a tree's root says of mounts, swap space, routes and interrupts. */
#pragma once

#include "base/text.h"
#include "sysfs/tree.h"

/*
 * Appends a file of the directory proc beside the tree's root, which is /proc for /sys; "" when
 * there is none, as beside a tree that was made. 0, or -1 and errno.
 */
int proc_read(const struct sysfs_tree *tree, const char *file, struct text *text) MUST_CHECK;

/*
 * Writes to a file of the same directory that is there: 0, or -1 with the errno of what the kernel
 * says.
 */
int proc_write(const struct sysfs_tree *tree, const char *file, const void *value,
	size_t length) MUST_CHECK;

/*
 * Whether an interface carries a route to everywhere, by IPv4 or IPv6, itself or as a part of a
 * bond, a bridge or a VLAN: with the name of that one in `carrier`.
 */
bool proc_default_route(const struct sysfs_tree *tree, const char *interface, char carrier[64]);
