/*
 * The target-mode device driver as an application sees it. Manual: tmscsi SCSI Device Driver,
 * IOCINFO, TMIOEVNT. The mapped receive queue at the end is ours.
 *
 * tmscsiN.im (minor bit 0 clear) sends: each write is one SEND, a record. tmscsiN.tm (bit 0 set)
 * receives. Each has one opener at a time.
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>
#include <sys/ioctl.h>

#define TM_FATAL_HDW_ERR 0x01
#define TM_ADAP_CMD_FAILED 0x02
#define TM_SCSI_BUS_RESET 0x04
#define TM_BUFS_EXHAUSTED 0x08

struct tm_event_info {
	uint32_t events; /* TM_ flags since the last TMIOEVNT, which cleared them */
};

/* Devices' kinds for IOCINFO. */
#define DD_TMSCSI 'T'
#define DS_TM 'm'

struct tm_devinfo {
	uint8_t devtype; /* DD_TMSCSI */
	uint8_t devsubtype; /* DS_TM */
	uint16_t scsi_id; /* of the attached device */
	uint32_t lun_id;
	uint32_t buf_size; /* bytes; target only, else 0 */
	uint32_t num_bufs; /* target only, else 0 */
	uint32_t max_transfer; /* bytes of the largest write; initiator only, else 0 */
};

#define IOCINFO _IOR('T', 1, struct tm_devinfo)
#define TMIOEVNT _IOR('T', 2, struct tm_event_info)
/* Ours: enough buffers are free again in the mapped queue; the initiator may be waiting for it. */
#define TMIORECLAIM _IO('T', 3)

/*
 * Regions of an open tmscsiN.tm: 0 the queue, 1 the buffers, each buf_size bytes.
 *
 * The driver appends, the reader removes; both indexes only grow, entry i is at i % ring. The
 * reader empties a buffer and then stores `emptied`; when held_off is set and at least low_water
 * buffers are free, it also issues TMIORECLAIM. Everything the reader writes is checked by the
 * driver before use: a reader that breaks the rules harms only its own session (EIO).
 */
struct tm_queue_entry {
	uint32_t buffer;
	uint32_t length;
	uint32_t flags; /* TM_MORE_DATA, TM_ERROR of <sys/scsi_buf.h> */
	uint32_t reserved;
};

struct tm_queue {
	uint32_t ring; /* entries, and buffers of the region: as many as num_bufs can ever be */
	uint32_t buf_size;
	_Atomic uint32_t num_bufs; /* these two change while the device is tuned */
	_Atomic uint32_t low_water;

	/* Written by the driver. */
	_Alignas(64) _Atomic uint64_t filled;
	_Atomic uint32_t held_off; /* fewer than low_water are free: say when they are */
	_Atomic uint32_t event_pending; /* a TMIOEVNT would return something */

	/* Written by the reader. */
	_Alignas(64) _Atomic uint64_t emptied;

	_Alignas(64) struct tm_queue_entry entries[];
};
