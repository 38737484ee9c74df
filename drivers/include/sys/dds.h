/*
 * The device dependent structures: what a configure method tells a driver, one structure a driver,
 * rebuilt from the database at every configuration. Manual: "Understanding the Device Dependent
 * Structure".
 *
 * Each begins with a dds_header and has a check that the configure method runs before sysconfig()
 * and the driver runs again on what it received. A check returns true, or false with the reason:
 * the attribute's name, its value and what is wrong ("intr_priority 9: not an interrupt class").
 * Strings are NUL-terminated. A change of any layout is a new version. What a field may hold, and
 * which attribute it comes from, is said once: by its description in drivers/dds/dds.c.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DDS_NAME 16 /* bytes of a logical name with its NUL */
#define DDS_PATH 256 /* bytes of a file's path with its NUL */
#define DDS_DISKS 32 /* disks on one bus */
#define DDS_REASON 160

struct dds_header {
	uint32_t version;
	uint32_t length; /* of the whole structure, bytes */
	char logical_name[DDS_NAME];
};

/* Whose attribute a field comes from. */
enum dds_owner { DDS_OWN, DDS_PARENTS };

/* A field, described for its check, the check's text, and the method that fills it in. */
struct dds_field {
	const char *name; /* in reasons */
	size_t offset; /* bytes, of a uint32_t or a text */
	size_t text; /* bytes of a text that is not empty, 0: a number */
	uint32_t low, high; /* of a number, what is allowed */
	size_t limit; /* offset of a number that it may not exceed either, 0 for none */
	const char *unit; /* of the bounds in a reason, NULL for none */
	const char *mistake; /* what another value is; NULL: "outside LOW-HIGH UNIT" */
	const char *attribute; /* where a method has it from, NULL: from elsewhere */
	enum dds_owner owner; /* of the attribute */
	bool yes; /* the attribute is yes or no, for 1 or 0 */
};

/* A structure's length in bytes, version and described fields. */
struct dds_layout {
	size_t length;
	uint32_t version;
	size_t field_count;
	const struct dds_field *fields;
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
	uint32_t intr_priority; /* interrupt class */
	uint32_t bus_intr_lvl; /* interrupt level */
	uint32_t scsi_id; /* the adapter's own */
	uint32_t num_cmd_elems; /* commands in progress */
	uint32_t max_transfer; /* bytes of one command */
	uint32_t target_mode; /* 0 or 1 */
};

/* tmscsi: a target-mode device, both its special files. */
#define TMSCSI_DDS_VERSION 1
#define TMSCSI_MIN_BUFS 16
#define TMSCSI_MAX_BUFS 4096
#define TMSCSI_MAX_BUF_SIZE 4096 /* bytes */
struct tmscsi_dds {
	struct dds_header header;
	char adapter_name[DDS_NAME];
	uint64_t adap_devno;
	uint32_t intr_priority; /* the parent adapter's, so that the driver masks its events */
	uint32_t scsi_id; /* of the attached device */
	uint32_t lun; /* 0 */
	uint32_t num_bufs; /* receive buffers */
	uint32_t buf_size; /* bytes of one */
	uint32_t low_water; /* free buffers at which reception resumes, 0: a quarter of num_bufs */
	uint32_t max_transfer; /* the adapter's, bytes */
};

/* scdisk: a SCSI disk, by one way or several through its adapter. */
#define SCDISK_DDS_VERSION 2
#define SCDISK_PATHS 8
struct scdisk_path {
	uint32_t scsi_id;
	uint32_t lun;
};
struct scdisk_dds {
	struct dds_header header;
	char adapter_name[DDS_NAME];
	uint64_t adap_devno;
	uint32_t intr_priority; /* the parent adapter's */
	uint32_t scsi_id;
	uint32_t lun;
	uint32_t rw_timeout; /* seconds */
	uint32_t max_transfer; /* the adapter's, bytes */
	uint32_t queue_depth; /* requests to the disk at once */
	uint32_t path_count; /* others than the one above */
	struct scdisk_path paths[SCDISK_PATHS];
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

extern const struct dds_layout vbus_layout, vscsi_layout, tmscsi_layout, scdisk_layout,
	sdidisk_layout;

bool vbus_dds_check(const void *dds, size_t length, char reason[DDS_REASON]);
bool vscsi_dds_check(const void *dds, size_t length, char reason[DDS_REASON]);
bool tmscsi_dds_check(const void *dds, size_t length, char reason[DDS_REASON]);
bool scdisk_dds_check(const void *dds, size_t length, char reason[DDS_REASON]);
bool sdidisk_dds_check(const void *dds, size_t length, char reason[DDS_REASON]);

#ifdef __cplusplus
}
#endif
