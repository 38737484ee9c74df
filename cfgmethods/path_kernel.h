/* Paths of disks that the kernel of this machine drives: what the kernel calls each, and its state.
 */
#pragma once

#include "path.h"
#include "sysfs/tree.h"

struct path_kernel {
	const struct sysfs_tree *tree; /* the machine's */
	char device[16];
	char os_name[64]; /* of the disk by this path: sdb */
	char directory[SYSFS_PATH]; /* canonical, "" when another disk or none has the name now */
	bool used; /* what the device's values and users are at: the map has it, or it is alone */
	bool mapped; /* a multipath map has it */
};

/* Stores what the kernel calls a device by a path, unless it is stored. 0 or -1. */
int path_kernel_store(const struct CuPath *path, const char *uniquetype, const char *os_name);

/* The kernel's path: 1, 0 for one that the kernel does not drive, -1 when the database fails. */
int path_kernel_find(const struct CuPath *path, struct path_kernel *kernel);

/* As path_state has it, of an Available one: "Enabled", "Disabled", "Failed" or "Unmapped". */
const char *path_kernel_state(const struct path_kernel *kernel, bool switched_off);

/*
 * Has the path not used any more, or used again: by multipathd when that has it, or by the state of
 * its SCSI device; what was written is read back. E_OK, or a code with the reason.
 */
int path_kernel_switch(const struct path_kernel *kernel, bool on, struct method_output *output);
