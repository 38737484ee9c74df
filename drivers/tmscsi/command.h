/* One SCSI command to the attached device, waited for. */
#pragma once

#include "tmscsi/tmscsi.h"

struct command {
	struct scsi_buf request; /* first: its struct buf * is a struct command * */
	struct tmscsi *device;
	bool done;
	event_word event;
};

/*
 * Carries a command out: cdb of cdb_length bytes, `flags` B_READ or B_WRITE for `length` bytes at
 * `data`, a timeout in seconds (0 none). A signal aborts it. Returns EINTR, the adapter's errno, or
 * 0 when the device answered, whatever its status: command->request has that.
 */
int command_run(struct command *command, struct tmscsi *device, const uint8_t *cdb,
	uint8_t cdb_length, int flags, void *data, size_t length, uint32_t timeout);

/* Remembers how it ended, for TMIOSTAT and TMGETSENS. */
void command_remember(struct tmscsi *device, const struct command *command);
