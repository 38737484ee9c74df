/*
 * The adapter driver's interface to device drivers: sessions, requests, asynchronous events, target
 * mode. Manual: scsi_buf structure, SCIOLSTART, SCIOLSTOP, SCIOLEVENT, SCIOSTARTTGT, SCIOSTOPTGT,
 * "Understanding the tm_buf Structure". Numbers are ours.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/buf.h>
#include <sys/counters.h>
#include <sys/ioctl.h>
#include <sys/types.h>

#define SCSI_IDS 8 /* IDs on a bus, the adapters' among them */
#define SCSI_LUNS 8 /* logical units of a target */

/* mode of a session: the host commands the device, or the device sends to the host. */
#define SCSI_IM_MODE 1
#define SCSI_TM_MODE 2

/* A session's address: argument of SCIOLSTART and SCIOLSTOP. */
struct scsi_sciolst {
	uint64_t scsi_id; /* of the attached target */
	uint64_t lun_id;
};

/*
 * Asynchronous event flags: what scsi_event_info.events carries. They do not queue.
 */
#define SCSI_FATAL_HDW_ERR 0x01 /* the adapter failed: end the session */
#define SCSI_ADAP_CMD_FAILED 0x02 /* an adapter command failed beyond recovery */
#define SCSI_RESET_EVENT 0x04 /* a bus reset was seen, or the other side's adapter is gone */
#define SCSI_BUFS_EXHAUSTED 0x08 /* target mode: all the instance's buffers are full */
#define SCSI_ALL_EVENTS 0x0f

/*
 * What an event-handler routine gets. One structure serves every call of an adapter: the routine
 * copies `events`, modifies nothing and keeps no pointer to it.
 */
struct scsi_event_info {
	uint64_t scsi_id; /* as registered; target mode: the attached initiator's */
	uint64_t lun_id; /* as registered; target mode: 0 */
	uint32_t mode; /* SCSI_IM_MODE or SCSI_TM_MODE */
	uint32_t events; /* one or more flags */
	dev_t adap_devno;
	uintptr_t async_correlator;
};

/* Argument of SCIOLEVENT. */
struct scsi_event_struct {
	uint64_t scsi_id;
	uint64_t lun_id; /* target mode: 0 */
	uint32_t mode;
	uint32_t reserved; /* 0 */
	/* Runs at the adapter's interrupt priority; must not sleep. */
	void (*async_func)(const struct scsi_event_info *info);
	uintptr_t async_correlator;
	/* Ours: where the dispatcher counts the session's events, until the session stops; or NULL.
	 */
	struct device_counters *counters;
};

/*
 * Received data on its way from the adapter to a target-mode device driver.
 */
#define TM_HASDATA 0x01 /* the structure is valid */
#define TM_MORE_DATA 0x02 /* more tm_bufs follow for the same SEND */
#define TM_ERROR 0x04 /* the SEND was cut off: adapter_status says why */

struct tm_buf {
	uintptr_t tm_correlator; /* as given at SCIOSTARTTGT */
	dev_t adap_devno; /* not modified by the device driver */
	void *data_addr; /* the first data byte, in the session's buffer segment */
	uint32_t data_len; /* bytes; 0 is possible with TM_ERROR */
	uint32_t user_flag;
	uint32_t buffer; /* ours: the buffer's number, 0 to num_bufs-1 */
	uint16_t user_id; /* SCSI ID of the sender */
	uint16_t adapter_status;
	uint32_t session; /* ours: the initiator's, by a number that only grows; 0 for none */
};

/* Argument of SCIOSTARTTGT. */
struct scsi_strt_tgt {
	uint64_t scsi_id; /* of the attached initiator, not the adapter's own */
	uint64_t lun_id; /* 0 */
	uint32_t buf_size; /* bytes of a receive buffer, 1-4096 */
	uint32_t num_bufs; /* buffers for this instance, 16-4096 */
	uint32_t low_water; /* buffers that must be free before reception resumes, 1-num_bufs */
	uintptr_t tm_correlator; /* copied into every tm_buf */
	/* Called at interrupt level: links the tm_buf and wakes the reader, copies nothing. */
	void (*recv_func)(struct tm_buf *tm_buf);
	/*
	 * Ours, or NULL. Called as recv_func, after the last tm_buf of an initiator's session, when
	 * that has ended; broken: the initiator gave it up in a command, or is gone.
	 */
	void (*ended_func)(uintptr_t tm_correlator, uint32_t session, bool broken);
	/* out: the adapter driver's routine that takes each tm_buf back; process or interrupt. */
	void (*free_func)(struct tm_buf *tm_buf);
	/* out, ours: the num_bufs buffers, that the reading process maps. The adapter driver's. */
	struct shared_segment *buffers;
};

