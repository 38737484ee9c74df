/* The SCSI disk driver's private structures. */
#pragma once

#include <stdbool.h>
#include <sys/counters.h>
#include <sys/dds.h>
#include <sys/device.h>
#include <sys/intr.h>
#include <sys/scdisk.h>
#include <sys/scsi_buf.h>

#define SCDISK_DISKS 1024
#define SCDISK_BLOCK 512 /* bytes, the smallest */

struct scdisk {
	struct scdisk_dds dds; /* first, see struct driver */
	int priority; /* the parent adapter's interrupt class, from the DDS */
	Simple_lock lock; /* guards what follows; taken at `priority` */
	bool open;
	uint32_t events; /* asynchronous events since the open */
	struct device_counters counters;

	/* The opener's. */
	struct file *adapter;
	bool prompt; /* the host waits: opens, closes and configuration */
	unsigned way; /* that commands take */
	bool started[SCDISK_PATHS + 1]; /* sessions, by way */
	struct scdisk_info info;
	bool unmaps; /* blocks can be given back */
	bool written; /* since the open or the last flush */
	uint64_t position; /* block */
};

/* A configured disk, NULL when there is none. */
struct scdisk *scdisk_find(dev_t devno);

extern const struct devsw scdisk_entry_points;

/* The event-handler routine. */
void scdisk_handle_event(const struct scsi_event_info *info);

/*
 * Opens and closes the sessions with the adapter, one for each way to the disk. Return an errno;
 * one way is enough. session_register: events of those that are open.
 */
void session_register(struct scdisk *disk);
int session_open(struct scdisk *disk);
int session_close(struct scdisk *disk);

/* One command, tried again after a reset or unit attention. Returns an errno. */
int session_command(struct scdisk *disk, const uint8_t *cdb, uint8_t cdb_length, int direction,
	void *data, size_t length);

/* Answers CFG_QVPD of a struct scdisk. Returns an errno. */
int scdisk_product(void *device, struct uio *uiop);

/*
 * The two halves of a command with data that is tried again, or by another way. session_await is
 * for each that session_submit returned 0 for. Return an errno.
 */
int session_submit(struct scdisk *disk, struct scsi_buf *request);
int session_await(struct scdisk *disk, struct scsi_buf *request);

/* DKIOLCMD: an errno; 0 when the disk has answered, whatever that was. */
int session_pass(struct scdisk *disk, struct scdisk_command *command);

/* Reads or writes of whole blocks from the position on. An errno. */
int transfer(struct scdisk *disk, struct uio *uiop, bool to_disk);

/* Fetches the size of the disk; sees to it that what was written stays; gives blocks back. Errnos.
 */
int medium_read_capacity(struct scdisk *disk);
int medium_flush(struct scdisk *disk);
int medium_unmap(struct scdisk *disk, const struct scdisk_extent *extent);
