/* Private structures of the target-mode driver: a device, its special files, reception. */
#pragma once

#include <sys/counters.h>
#include <sys/dds.h>
#include <sys/device.h>
#include <sys/intr.h>
#include <sys/malloc.h>
#include <sys/scsi_buf.h>
#include <sys/sleep.h>
#include <sys/tmscsi.h>

#include "tmscsi/command.h"

#define TMSCSI_DEVICES 32

/* Bit 0 of the minor number; the rest is the device's index. */
#define TMSCSI_TARGET 1

/* One special file of a device. What handlers write is guarded by the device's lock. */
struct tm_side {
	struct tmscsi *device;
	dev_t devno;
	uint32_t mode; /* SCSI_IM_MODE or SCSI_TM_MODE */
	bool open;
	struct file *adapter; /* while open */
	uint32_t events; /* not yet fetched by TMIOEVNT */
	unsigned short requested; /* poll events somebody waits for */
	struct device_counters counters;
};

/* The receiving side's buffers while tmscsiN.tm is open. */
struct tm_reception {
	struct shared_segment memory; /* the queue that the reader maps */
	struct tm_queue *queue; /* in it: what the reader wrote is not trusted */
	struct shared_segment *buffers; /* the adapter driver's */
	void (*free_func)(struct tm_buf *tm_buf);
	struct tm_buf *filled_bufs[TMSCSI_MAX_BUFS]; /* entry i at i % TMSCSI_MAX_BUFS */
	uint64_t filled; /* entries appended */
	uint64_t reclaimed; /* entries whose buffers the adapter driver has back */
	bool corrupt; /* the reader wrote nonsense: no more for this session */
	event_word readers; /* asleep in d_read */
	size_t taken; /* bytes of the oldest filled buffer that d_read has taken; the reader's own
		       */
};

/* A write that is begun. */
struct send {
	struct command command;
	struct command_data data;
};

/* A configured device. */
struct tmscsi {
	struct tmscsi_dds dds; /* first, see struct driver */
	int priority; /* the parent adapter's interrupt class, from the DDS */
	uint32_t low_water; /* the DDS's, with its default resolved */
	Simple_lock lock; /* guards all below; taken at `priority` */
	struct tm_side initiator, target;
	struct tm_reception reception;
	/* Of the one opener of tmscsiN.im, who makes one call at a time. */
	bool resume; /* the next command follows a SCIOLHALT */
	struct tm_chg_im_parm parameters;
	bool one_receiver; /* TM_CHG_ONE_RECEIVER */
	bool taken; /* a write has succeeded */
	struct tm_get_stat status; /* of the last write or command */
	struct tm_get_sens sense; /* of the last, until the next */
	char *send_buffer; /* max_transfer bytes, while tmscsiN.im is open */
	struct send sends[D_WRITES]; /* number n at n % D_WRITES */
	unsigned begun, ended; /* sends; only grow */
	bool broken; /* one failed: those begun by then are not sent */
};

/* The side of a device number, NULL when the device is not configured. */
struct tm_side *tmscsi_side(dev_t devno);

/* Wakes a reader that sleeps on the queue. With the lock held. */
void target_wake_reader(struct tmscsi *device);

/* Tells a poll that waits for `revents`, if there is one. With the lock held. */
void side_notify(struct tm_side *side, unsigned short revents);

/* Opens and closes the sessions with the adapter: fp already open. Return an errno. */
int target_open(struct tmscsi *device);
void target_close(struct tmscsi *device);
int initiator_open(struct tmscsi *device);
void initiator_close(struct tmscsi *device);

/* Whether the reader has something to read. With the lock held. */
bool target_readable(struct tmscsi *device);

/* TMIORECLAIM: hands emptied buffers back to the adapter. Returns an errno. */
int target_reclaim(struct tmscsi *device);

/*
 * The numbers of buffers where other processes read them: the counters, and the queue of an open
 * device. With the lock held, or before others know the device.
 */
void target_show_numbers(struct tmscsi *device);

/* Other numbers of buffers, at once, with the configuration serialised. Returns an errno. */
int target_tune(struct tmscsi *device, uint32_t num_bufs, uint32_t low_water);

/* d_read of tmscsiN.tm. */
int target_read(struct tmscsi *device, struct uio *uiop);

/* ioctls of tmscsiN.im only. */
int initiator_request(struct tmscsi *device, unsigned long cmd, void *arg);

/* d_write of tmscsiN.im: one SEND. And its two halves, see struct devsw. */
int initiator_write(struct tmscsi *device, struct uio *uiop);
int initiator_write_begin(struct tmscsi *device, struct uio *uiop);
int initiator_write_end(struct tmscsi *device, size_t *moved);
