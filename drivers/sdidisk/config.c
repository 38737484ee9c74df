/*
 * A target driver in SVR5's manner, a small one: it claims a disk from the EDT and logs the
 * asynchronous events that concern it. It moves no data.
 */
#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/device.h>
#include <sys/errids.h>
#include <sys/malloc.h>
#include <sys/sdi.h>
#include <sys/sysmacros.h>

#include "dds/receive.h"

#define DISKS 64

struct sdidisk {
	struct sdidisk_dds dds;
	dev_t devno;
	struct owner *owners;
	struct device_counters counters;
};

/* By minor number. Written at configuration only, which the host serialises. */
static struct sdidisk *_Atomic disks[DISKS];

/* SDI counts the event; what the driver adds is a line in the error log. */
static void fault(long flt_parm, int event, unsigned long var)
{
	const struct sdidisk *disk = (const struct sdidisk *)flt_parm;

	error_log("SDI_FAULT", disk->dds.header.logical_name, "event %d, var %#lx", event, var);
}

static int claim(struct sdidisk *disk)
{
	const struct sdidisk_dds *dds = &disk->dds;
	struct dev_cfg wish = {.ha_id = sdi_hba_number((dev_t)dds->adap_devno),
		.target = (int)dds->scsi_id,
		.lun = (int)dds->lun,
		.pdtype = 0};

	if (wish.ha_id < 0)
		return cfg_refuse(ENODEV, "%s is no HBA", dds->adapter_name);
	disk->owners = sdi_doconfig(&wish, 1, "sdidisk", NULL, NULL);
	if (disk->owners == NULL)
		return cfg_refuse(ENODEV, "the EDT has no disk at target %u LUN %u of %s",
			dds->scsi_id, dds->lun, dds->adapter_name);
	disk->owners->counters = &disk->counters;
	disk->owners->flt_parm = (long)disk;
	disk->owners->fault = fault;
	return 0;
}

static int initialise(dev_t devno, struct uio *uiop)
{
	struct sdidisk_dds dds;

	if (minor(devno) >= DISKS || atomic_load(&disks[minor(devno)]) != NULL)
		return cfg_refuse(EINVAL, "minor number %u is taken or too large", minor(devno));
	int error = dds_receive(uiop, &dds, sizeof(dds), sdidisk_dds_check);
	if (error != 0)
		return error;
	struct sdidisk *disk = xmalloc(sizeof(*disk), 6, pinned_heap);
	if (disk == NULL)
		return ENOMEM;
	memset(disk, 0, sizeof(*disk));
	disk->dds = dds;
	disk->devno = devno;
	error = claim(disk);
	if (error == 0) {
		error = device_publish(
			devno, dds.header.logical_name, (int)dds.intr_priority, &disk->counters);
		if (error != 0)
			sdi_clrconfig(disk->owners);
	}
	if (error != 0) {
		xmfree(disk, pinned_heap);
		return error;
	}
	atomic_store(&disks[minor(devno)], disk);
	return 0;
}

static int terminate(dev_t devno)
{
	struct sdidisk *disk = minor(devno) < DISKS ? atomic_load(&disks[minor(devno)]) : NULL;

	if (disk == NULL)
		return ENODEV;
	atomic_store(&disks[minor(devno)], NULL);
	device_withdraw(devno);
	sdi_clrconfig(disk->owners);
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
	default:
		return EINVAL;
	}
}
