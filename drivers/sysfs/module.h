/*
 * The module that drives an adapter, and its parameters as if they were the adapter's: in a
 * directory that only we see below that of a PCI function, or of a network interface,
 *
 *     bus/pci/devices/ADDRESS/parameters/NAME
 *     class/net/INTERFACE/parameters/NAME
 *
 * They hold for all that the module drives.
 */
#pragma once

#include "sysfs/tree.h"

#define MODULE_NAME 64

/*
 * The module of the driver of the device whose directory that is; of what is behind a virtio
 * function the one of that. One that is built in has the driver's name. False when there is none.
 */
bool module_of(const struct sysfs_tree *tree, const char *directory, char name[MODULE_NAME]);

/* Whether a path is a parameter as if it were an adapter's. */
bool parameter_is(const char *path);

/* Where it really is: "module/NAME/parameters/...". 0, or -1 and errno. */
int parameter_resolve(
	const struct sysfs_tree *tree, const char *path, char file[SYSFS_PATH]) MUST_CHECK;
