/* The SCSI disk device driver as an application sees it. Manual: scdisk SCSI Device Driver. */
#pragma once

#include <stdint.h>
#include <sys/ioctl.h>

struct scdisk_info {
	uint64_t blocks;
	uint32_t block_size; /* bytes */
	uint32_t max_transfer; /* bytes of one request to the adapter */
};

/* Blocks that nobody needs any more. */
struct scdisk_extent {
	uint64_t block, blocks;
};

/*
 * Any command to the disk, for who is root or the owner of the private root; it is sent once. The
 * ioctl succeeds when the disk has answered: scsi_status and sense_data are what it says.
 */
#define SCDISK_COMMAND_DATA 8192
struct scdisk_command {
	uint8_t cdb[16];
	uint8_t cdb_length; /* bytes of cdb */
	uint8_t reads; /* data comes from the disk, or 0: goes to it */
	uint8_t scsi_status; /* out */
	uint8_t sense_length, sense_data[18]; /* out */
	uint32_t timeout; /* seconds */
	uint32_t data_length; /* bytes */
	uint32_t residual; /* out: bytes not moved */
	uint8_t data[SCDISK_COMMAND_DATA];
};

/*
 * hdiskN has one opener at a time. Reads and writes are of whole blocks and follow one another from
 * block 0; DKIOSEEK moves to another block. DKIOFLUSH: what was written is on the medium, as it is
 * after a close. DKIOUNMAP gives blocks back: EOPNOTSUPP where the disk can't.
 */
#define DKIOINFO _IOR('D', 1, struct scdisk_info)
#define DKIOSEEK _IOW('D', 2, uint64_t)
#define DKIOFLUSH _IO('D', 3)
#define DKIOUNMAP _IOW('D', 4, struct scdisk_extent)
#define DKIOLCMD _IOWR('D', 5, struct scdisk_command)
