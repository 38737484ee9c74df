/* Where values are imported from, one file of source each; what can't be taken is told and left. */
#pragma once

#include "inventory.h"
#include "wishes.h"

/* What odmcfg export wrote. False with a message: a file that can't be read at all. */
bool import_values(const char *path, struct wishes *wishes);

/*
 * What the kernel has now: of the attributes that are named, joined by blanks; without names what
 * differs from what is stored, or from what the kernel had before odmcfg changed it first. False
 * with a message.
 */
bool import_now(const struct inventory *inventory, const char *attributes, struct wishes *wishes);

/* The [disk], [net], [cpu] and [sysfs] sections of a tuned profile. False with a message. */
bool import_tuned(const char *path, const struct inventory *inventory, struct wishes *wishes);

/* ATTR{...}="..." of udev rules, for the devices that their rules match. False with a message. */
bool import_udev(const char *path, const struct inventory *inventory, struct wishes *wishes);

/*
 * The device's attribute that is kept in a file beneath its directory is to have a value: 1, 0 when
 * the device has no such, -1 with a message.
 */
int import_set(struct wishes *wishes, const struct inventory_device *device, const char *path,
	const char *value);

/* Reads a file of text whole; "-" is standard input. False with a message. */
bool import_read_text(const char *path, struct text *text);
