/* The disks on the simulated bus: targets that answer SCSI commands from a file. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/dds.h>

#include "bus/bus.h"

#define DISK_BLOCK 512 /* bytes */
#define DISK_PIECE 65536 /* bytes moved at a time, a multiple of DISK_BLOCK */

/* A logical unit. */
struct disk_unit {
	int fd; /* -1: none at this LUN */
	uint64_t blocks;
	char serial[DDS_NAME];
	bool stopped; /* by START STOP UNIT; the target's thread only */
};

/* A SCSI ID with its units, and the thread that serves it. */
struct disk_target {
	struct bus_port *port;
	struct disk_unit units[8]; /* by LUN */
	char *piece; /* DISK_PIECE bytes between file and bus, the thread's */
	pthread_t thread;
	atomic_bool stopping;
};

/* A command being served; disk_give and disk_take move its data. */
struct disk_command {
	struct disk_target *target;
	unsigned initiator;
	struct bus_command block;
};

/*
 * Powers on the disks of one SCSI ID. Returns 0, or an errno with the reason in words and nothing
 * left behind.
 * disk_target_stop ends the thread and closes the files.
 */
int disk_target_start(struct disk_target *target, const struct vbus_dds *dds, unsigned scsi_id,
	char reason[DDS_REASON]);
void disk_target_stop(struct disk_target *target);

/* Carries out one command, from its block to bus_complete. */
void disk_execute(struct disk_command *command);

/*
 * Gives data to the initiator, takes data from it: all of it, waiting as long as it takes. False
 * when the command was cut off, which ends it.
 */
bool disk_give(struct disk_command *command, const void *data, size_t length);
bool disk_take(struct disk_command *command, void *data, size_t length);
