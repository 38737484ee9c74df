/* Between the files that find devices: one a kind. */
#pragma once

#include "sysfs/scan.h"

/* A device more, of the format's type, below a parent: NULL with errno. */
struct scan_device *scan_add(
	struct scan *scan, int parent, const char *type, const char *directory);

/* Adds a value unless it is empty; not printable characters become '?'. 0, or -1 and ENOMEM. */
int scan_value_add(struct scan_values *values, const char *name, const char *value);

/* Adds what a file of the device says, when it is there. 0, or -1 and ENOMEM. */
int scan_file_add(const struct scan *scan, struct scan_values *values, const char *name,
	const char *directory, const char *file);

/*
 * The device that the last bus, adapter or protocol on the way to a path is: its index, found or
 * added, SCAN_SYSTEM for a path without one; SCAN_FAILED with errno.
 */
#define SCAN_FAILED (-2)
int scan_parent(struct scan *scan, const char *path);

/* All of one kind: 0, or -1 and errno. */
int scan_pci(struct scan *scan);
int scan_fabric(struct scan *scan);
int scan_block(struct scan *scan);
int scan_tapes(struct scan *scan);
int scan_net(struct scan *scan);
int scan_backstores(struct scan *scan);
int scan_processors(struct scan *scan);
int scan_memory(struct scan *scan);
int scan_system(struct scan *scan);

/* The list of PCI's names, empty where the system has none. */
void pci_names_open(struct pci_names *names);
void pci_names_close(struct pci_names *names);

/* A name: of a vendor when `device` is -1. "" when it is not known. */
void pci_name(const struct pci_names *names, unsigned vendor, int device, char *room, size_t size);

/* Where a SCSI device is: the transport, for its type, and its connection at the adapter. */
struct scsi_address {
	const char *transport; /* "sas", "fcp", "iscsi", "sata", "usb", "virtio", "scsi" */
	char where[32];
};
/* Of the canonical directory that has h:c:t:l in it: 0, or -1 for none. */
int scsi_address(
	const struct sysfs_tree *tree, const char *directory, struct scsi_address *address);

/* What is left of a device that does not say what it is: its place, as
 * "path.pci-0000:00:1f.2-1,0,0". */
void identity_path(const struct sysfs_tree *tree, const char *directory, char *room, size_t size);

/*
 * When all devices are found: those at one place of one parent get places of their own, those of
 * one identity theirs, and the paths to one disk its name. 0, or -1 and ENOMEM.
 */
int scan_tell_apart(struct scan *scan);

/* The text of page 80 or 83 of a SCSI device: "" when it has none. */
void vpd_serial(const struct sysfs_tree *tree, const char *device, char *room, size_t size);
void vpd_designator(const struct sysfs_tree *tree, const char *device, char *room, size_t size);
