/* Configuration of disks: CFG_INIT checks that a disk answers. */
#include <errno.h>
#include <sys/driver.h>

#include "scdisk/scdisk.h"

/* Peripheral qualifier and type 0 say that a disk is there. */
static int inquire(struct scdisk *disk, uint8_t *first)
{
	uint8_t data[36] = {0x7f};
	struct scsi_inquiry inquiry = {.scsi_id = disk->dds.scsi_id,
		.lun_id = disk->dds.lun,
		.inquiry_len = sizeof(data),
		.inquiry_ptr = data};
	int error = fp_ioctl(disk->adapter, SCIOLINQU, &inquiry, 0);

	*first = data[0];
	return error;
}

static int find_disk(struct scdisk *disk)
{
	uint8_t kind = 0x7f;

	int error = session_open(disk);
	if (error == 0) {
		error = inquire(disk, &kind);
		if (error == 0 && kind == 0)
			error = medium_read_capacity(disk);
		int closed = session_close(disk);
		error = error != 0 ? error : closed;
	}
	if (error != 0 || kind != 0)
		return cfg_refuse(ENODEV, "no disk answers at SCSI ID %u LUN %u of %s",
			disk->dds.scsi_id, disk->dds.lun, disk->dds.adapter_name);
	return 0;
}

static int scdisk_init(dev_t devno, void *device)
{
	struct scdisk *disk = device;

	disk->prompt = true;
	disk->priority = INTCLASS0 + (int)disk->dds.intr_priority;
	int error = find_disk(disk);
	if (error != 0)
		return error;
	return device_publish(devno, disk->dds.header.logical_name, (int)disk->dds.intr_priority,
		&disk->counters);
}

static void *_Atomic disks[SCDISK_DISKS]; /* by minor number */

static const struct driver driver = {
	.devices = disks,
	.limit = SCDISK_DISKS,
	.device_size = sizeof(struct scdisk),
	.dds_size = sizeof(struct scdisk_dds),
	.check = scdisk_dds_check,
	.entry_points = &scdisk_entry_points,
	.init = scdisk_init,
	.vpd = scdisk_product,
};

struct scdisk *scdisk_find(dev_t devno)
{
	return driver_find(&driver, devno);
}

DRIVER_ENTRY(driver)