struct scsi_stop_tgt {
	uint64_t scsi_id;
	uint64_t lun_id; /* 0 */
};

/* Ours, argument of SCIOTUNETGT: other numbers for an open target session, from now on. */
struct scsi_tune_tgt {
	uint64_t scsi_id;
	uint64_t lun_id; /* 0 */
	uint32_t num_bufs; /* 16-4096 */
	uint32_t low_water; /* 1-num_bufs */
};

/* Argument of SCIOLINQU: a scratch INQUIRY before or beside a driver's own requests. */
struct scsi_inquiry {
	uint64_t scsi_id;
	uint64_t lun_id;
	uint8_t page_code; /* vital product data page, when get_extended */
	uint8_t get_extended;
	uint16_t inquiry_len; /* in: room at inquiry_ptr, bytes; out: bytes returned */
	void *inquiry_ptr;
};

/* Argument of SCIOLTUR. */
struct scsi_ready {
	uint64_t scsi_id;
	uint64_t lun_id;
	uint8_t status_validity, scsi_status; /* out */
};

/* Argument of SCIOLSTUNIT. */
struct scsi_startunit {
	uint64_t scsi_id;
	uint64_t lun_id;
	uint8_t start_flag; /* start, or 0: stop */
	uint8_t immed_flag; /* do not wait for the unit */
};

/* Argument of SCIOLREAD: one block by READ(6). */
#define SCSI_MOST_BLOCK 4096
struct scsi_readblk {
	uint64_t scsi_id;
	uint64_t lun_id;
	uint32_t blkno; /* 0 to 0x1fffff */
	uint32_t blklen; /* bytes at data_ptr, at most SCSI_MOST_BLOCK */
	void *data_ptr;
};

/* Argument of SCIOLCMD: any command. EINVAL: einval_arg says which member. */
struct scsi_iocmd {
	uint64_t scsi_id;
	uint64_t lun_id;
	void *buffer;
	uint32_t data_length; /* bytes */
	uint32_t timeout_value; /* seconds */
	uint32_t flags; /* B_READ or B_WRITE */
	uint32_t residual; /* out: bytes not moved */
	uint8_t command_length; /* bytes of scsi_cdb */
	uint8_t scsi_cdb[16];
	uint8_t status_validity, scsi_bus_status, adapter_status; /* out */
	uint8_t sense_length, sense_data[18]; /* out */
	uint8_t einval_arg; /* out */
};
#define SCSI_IOCMD_BUFFER 3 /* einval_arg: the member's place in the structure */
#define SCSI_IOCMD_DATA_LENGTH 4
#define SCSI_IOCMD_LENGTH 8

/* What IOCINFO of an adapter answers, to anybody. */
#define DD_BUS 'b'
#define DS_CVSCSI 'v'
#define DS_ISCSI 'i'
struct scsi_devinfo {
	uint8_t devtype; /* DD_BUS */
	uint8_t devsubtype; /* DS_CVSCSI, DS_ISCSI */
	uint16_t reserved;
	uint32_t scsi_id; /* the adapter's own */
	uint32_t max_transfer; /* bytes of one command */
};
#define IOCINFO_SCSI _IOR('S', 18, struct scsi_devinfo)

/*
 * Kernel callers only: a process gets EPERM. SCIOLHALT aborts the session's running command, fails
 * those queued, and refuses more until one comes with SC_RESUME. SCIOLRESET is a Bus Device Reset:
 * commands to every LUN of the target, from any initiator, end.
 */
