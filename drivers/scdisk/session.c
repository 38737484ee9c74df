/* Commands to the disk by way of its adapter, and by another way when one leads nowhere. */
#include <errno.h>
#include <string.h>

#include "scdisk/scdisk.h"

#define TRIES 4
#define PROMPT_SECONDS 5 /* while the host waits: it has more patience than for two of them */

/* Way 0 is the one that the attributes say. */
static struct scsi_sciolst address_of(const struct scdisk *disk, unsigned way)
{
	if (way == 0)
		return (struct scsi_sciolst){disk->dds.scsi_id, disk->dds.lun};
	return (struct scsi_sciolst){
		disk->dds.paths[way - 1].scsi_id, disk->dds.paths[way - 1].lun};
}

static int to_adapter(struct scdisk *disk, unsigned way, unsigned long cmd)
{
	struct scsi_sciolst address = address_of(disk, way);

	return fp_ioctl(disk->adapter, cmd, &address, 0);
}

/* An adapter that reports no events still serves the disk. */
static void register_events(struct scdisk *disk, unsigned way)
{
	const struct scsi_sciolst address = address_of(disk, way);
	struct scsi_event_struct event = {
		.scsi_id = address.scsi_id,
		.lun_id = address.lun_id,
		.mode = SCSI_IM_MODE,
		.async_func = scdisk_handle_event,
		.async_correlator = (uintptr_t)disk,
		.counters = &disk->counters,
	};

	fp_ioctl(disk->adapter, SCIOLEVENT, &event, 0);
}

void session_register(struct scdisk *disk)
{
	for (unsigned way = 0; way <= disk->dds.path_count; way++)
		if (disk->started[way])
			register_events(disk, way);
}

int session_open(struct scdisk *disk)
{
	int error = fp_opendev((dev_t)disk->dds.adap_devno, DREAD | DWRITE, 0, 0, &disk->adapter);
	bool any = false;

	if (error != 0)
		return error;
	for (unsigned way = disk->dds.path_count + 1; way-- > 0;) {
		error = to_adapter(disk, way, SCIOLSTART);
		disk->started[way] = error == 0;
		if (error == 0)
			disk->way = way;
		any = any || error == 0;
	}
	if (any)
		return 0;
	fp_close(disk->adapter);
	return error;
}

int session_close(struct scdisk *disk)
{
	int stopped = 0;

	for (unsigned way = 0; way <= disk->dds.path_count; way++) {
		int error = disk->started[way] ? to_adapter(disk, way, SCIOLSTOP) : 0;
		stopped = stopped != 0 ? stopped : error;
	}
	int closed = fp_close(disk->adapter);
	return stopped != 0 ? stopped : closed;
}

/* A bus reset, or the disk's word that something happened since the last command. */
static bool worth_another_try(const struct scsi_buf *request)
{
	if (request->status_validity == SC_ADAPTER_ERROR)
		return request->adapter_status == SC_SCSI_BUS_RESET;
	return request->status_validity == SC_SCSI_ERROR &&
	       request->scsi_status == SC_CHECK_CONDITION && request->sense_length > 2 &&
	       (request->sense_data[2] & 0x0f) == 0x06;
}

/* The next way that is open, when the one that was taken leads nowhere. */
static bool change_way(struct scdisk *disk, const struct scsi_buf *request)
{
	if (request->status_validity != SC_ADAPTER_ERROR ||
		request->adapter_status != SC_NO_DEVICE_RESPONSE)
		return false;
	for (unsigned i = 1; i <= disk->dds.path_count; i++) {
		unsigned way = (disk->way + i) % (disk->dds.path_count + 1);
		const struct scsi_sciolst address = address_of(disk, disk->way);
		if (!disk->started[way])
			continue;
		/* Another request may have changed it already. */
		if (address.scsi_id == request->scsi_id && address.lun_id == request->lun_id)
			disk->way = way;
		return true;
	}
	return false;
}

int session_submit(struct scdisk *disk, struct scsi_buf *request)
{
	const struct scsi_sciolst address = address_of(disk, disk->way);

	request->bufstruct.b_dev = (dev_t)disk->dds.adap_devno;
	request->bufstruct.b_flags &= ~(B_DONE | B_ERROR);
	request->scsi_id = address.scsi_id;
	request->lun_id = address.lun_id;
	request->timeout_value = disk->dds.rw_timeout;
	if (disk->prompt) {
		request->flags |= SC_PROMPT;
		if (request->timeout_value > PROMPT_SECONDS)
			request->timeout_value = PROMPT_SECONDS;
	}
	return devstrat(&request->bufstruct);
}

int session_await(struct scdisk *disk, struct scsi_buf *request)
{
	int error = iowait(&request->bufstruct);
	unsigned ways = disk->dds.path_count;

	for (int attempt = 1; error != 0 && attempt < TRIES; attempt++) {
		bool again = worth_another_try(request);
		if (!again && (ways == 0 || !change_way(disk, request)))
			break;
		ways -= again ? 0 : 1;
		error = session_submit(disk, request);
		if (error == 0)
			error = iowait(&request->bufstruct);
	}
	return error;
}

int session_command(struct scdisk *disk, const uint8_t *cdb, uint8_t cdb_length, int direction,
	void *data, size_t length)
{
	struct scsi_buf request = {
		.bufstruct = {.b_flags = direction, .b_addr = data, .b_bcount = length},
		.scsi_command = {.scsi_length = cdb_length},
	};

	memcpy(request.scsi_command.scsi_cdb, cdb, cdb_length);
	int error = session_submit(disk, &request);
	return error == 0 ? session_await(disk, &request) : error;
}

int session_pass(struct scdisk *disk, struct scdisk_command *command)
{
	const struct scsi_sciolst address = address_of(disk, disk->way);
	struct scsi_iocmd pass = {.scsi_id = address.scsi_id,
		.lun_id = address.lun_id,
		.buffer = command->data,
		.data_length = command->data_length,
		.timeout_value = command->timeout,
		.flags = command->reads ? B_READ : B_WRITE,
		.command_length = command->cdb_length};

	if (command->data_length > sizeof(command->data) ||
		command->cdb_length > sizeof(command->cdb))
		return EINVAL;
	memcpy(pass.scsi_cdb, command->cdb, sizeof(pass.scsi_cdb));
	int error = fp_ioctl(disk->adapter, SCIOLCMD, &pass, 0);
	command->scsi_status = pass.scsi_bus_status;
	command->residual = pass.residual;
	command->sense_length = pass.sense_length;
	memcpy(command->sense_data, pass.sense_data, sizeof(command->sense_data));
	/* What the disk says of a command is an answer. */
	return error == EIO && pass.status_validity == SC_SCSI_ERROR ? 0 : error;
}
