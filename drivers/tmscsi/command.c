/* One SCSI command to the attached device: begun, waited for, aborted by a signal. */
#include "tmscsi/command.h"

#include <errno.h>
#include <string.h>
#include <sys/device.h>

#include "tmscsi/tmscsi.h"

/* b_iodone. */
static void command_done(struct buf *bp)
{
	struct command *command = (struct command *)bp;
	struct tmscsi *device = command->device;

	int old = disable_lock(device->priority, &device->lock);
	command->done = true;
	e_wakeup(&command->event);
	unlock_enable(old, &device->lock);
}

/* Waits for the end; a signal aborts the command. Returns 0 or EINTR. */
static int wait_for(struct command *command)
{
	struct tmscsi *device = command->device;
	struct scsi_sciolst address = {.scsi_id = device->dds.scsi_id};
	int result = EVENT_SUCC;

	int old = disable_lock(device->priority, &device->lock);
	while (!command->done && result == EVENT_SUCC)
		result =
			e_sleep_thread(&command->event, &device->lock, EVENT_SIGRET | LOCK_HANDLER);
	bool interrupted = !command->done;
	unlock_enable(old, &device->lock);
	if (!interrupted)
		return 0;

	fp_ioctl(device->initiator.adapter, SCIOLHALT, &address, 0);
	device->resume = true;
	old = disable_lock(device->priority, &device->lock);
	while (!command->done)
		e_sleep_thread(&command->event, &device->lock, EVENT_SHORT | LOCK_HANDLER);
	unlock_enable(old, &device->lock);
	return EINTR;
}

int command_start(struct command *command, struct tmscsi *device, const uint8_t *cdb,
	uint8_t cdb_length, int flags, const struct command_data *data, uint32_t timeout)
{
	int order = flags & COMMAND_AFTER ? SC_AFTER : device->resume ? SC_RESUME : 0;

	*command = (struct command){
		.request = {.bufstruct = {.b_flags = flags & B_READ,
				    .b_dev = (dev_t)device->dds.adap_devno,
				    .b_addr = data->address,
				    .b_bcount = data->length,
				    .b_iodone = command_done},
			.scsi_command = {.scsi_length = cdb_length},
			.scsi_id = device->dds.scsi_id,
			.flags = (uint8_t)(order | (device->one_receiver ? SC_BOUND : 0)),
			.timeout_value = timeout},
		.device = device,
	};
	memcpy(command->request.scsi_command.scsi_cdb, cdb, cdb_length);
	if (data->xmem != NULL)
		command->request.bufstruct.b_xmemd = *data->xmem;
	device->resume = false;
	int error = devstrat(&command->request.bufstruct);
	if (error != 0) {
		command->request.bufstruct.b_error = error;
		command->done = true;
	}
	return error;
}

int command_wait(struct command *command)
{
	int error = wait_for(command);

	if (error == 0 && command->request.status_validity != SC_SCSI_ERROR)
		error = command->request.bufstruct.b_error;
	return error;
}

int command_run(struct command *command, struct tmscsi *device, const uint8_t *cdb,
	uint8_t cdb_length, int flags, const struct command_data *data, uint32_t timeout)
{
	int error = command_start(command, device, cdb, cdb_length, flags, data, timeout);

	return error != 0 ? error : command_wait(command);
}

void command_remember(struct tmscsi *device, const struct command *command)
{
	const struct scsi_buf *request = &command->request;
	struct tm_get_stat *status = &device->status;

	status->status_validity = request->status_validity;
	status->scsi_status = request->scsi_status;
	status->general_card_status = request->adapter_status;
	device->sense.length = request->sense_length;
	memcpy(device->sense.data, request->sense_data, request->sense_length);
}
