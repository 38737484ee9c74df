/*
 * The iSCSI adapter as its Configure method and administrators' commands see it: the logical units
 * that its targets have, found by a scan. Ioctls of the adapter's special file.
 */
#pragma once

#include <stdint.h>
#include <sys/ioctl.h>

#define ISCSI_NAME 224 /* bytes of an iSCSI name with its NUL */
#define ISCSI_PORTAL 128 /* bytes of ADDRESS:PORT with its NUL */
#define ISCSI_ID 256 /* bytes of an identity with its NUL */
#define ISCSI_SERIAL 64
#define ISCSI_NUMBERS 256 /* of targets: 0 to 255 */

/* One logical unit by one way to it. Texts are without blanks at their ends. */
struct iscsi_lun {
	uint32_t number; /* of the target at its portal: the SCSI ID of sessions */
	uint32_t lun;
	uint8_t type; /* peripheral device type: 0 disk, 1 tape, 3 processor */
	char target[ISCSI_NAME];
	char portal[ISCSI_PORTAL];
	char unique_id[ISCSI_ID]; /* naa., eui., t10. or serial.; "" when it says nothing */
	char vendor[9], product[17], revision[5];
	char serial[ISCSI_SERIAL];
	uint64_t blocks; /* of a disk, 0: unknown */
	uint32_t block_size; /* bytes */
};

/* What a scan found; the reason is that of the first portal or target that did not answer. */
struct iscsi_scan {
	uint32_t luns;
	uint32_t failed; /* portals and targets that did not answer */
	char reason[160];
};

struct iscsi_found {
	uint32_t index; /* in: 0 to luns - 1 */
	struct iscsi_lun lun; /* out */
};

/* Looks for targets and their units anew; then what it found, one by one: EINVAL behind the last.
 */
#define ISCSISCAN _IOR('i', 1, struct iscsi_scan)
#define ISCSIFOUND _IOWR('i', 2, struct iscsi_found)