#define SCIOLSTART _IOW('S', 1, struct scsi_sciolst)
#define SCIOLSTOP _IOW('S', 2, struct scsi_sciolst)
#define SCIOLEVENT _IOW('S', 3, struct scsi_event_struct)
#define SCIOLINQU _IOWR('S', 4, struct scsi_inquiry)
#define SCIOLHALT _IOW('S', 7, struct scsi_sciolst)
#define SCIOLRESET _IOW('S', 8, struct scsi_sciolst)
#define SCIOLTUR _IOWR('S', 9, struct scsi_ready)
#define SCIOLSTUNIT _IOW('S', 10, struct scsi_startunit)
#define SCIOLREAD _IOW('S', 11, struct scsi_readblk)
#define SCIOLCMD _IOWR('S', 12, struct scsi_iocmd)
#define SCIOSTARTTGT _IOWR('S', 5, struct scsi_strt_tgt)
#define SCIOSTOPTGT _IOW('S', 6, struct scsi_stop_tgt)
#define SCIOTUNETGT _IOW('S', 17, struct scsi_tune_tgt)

/*
 * Diagnostics of an adapter, for a process that opened the adapter's special file. The simulated
 * hardware raises one event: the argument is an event flag other than SCSI_BUFS_EXHAUSTED. A real
 * adapter does what can be done for real, and answers EOPNOTSUPP to all else: an iSCSI adapter
 * resets the logical units that are in use (SCSI_RESET_EVENT) or drops its sessions
 * (SCSI_FAULT_SESSION). ENOTCONN: there is none of them.
 */
#define SCSI_FAULT_SESSION 0x100
struct scsi_fault {
	uint32_t event;
};
#define SCIOFAULT _IOW('S', 16, struct scsi_fault)

/* status_validity of scsi_buf */
#define SC_SCSI_ERROR 1
#define SC_ADAPTER_ERROR 2

/* scsi_status */
#define SC_GOOD_STATUS 0x00
#define SC_CHECK_CONDITION 0x02
#define SC_BUSY_STATUS 0x08
#define SC_RESERVATION_CONFLICT 0x18

/* adapter_status */
#define SC_HOST_IO_BUS_ERR 0x01
#define SC_SCSI_BUS_FAULT 0x02
#define SC_CMD_TIMEOUT 0x04
#define SC_NO_DEVICE_RESPONSE 0x08
#define SC_ADAPTER_HDW_FAILURE 0x10
#define SC_SCSI_BUS_RESET 0x40

/* flags of scsi_buf: the first request after a SCIOLHALT; all others are refused (EIO) */
#define SC_RESUME 0x01
/* ours: only after the request before it for that LUN succeeded; otherwise ECANCELED */
#define SC_AFTER 0x80
/* ours: the adapter does not try it again, whatever happens */
#define SC_ONCE 0x20
/* ours: over, whatever is in the way, when timeout_value is: for calls that the host waits for */
#define SC_PROMPT 0x10
/* ours: BUSY from a target-mode session other than the one that took this session's first */
#define SC_BOUND 0x40

struct scsi_cmd {
	uint8_t scsi_cdb[16];
	uint8_t scsi_length; /* bytes of scsi_cdb in use */
};

/*
 * One SCSI command. bufstruct.b_dev is the adapter's devno; b_addr, b_bcount and B_READ or B_WRITE
 * describe the data. Handed over by devstrat, comes back by iodone: b_error 0, or EIO with
 * status_validity saying which status is meant; ENODEV with SC_NO_DEVICE_RESPONSE.
 */
struct scsi_buf {
	struct buf bufstruct; /* first: a struct buf * is a struct scsi_buf * */
	struct scsi_cmd scsi_command;
	uint64_t scsi_id;
	uint64_t lun_id;
	uint8_t flags; /* SC_RESUME, SC_AFTER, SC_BOUND, SC_ONCE, SC_PROMPT */
	uint8_t status_validity;
	uint8_t scsi_status;
	uint8_t adapter_status;
	uint8_t sense_length; /* out: bytes of sense_data in use */
	uint8_t sense_data[18]; /* out: with SC_CHECK_CONDITION, fixed format */
	uint32_t held_off; /* out, ours: times the target held the data off */
	uint64_t held_off_time; /* out, ours: nanoseconds that took */
	uint32_t timeout_value; /* seconds; 0 never */
	int64_t adapter_time; /* the adapter driver's own */
};
