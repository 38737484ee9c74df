/*
 * The target-mode device driver as an application sees it. Manual: tmscsi SCSI Device Driver,
 * IOCINFO, TMIOEVNT. The mapped receive queue at the end is ours.
 *
 * tmscsiN.im (minor bit 0 clear) sends: each write is one SEND, a record. tmscsiN.tm (bit 0 set)
 * receives. Each has one opener at a time.
 */
#pragma once

#include <stdint.h>
#include <sys/atomic_word.h>
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
/* tmscsiN.im only, from here to TMCHGIMPARM. How the last write or command ended. */
struct tm_get_stat {
	uint8_t status_validity; /* SC_SCSI_ERROR or SC_ADAPTER_ERROR of <sys/scsi_buf.h>, or 0 */
	uint8_t scsi_status;
	uint8_t general_card_status; /* the adapter's */
	uint8_t reserved;
};
#define TMIOSTAT _IOR('T', 4, struct tm_get_stat)

/* Sense data after a write's ENXIO; the next command, or a second call, finds none. */
struct tm_get_sens {
	uint8_t length; /* in: bytes wanted, out: bytes there */
	uint8_t data[255];
};
#define TMGETSENS _IOWR('T', 5, struct tm_get_sens)

/* Any SCSI command, for root and the owner of the private root; no retry. */
struct tm_iocmd {
	uint32_t flags; /* B_READ of <sys/buf.h> for data that comes in */
	uint32_t timeout_value; /* seconds, 0 none */
	uint32_t data_length; /* bytes of data, in or out */
	uint32_t resid; /* out: bytes not moved */
	uint8_t command_length;
	uint8_t scsi_cdb[16]; /* the driver puts the LUN in */
	uint8_t status_validity, scsi_bus_status, adapter_status; /* out */
	uint8_t data[4096];
};
#define TMIOCMD _IOWR('T', 6, struct tm_iocmd)

/* Bus Device Reset, for root and the owner of the private root. */
#define TMIORESET _IO('T', 7)

/*
 * Changes of how writes are tried, until the close. A target that answers BUSY is tried again
 * after new_delay seconds, 0-255, where 0 is a tenth of one (2 at the open), for six seconds, but
 * at least twice.
 * new_timeout: with TM_FIXED_TIMEOUT seconds, with TM_SCALED_TIMEOUT seconds for each 64 KiB begun
 * (10 at the open); 0 none. Time in which the target holds the data off does not count.
 */
struct tm_chg_im_parm {
	uint32_t chg_option; /* TM_CHG_ flags, any of them */
	uint32_t new_delay;
	uint32_t timeout_type; /* TM_FIXED_TIMEOUT or TM_SCALED_TIMEOUT */
	uint32_t new_timeout;
};
#define TM_CHG_RETRY_DELAY 1
#define TM_CHG_SEND_TIMEOUT 2
/*
 * Ours: all writes are for one receiver. When one that took some closes its device, what follows
 * fails with EBUSY at once, and goes to no other.
 */
#define TM_CHG_ONE_RECEIVER 4
#define TM_FIXED_TIMEOUT 1
#define TM_SCALED_TIMEOUT 2
#define TM_DEFAULT_DELAY 2
#define TM_DEFAULT_TIMEOUT 10
#define TM_MOST_TIMEOUT 86400
#define TMCHGIMPARM _IOW('T', 8, struct tm_chg_im_parm)

/* Ours: enough buffers are free again in the mapped queue; the initiator may be waiting for it. */
#define TMIORECLAIM _IO('T', 3)

/*
 * Regions of an open tmscsiN.tm: 0 the queue, 1 the buffers, each buf_size bytes.
 *
 * The driver appends, the reader removes; both indexes only grow, entry i is at i % ring. The
 * reader empties a buffer and then stores `emptied`; when held_off is set and at least low_water
 * buffers are free, it also issues TMIORECLAIM. `news`, a futex, changes with an event, a record's
 * end, the end of a sender's session, and with each buffer while a quarter of them is filled; a
 * reader that sleeps on it sets `reader_waits` before. Everything the reader writes is checked by
 * the driver before use: a reader that breaks the rules harms only its own session (EIO).
 */
struct tm_queue_entry {
	uint32_t buffer;
	uint32_t length;
	uint32_t flags; /* TM_MORE_DATA, TM_ERROR of <sys/scsi_buf.h> */
	uint32_t session; /* the sender's, from its open to its close: a number that only grows */
};

struct tm_queue {
	uint32_t ring; /* entries, and buffers of the region: as many as num_bufs can ever be */
	uint32_t buf_size;
	KEX_ATOMIC(uint32_t) num_bufs; /* these two change while the device is tuned */
	KEX_ATOMIC(uint32_t) low_water;

	/* Written by the driver. */
	KEX_ALIGNED(64) KEX_ATOMIC(uint64_t) filled;
	KEX_ATOMIC(uint32_t) held_off; /* fewer than low_water are free: say when they are */
	KEX_ATOMIC(uint32_t) event_pending; /* a TMIOEVNT would return something */
	KEX_ATOMIC(uint32_t) news; /* counts what a waiting reader is woken for */
	/* Senders' sessions, 0 for none: the newest that ended, after its last entry is appended;
	 * and that was broken, given up in a write or ended by the death of the sender's adapter.
	 */
	KEX_ATOMIC(uint32_t) ended, broken;

	/* Written by the reader. */
	KEX_ALIGNED(64) KEX_ATOMIC(uint64_t) emptied;
	KEX_ATOMIC(uint32_t) reader_waits;

	KEX_ALIGNED(64) struct tm_queue_entry entries[];
};
