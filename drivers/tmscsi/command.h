/* One SCSI command to the attached device, waited for. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/scsi_buf.h>
#include <sys/sleep.h>

struct tmscsi;

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

/*
 * The two halves of it. A flag of the first: to be sent only after the command before it succeeded.
 * When command_start returns an errno, command_wait returns the same at once.
 */
#define COMMAND_AFTER 0x100
int command_start(struct command *command, struct tmscsi *device, const uint8_t *cdb,
	uint8_t cdb_length, int flags, const struct command_data *data, uint32_t timeout);
int command_wait(struct command *command);

/* Remembers how it ended, for TMIOSTAT and TMGETSENS. */
void command_remember(struct tmscsi *device, const struct command *command);
