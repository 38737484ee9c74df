/* One SCSI command to the attached device, waited for. */
#pragma once

#include "tmscsi/tmscsi.h"

struct command {
	struct scsi_buf request; /* first: its struct buf * is a struct command * */
	struct tmscsi *device;
	bool done;
	event_word event;
};

/* Where a command's data is. */
struct command_data {
	void *address;
	size_t length; /* bytes */
	const struct xmem *xmem; /* of the memory it is in, NULL for none */
};

/*
 * Carries a command out: cdb of cdb_length bytes, `flags` B_READ or B_WRITE for the data, a
 * timeout in seconds (0 none). A signal aborts it. Returns EINTR, the adapter's errno, or
 * 0 when the device answered, whatever its status: command->request has that.
 */
int command_run(struct command *command, struct tmscsi *device, const uint8_t *cdb,
	uint8_t cdb_length, int flags, const struct command_data *data, uint32_t timeout);

/* Remembers how it ended, for TMIOSTAT and TMGETSENS. */
void command_remember(struct tmscsi *device, const struct command *command);
