/*
 * The devices that the kernel drives and has now, by what the kernel calls them. For importing what
 * names devices as the kernel does.
 */
#pragma once

#include "cfgmethods/kernel.h"
#include "cli/shared/where.h"

struct inventory_device {
	struct kernel_device kernel;
	char unique_id[256];
	char subsystem[32]; /* as udev knows it, "" for none */
	char canonical[SYSFS_PATH]; /* its directory with links followed, "" when that fails */
};

struct inventory {
	struct inventory_device *list;
	int count;
};
void inventory_release(struct inventory *inventory);

/* Those of the pattern (NULL for all) with the values. False with a message, also when the pattern
 * names none. */
bool inventory_read(struct inventory *inventory, const char *pattern, const struct where *where);

/* The subsystem that udev knows the devices of a type's directory by; "" for none. */
void subsystem_of(const char *directory, char subsystem[32]);

/*
 * Where an attribute with that path is beneath the tree's root, when it is a parameter of a module:
 * "/module/NAME/parameters/...". False for any other.
 */
bool inventory_module_path(
	const struct inventory_device *device, const char *path, char room[SYSFS_PATH]);

/*
 * The attribute that is kept in a file beneath the device's directory, or with a slash first
 * beneath the tree's root; NULL for none.
 */
const char *inventory_attribute(const struct inventory_device *device, const char *path);
