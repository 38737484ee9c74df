/*
 * A target driver in SVR5's manner, a small one: it claims a disk from the EDT and logs the
 * asynchronous events that concern it. It moves no data.
 */
#include <errno.h>
#include <sys/counters.h>
#include <sys/driver.h>
#include <sys/errids.h>
#include <sys/sdi.h>

#define DISKS 64

struct sdidisk {
	struct sdidisk_dds dds; /* first, see struct driver */
	struct owner *owners;
	struct device_counters counters;
};

/* SDI counts the event; what the driver adds is a line in the error log. */
static void fault(long flt_parm, int event, unsigned long var)
{
	const struct sdidisk *disk = (const struct sdidisk *)flt_parm;

	error_log("SDI_FAULT", disk->dds.header.logical_name, "event %d, var %#lx", event, var);
}

static int claim(struct sdidisk *disk)
{
	const struct sdidisk_dds *dds = &disk->dds;
	struct dev_cfg wanted = {.ha_id = sdi_hba_number((dev_t)dds->adap_devno),
		.target = (int)dds->scsi_id,
		.lun = (int)dds->lun,
		.pdtype = 0};

	if (wanted.ha_id < 0)
		return cfg_refuse(ENODEV, "%s is no HBA", dds->adapter_name);
	disk->owners = sdi_doconfig(&wanted, 1, "sdidisk", NULL, NULL);
	if (disk->owners == NULL)
		return cfg_refuse(ENODEV, "the EDT has no disk at target %u LUN %u of %s",
			dds->scsi_id, dds->lun, dds->adapter_name);
	disk->owners->counters = &disk->counters;
	disk->owners->flt_parm = (long)disk;
	disk->owners->fault = fault;
	return 0;
}

static int sdidisk_init(dev_t devno, void *device)
{
	struct sdidisk *disk = device;

	int error = claim(disk);
	if (error != 0)
		return error;
	error = device_publish(devno, disk->dds.header.logical_name, (int)disk->dds.intr_priority,
		&disk->counters);
	if (error != 0)
		sdi_clrconfig(disk->owners);
	return error;
}

static int sdidisk_term(void *device)
{
	struct sdidisk *disk = device;

	sdi_clrconfig(disk->owners);
	return 0;
}

static void *_Atomic disks[DISKS]; /* by minor number */

static const struct driver driver = {
	.devices = disks,
	.limit = DISKS,
	.device_size = sizeof(struct sdidisk),
	.dds_size = sizeof(struct sdidisk_dds),
	.check = sdidisk_dds_check,
	.init = sdidisk_init,
	.term = sdidisk_term,
};

DRIVER_ENTRY(driver)
