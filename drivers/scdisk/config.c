/* Configuration of disks: CFG_INIT checks that a disk answers. */
#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/malloc.h>
#include <sys/sysmacros.h>

#include "dds/receive.h"
#include "scdisk/scdisk.h"

/* By minor number. Written at configuration only, which the host serialises. */
static struct scdisk *_Atomic disks[SCDISK_DISKS];

/* Configured disks: the first enters the switch table, the last leaves it. */
static atomic_int configured;

struct scdisk *scdisk_find(dev_t devno)
{
	return minor(devno) < SCDISK_DISKS ? atomic_load(&disks[minor(devno)]) : NULL;
}

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
			error = session_read_capacity(disk);
		int closed = session_close(disk);
		error = error != 0 ? error : closed;
	}
	if (error != 0 || kind != 0)
		return cfg_refuse(ENODEV, "no disk answers at SCSI ID %u LUN %u of %s",
			disk->dds.scsi_id, disk->dds.lun, disk->dds.adapter_name);
	return 0;
}

static int bring_up(struct scdisk *disk)
{
	int error = find_disk(disk);
	if (error != 0)
		return error;
	error = device_publish(disk->devno, disk->dds.header.logical_name,
		(int)disk->dds.intr_priority, &disk->counters);
	if (error != 0)
		return error;
	if (atomic_fetch_add(&configured, 1) == 0) {
		error = devswadd(disk->devno, &scdisk_entry_points);
		if (error != 0) {
			atomic_fetch_sub(&configured, 1);
			device_withdraw(disk->devno);
		}
	}
	return error;
}

static int initialise(dev_t devno, struct uio *uiop)
{
	struct scdisk_dds dds;

	if (minor(devno) >= SCDISK_DISKS)
		return cfg_refuse(EINVAL, "minor number %u: the driver has 0 to %d", minor(devno),
			SCDISK_DISKS - 1);
	if (scdisk_find(devno) != NULL)
		return cfg_refuse(EEXIST, "minor number %u is configured already", minor(devno));
	int error = dds_receive(uiop, &dds, sizeof(dds), scdisk_dds_check);
	if (error != 0)
		return error;

	struct scdisk *disk = xmalloc(sizeof(*disk), 6, pinned_heap);
	if (disk == NULL)
		return ENOMEM;
	memset(disk, 0, sizeof(*disk));
	disk->dds = dds;
	disk->devno = devno;
	disk->priority = INTCLASS0 + (int)dds.intr_priority;
	error = bring_up(disk);
	if (error == 0)
		atomic_store(&disks[minor(devno)], disk);
	else
		xmfree(disk, pinned_heap);
	return error;
}

static int terminate(dev_t devno)
{
	struct scdisk *disk = scdisk_find(devno);

	if (disk == NULL)
		return ENODEV;
	if (disk->open)
		return cfg_refuse(EBUSY, "%s is open", disk->dds.header.logical_name);
	atomic_store(&disks[minor(devno)], NULL);
	if (atomic_fetch_sub(&configured, 1) == 1)
		devswdel(devno);
	device_withdraw(devno);
	xmfree(disk, pinned_heap);
	return 0;
}

KEX_EXPORT int kmod_entry(dev_t devno, int cmd, struct uio *uiop)
{
	switch (cmd) {
	case CFG_INIT:
		return initialise(devno, uiop);
	case CFG_TERM:
		return terminate(devno);
	case CFG_QVPD:
		return scdisk_find(devno) != NULL ? scdisk_product(scdisk_find(devno), uiop)
						  : ENODEV;
	default:
		return EINVAL;
	}
}
