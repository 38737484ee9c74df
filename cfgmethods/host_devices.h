/* This machine's own devices beside those that machine.cfg describes. */
#pragma once

#include "machine.h"
#include "sysfs/tree.h"

/*
 * The tree of the machine's kernel, opened once: NULL with *mistake, to be freed, when machine.cfg
 * does not say that the machine's own devices are managed, or the tree can't be opened. It stays
 * the library's.
 */
const struct sysfs_tree *host_tree(char **mistake);

/*
 * Adds what the kernel shows below the tree's root to the machine's devices. NULL, or what is
 * wrong, malloc'ed.
 */
char *host_devices_add(struct machine *machine);
