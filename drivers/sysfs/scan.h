/*
 * The devices of this machine as the kernel shows them, parents before children: for the Configure
 * methods that detect them. Nothing is sent to a device and no device node is opened.
 */
#pragma once

#include "base/text.h"
#include "sysfs/tree.h"

#define SCAN_SYSTEM (-1) /* the parent of what hangs on no other device */

struct scan_value {
	char name[16];
	char *value;
};

struct scan_values {
	struct scan_value *values;
	size_t count;
};

struct scan_device {
	char type[48]; /* class/subclass/type, as schemas/linux has it */
	char where[32]; /* its connection at the parent */
	char location[32]; /* location code, "" for none */
	char os_name[64]; /* what the kernel calls it: sda, eth0, 0000:00:04.0 */
	char path_name[64]; /* of a block device: this way to it; os_name is the same by all ways */
	char directory[SYSFS_PATH]; /* canonical, beneath the tree's root */
	int parent; /* index, or SCAN_SYSTEM */
	struct scan_values attributes; /* what the device says of itself */
	struct scan_values vpd; /* keywords of two characters */
};

struct pci_names {
	char *text; /* mapped; NULL for none */
	size_t length;
};

struct scan {
	const struct sysfs_tree *tree;
	struct pci_names pci_names;
	int last_parent; /* found by the scan before: neighbours have the same */
	struct scan_device *devices; /* a parent's index is lower than its children's */
	int count;
	struct scan_values system; /* attributes of the machine itself */
	struct scan_values system_vpd;
};
void scan_release(struct scan *scan);

/*
 * Finds all devices. What vanishes meanwhile is left out. 0, or -1 and errno (ENOMEM, or what
 * reading the tree's root says).
 */
int scan_machine(const struct sysfs_tree *tree, struct scan *scan) MUST_CHECK;

/* The value of a name, NULL for none. */
const char *scan_value(const struct scan_values *values, const char *name);

/* In a unique_id, between what several devices claim and the place of one of them. */
#define SCAN_DUPLICATE "@path."

/* The beginning of a unique_id of a device that does not say what it is: it is known by its place.
 */
#define SCAN_PATH "path."

/* The longest unique_id without what tells duplicates apart, with its NUL; the rest is cut off. */
#define SCAN_IDENTITY 160

/*
 * The connection at its adapter of the SCSI device whose canonical directory that is, as
 * scan_device.where without the # of one that has others at its place. 0, or -1 when it is none.
 */
int scan_connection(
	const struct sysfs_tree *tree, const char *directory, char where[32]) MUST_CHECK;

/*
 * What identifies the device whose directory that is, in a form that is the same wherever it
 * reappears: "naa.5000...", "eui...", "serial.MODEL.SERIAL", "mac.52:54:...", "wwn.0x2100...",
 * "path....". For block devices, tapes, network interfaces, FC ports and LIO's
 * backstores, by their canonical directory. It has printable characters only. 0, or -1 and errno.
 */
int scan_identity(
	const struct sysfs_tree *tree, const char *directory, char *room, size_t size) MUST_CHECK;
