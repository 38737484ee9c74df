/* The SCSI disk device driver as an application sees it. Manual: scdisk SCSI Device Driver. */
#pragma once

#include <stdint.h>
#include <sys/ioctl.h>

struct scdisk_info {
	uint64_t blocks;
	uint32_t block_size; /* bytes */
	uint32_t max_transfer; /* bytes of one request to the adapter */
};

/*
 * hdiskN has one opener at a time. Reads and writes are of whole blocks and follow one another from
 * block 0; DKIOSEEK moves to another block.
 */
#define DKIOINFO _IOR('D', 1, struct scdisk_info)
#define DKIOSEEK _IOW('D', 2, uint64_t)
