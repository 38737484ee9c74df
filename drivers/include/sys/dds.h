/*
 * The device dependent structures: what a configure method tells a driver, one structure a driver,
 * rebuilt from the database at every configuration. Manual: "Understanding the Device Dependent
 * Structure".
 *
 * Each begins with a dds_header and has a check that the configure method runs before sysconfig()
 * and the driver runs again on what it received. A check returns true, or false with the reason:
 * the attribute's name, its value and what is wrong ("intr_priority 9: not an interrupt class").
 * Strings are NUL-terminated. A change of any layout is a new version.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DDS_NAME 16 /* bytes of a logical name with its NUL */
#define DDS_PATH 256 /* bytes of a file's path with its NUL */
#define DDS_DISKS 32 /* disks on one bus */
#define DDS_REASON 160

struct dds_header {
	uint32_t version;
	uint32_t length; /* of the whole structure, bytes */
	char logical_name[DDS_NAME];
};

/* vbus: the simulated SCSI bus and the disks on it. */
#define VBUS_DDS_VERSION 1
struct vbus_disk {
	uint32_t scsi_id;
	uint32_t lun;
	uint64_t size; /* bytes, a multiple of 512 */
	char file[DDS_PATH];
	char serial[DDS_NAME];
};
struct vbus_dds {
	struct dds_header header;
	char memory[DDS_PATH]; /* the file that is the bus's shared memory */
	uint32_t disk_count;
	struct vbus_disk disks[DDS_DISKS];
};

/* vscsi: the virtual SCSI adapter. */
#define VSCSI_DDS_VERSION 2
struct vscsi_dds {
	struct dds_header header;
	char bus_memory[DDS_PATH];
	uint32_t intr_priority; /* interrupt class 0-3 */
	uint32_t bus_intr_lvl; /* interrupt level, 0-255 */
	uint32_t scsi_id; /* the adapter's own, 0-7 */
	uint32_t num_cmd_elems; /* commands in progress, 1-128 */
	uint32_t max_transfer; /* bytes of one command, 4096-16777216 */
	uint32_t target_mode; /* 0 or 1: attribute tm */
};

/* tmscsi: a target-mode device, both its special files. */
#define TMSCSI_DDS_VERSION 1
#define TMSCSI_MIN_BUFS 16
#define TMSCSI_MAX_BUFS 4096
#define TMSCSI_MAX_BUF_SIZE 4096
struct tmscsi_dds {
	struct dds_header header;
	char adapter_name[DDS_NAME];
	uint64_t adap_devno;
	uint32_t intr_priority; /* the parent adapter's, so that the driver masks its events */
	uint32_t scsi_id; /* of the attached device */
	uint32_t lun; /* 0 */
	uint32_t num_bufs; /* TMSCSI_MIN_BUFS-TMSCSI_MAX_BUFS */
	uint32_t buf_size; /* bytes, 128-TMSCSI_MAX_BUF_SIZE */
	uint32_t low_water; /* free buffers at which reception resumes, 0: a quarter of num_bufs */
	uint32_t max_transfer; /* the adapter's, bytes */
};

/* scdisk: a SCSI disk. */
#define SCDISK_DDS_VERSION 1
struct scdisk_dds {
	struct dds_header header;
	char adapter_name[DDS_NAME];
	uint64_t adap_devno;
	uint32_t intr_priority; /* the parent adapter's */
	uint32_t scsi_id;
	uint32_t lun;
	uint32_t rw_timeout; /* seconds, 1-600 */
	uint32_t max_transfer; /* the adapter's, bytes */
};

/* sdidisk: a disk claimed from SDI's EDT. */
#define SDIDISK_DDS_VERSION 1
struct sdidisk_dds {
	struct dds_header header;
	char adapter_name[DDS_NAME];
	uint64_t adap_devno;
	uint32_t intr_priority; /* the parent adapter's */
	uint32_t scsi_id;
	uint32_t lun;
};

bool vbus_dds_check(const void *dds, size_t length, char reason[DDS_REASON]);
bool vscsi_dds_check(const void *dds, size_t length, char reason[DDS_REASON]);
bool tmscsi_dds_check(const void *dds, size_t length, char reason[DDS_REASON]);
bool scdisk_dds_check(const void *dds, size_t length, char reason[DDS_REASON]);
bool sdidisk_dds_check(const void *dds, size_t length, char reason[DDS_REASON]);
