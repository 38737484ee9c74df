/* Commands to the disk by way of its adapter. */
#include <errno.h>
#include <string.h>

#include "scdisk/scdisk.h"

#define TRIES 4

static int to_adapter(struct scdisk *disk, unsigned long cmd)
{
	struct scsi_sciolst address = {.scsi_id = disk->dds.scsi_id, .lun_id = disk->dds.lun};

	return fp_ioctl(disk->adapter, cmd, &address, 0);
}

int session_open(struct scdisk *disk)
{
	int error = fp_opendev((dev_t)disk->dds.adap_devno, DREAD | DWRITE, 0, 0, &disk->adapter);
	if (error != 0)
		return error;
	error = to_adapter(disk, SCIOLSTART);
	if (error != 0)
		fp_close(disk->adapter);
	return error;
}

int session_close(struct scdisk *disk)
{
	int stopped = to_adapter(disk, SCIOLSTOP);
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

int session_command(struct scdisk *disk, const uint8_t *cdb, uint8_t cdb_length, int direction,
	void *data, size_t length)
{
	int error = EIO;

	for (int attempt = 0; attempt < TRIES; attempt++) {
		struct scsi_buf request = {
			.bufstruct = {.b_flags = direction,
				.b_dev = (dev_t)disk->dds.adap_devno,
				.b_addr = data,
				.b_bcount = length},
			.scsi_command = {.scsi_length = cdb_length},
			.scsi_id = disk->dds.scsi_id,
			.lun_id = disk->dds.lun,
			.timeout_value = disk->dds.rw_timeout,
		};
		memcpy(request.scsi_command.scsi_cdb, cdb, cdb_length);
		error = devstrat(&request.bufstruct);
		if (error == 0)
			error = iowait(&request.bufstruct);
		if (error == 0 || !worth_another_try(&request))
			return error;
	}
	return error;
}

int session_read_capacity(struct scdisk *disk)
{
	static const uint8_t cdb[10] = {0x25};
	uint8_t data[8];
	int error = session_command(disk, cdb, sizeof(cdb), B_READ, data, sizeof(data));

	if (error != 0)
		return error;
	uint32_t last = (uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 |
			data[3];
	uint32_t block = (uint32_t)data[4] << 24 | (uint32_t)data[5] << 16 |
			 (uint32_t)data[6] << 8 | data[7];
	disk->info = (struct scdisk_info){.blocks = (uint64_t)last + 1,
		.block_size = block,
		.max_transfer = disk->dds.max_transfer};
	return block == SCDISK_BLOCK ? 0 : EIO;
}
