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
#define SCDISK_BLOCK 512

struct scdisk {
	struct scdisk_dds dds; /* first, see struct driver */
	int priority; /* the parent adapter's interrupt class, from the DDS */
	Simple_lock lock; /* guards what follows; taken at `priority` */
	bool open;
	uint32_t events; /* asynchronous events since the open */
	struct device_counters counters;

	/* The opener's. */
	struct file *adapter;
	struct scdisk_info info;
	uint64_t position; /* block */
};

/* A configured disk, NULL when there is none. */
struct scdisk *scdisk_find(dev_t devno);

extern const struct devsw scdisk_entry_points;

/* Opens and closes the session with the adapter. Return an errno. */
int session_open(struct scdisk *disk);
int session_close(struct scdisk *disk);

/* One command, tried again after a reset or unit attention. Returns an errno. */
int session_command(struct scdisk *disk, const uint8_t *cdb, uint8_t cdb_length, int direction,
	void *data, size_t length);

/* Answers CFG_QVPD of a struct scdisk. Returns an errno. */
int scdisk_product(void *device, struct uio *uiop);

/* Fetches the size of the disk. Returns an errno. */
int session_read_capacity(struct scdisk *disk);
