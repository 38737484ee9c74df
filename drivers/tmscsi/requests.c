/* What an application asks of tmscsiN.im besides writing. */
#include <errno.h>
#include <string.h>

#include "tmscsi/tmscsi.h"

/* The sense data of the write before this; another command or a second fetch finds none. */
static int get_sense(struct tmscsi *device, struct tm_get_sens *request)
{
	uint8_t length =
		request->length < device->sense.length ? request->length : device->sense.length;

	memcpy(request->data, device->sense.data, length);
	request->length = length;
	device->sense.length = 0;
	return 0;
}

/* SCSI commands that an administrator makes up. */
static int run_command(struct tmscsi *device, struct tm_iocmd *request)
{
	struct command command;

	if (request->command_length == 0 || request->command_length > sizeof(request->scsi_cdb) ||
		request->data_length > sizeof(request->data))
		return EINVAL;
	uint8_t cdb[sizeof(request->scsi_cdb)];
	memcpy(cdb, request->scsi_cdb, sizeof(cdb));
	if (request->command_length > 1)
		cdb[1] = (uint8_t)((cdb[1] & 0x1f) | device->dds.lun << 5);
	const struct command_data data = {.address = request->data, .length = request->data_length};
	int error = command_run(&command, device, cdb, request->command_length,
		request->flags & B_READ, &data, request->timeout_value);
	command_remember(device, &command);
	request->status_validity = command.request.status_validity;
	request->scsi_bus_status = command.request.scsi_status;
	request->adapter_status = command.request.adapter_status;
	request->resid = (uint32_t)command.request.bufstruct.b_resid;
	if (error == 0 && command.request.status_validity == SC_SCSI_ERROR)
		return command.request.scsi_status == SC_BUSY_STATUS ? EBUSY : ENXIO;
	return error;
}

static int reset_device(struct tmscsi *device)
{
	struct scsi_sciolst address = {.scsi_id = device->dds.scsi_id};

	return fp_ioctl(device->initiator.adapter, SCIOLRESET, &address, 0);
}

static int change_parameters(struct tmscsi *device, const struct tm_chg_im_parm *change)
{
	const uint32_t known = TM_CHG_RETRY_DELAY | TM_CHG_SEND_TIMEOUT | TM_CHG_ONE_RECEIVER;

	if ((change->chg_option & ~known) != 0 ||
		((change->chg_option & TM_CHG_RETRY_DELAY) && change->new_delay > 255) ||
		((change->chg_option & TM_CHG_SEND_TIMEOUT) &&
			((change->timeout_type != TM_FIXED_TIMEOUT &&
				 change->timeout_type != TM_SCALED_TIMEOUT) ||
				change->new_timeout > TM_MOST_TIMEOUT)))
		return EINVAL;
	if (change->chg_option & TM_CHG_RETRY_DELAY)
		device->parameters.new_delay = change->new_delay;
	if (change->chg_option & TM_CHG_ONE_RECEIVER)
		device->one_receiver = true;
	if (change->chg_option & TM_CHG_SEND_TIMEOUT) {
		device->parameters.timeout_type = change->timeout_type;
		device->parameters.new_timeout = change->new_timeout;
	}
	return 0;
}

int initiator_request(struct tmscsi *device, unsigned long cmd, void *arg)
{
	switch (cmd) {
	case TMIOSTAT:
		memcpy(arg, &device->status, sizeof(device->status));
		return 0;
	case TMGETSENS:
		return get_sense(device, arg);
	case TMIOCMD:
		return run_command(device, arg);
	case TMIORESET:
		return reset_device(device);
	case TMCHGIMPARM:
		return change_parameters(device, arg);
	default:
		return EINVAL;
	}
}
