/* Commands that the adapter driver makes for its callers: INQUIRY, TEST UNIT READY and others. */
#include <errno.h>
#include <string.h>

#include "adapter/commands.h"

#define COMMAND_SECONDS 30

/* Carries one command out on an open session; the adapter's errno, EIO for a SCSI status too. */
static int run(const struct adapter_commands *adapter, struct scsi_buf *request)
{
	request->bufstruct.b_dev = adapter->devno;
	if (request->timeout_value == 0)
		request->timeout_value = COMMAND_SECONDS;
	int error = adapter->strategy(&request->bufstruct);
	return error == 0 ? iowait(&request->bufstruct) : error;
}

int command_inquire(const struct adapter_commands *adapter, struct scsi_inquiry *inquiry)
{
	struct scsi_buf request = {
		.bufstruct = {.b_flags = B_READ,
			.b_addr = inquiry->inquiry_ptr,
			.b_bcount = inquiry->inquiry_len},
		.scsi_command = {.scsi_cdb = {0x12, inquiry->get_extended != 0, inquiry->page_code,
					 (uint8_t)(inquiry->inquiry_len >> 8),
					 (uint8_t)inquiry->inquiry_len},
			.scsi_length = 6},
		.scsi_id = inquiry->scsi_id,
		.lun_id = inquiry->lun_id,
	};

	if (inquiry->inquiry_ptr == NULL || inquiry->inquiry_len == 0)
		return EINVAL;
	int error = run(adapter, &request);
	if (error == 0)
		inquiry->inquiry_len = (uint16_t)(inquiry->inquiry_len - request.bufstruct.b_resid);
	return error;
}

int command_test_ready(const struct adapter_commands *adapter, struct scsi_ready *ready)
{
	struct scsi_buf request = {.scsi_command = {.scsi_length = 6},
		.scsi_id = ready->scsi_id,
		.lun_id = ready->lun_id};
	int error = run(adapter, &request);

	ready->status_validity = request.status_validity;
	ready->scsi_status = request.scsi_status;
	return error;
}

int command_start_unit(const struct adapter_commands *adapter, const struct scsi_startunit *start)
{
	struct scsi_buf request = {.scsi_command = {.scsi_cdb = {0x1b, start->immed_flag != 0, 0, 0,
							    start->start_flag != 0},
					   .scsi_length = 6},
		.scsi_id = start->scsi_id,
		.lun_id = start->lun_id};

	return run(adapter, &request);
}

int command_read_block(const struct adapter_commands *adapter, const struct scsi_readblk *read)
{
	struct scsi_buf request = {.bufstruct = {.b_flags = B_READ,
					   .b_addr = read->data_ptr,
					   .b_bcount = read->blklen},
		.scsi_command = {.scsi_cdb = {0x08, (uint8_t)(read->blkno >> 16 & 0x1f),
					 (uint8_t)(read->blkno >> 8), (uint8_t)read->blkno, 1},
			.scsi_length = 6},
		.scsi_id = read->scsi_id,
		.lun_id = read->lun_id};

	if (read->data_ptr == NULL || read->blklen == 0 || read->blklen > SCSI_MOST_BLOCK ||
		read->blkno > 0x1fffff)
		return EINVAL;
	return run(adapter, &request);
}

int command_pass(const struct adapter_commands *adapter, struct scsi_iocmd *pass)
{
	struct scsi_buf request = {.bufstruct = {.b_flags = pass->flags & B_READ,
					   .b_addr = pass->buffer,
					   .b_bcount = pass->data_length},
		.scsi_command = {.scsi_length = pass->command_length},
		.scsi_id = pass->scsi_id,
		.lun_id = pass->lun_id,
		.flags = SC_ONCE,
		.timeout_value = pass->timeout_value};

	pass->einval_arg = 0;
	if (pass->command_length == 0 || pass->command_length > sizeof(pass->scsi_cdb))
		pass->einval_arg = SCSI_IOCMD_LENGTH;
	else if (pass->data_length > adapter->max_transfer)
		pass->einval_arg = SCSI_IOCMD_DATA_LENGTH;
	else if (pass->data_length != 0 && pass->buffer == NULL)
		pass->einval_arg = SCSI_IOCMD_BUFFER;
	if (pass->einval_arg != 0)
		return EINVAL;
	memcpy(request.scsi_command.scsi_cdb, pass->scsi_cdb, pass->command_length);
	int error = run(adapter, &request);
	pass->status_validity = request.status_validity;
	pass->scsi_bus_status = request.scsi_status;
	pass->adapter_status = request.adapter_status;
	pass->residual = (uint32_t)request.bufstruct.b_resid;
	memcpy(pass->sense_data, request.sense_data, request.sense_length);
	pass->sense_length = request.sense_length;
	return error;
}
