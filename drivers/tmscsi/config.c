/* Configuration of target-mode devices: one CFG_INIT makes both special files work. */
#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/driver.h>

#include "tmscsi/entry.h"
#include "tmscsi/tmscsi.h"

static void prepare_side(struct tmscsi *device, struct tm_side *side, dev_t devno, uint32_t mode)
{
	side->device = device;
	side->devno = devno;
	side->mode = mode;
}

static int publish_side(struct tm_side *side, const char *suffix)
{
	char name[DDS_NAME + 4];
	const struct tmscsi_dds *dds = &side->device->dds;

	strcpy(name, dds->header.logical_name);
	strcat(name, suffix);
	return device_publish(side->devno, name, (int)dds->intr_priority, &side->counters);
}

/* Free buffers to resume at: a quarter unless it is said. */
static uint32_t low_water_of(const struct tmscsi_dds *dds)
{
	return dds->low_water != 0 ? dds->low_water : dds->num_bufs / 4;
}

static int tmscsi_init(dev_t devno, void *device)
{
	struct tmscsi *new = device;

	new->priority = INTCLASS0 + (int)new->dds.intr_priority;
	new->low_water = low_water_of(&new->dds);
	prepare_side(new, &new->initiator, devno, SCSI_IM_MODE);
	prepare_side(new, &new->target, devno | TMSCSI_TARGET, SCSI_TM_MODE);
	target_show_numbers(new);
	int error = publish_side(&new->initiator, ".im");
	return error != 0 ? error : publish_side(&new->target, ".tm");
}

/* While it is configured, open or not, only the numbers of buffers change. */
static int tmscsi_change(void *device, const void *dds)
{
	struct tmscsi *changed = device;
	const struct tmscsi_dds *to = dds;
	struct tmscsi_dds same = changed->dds;

	same.num_bufs = to->num_bufs;
	same.low_water = to->low_water;
	if (memcmp(&same, to, sizeof(same)) != 0)
		return cfg_refuse(EINVAL,
			"only num_bufs and low_water can change while %s is in use",
			to->header.logical_name);
	int error = target_tune(changed, to->num_bufs, low_water_of(to));
	if (error == 0)
		changed->dds.low_water = to->low_water;
	return error;
}

static void *_Atomic devices[TMSCSI_DEVICES]; /* by minor number / 2 */

static const struct driver driver = {
	.devices = devices,
	.limit = TMSCSI_DEVICES,
	.minors = 2,
	.device_size = sizeof(struct tmscsi),
	.dds_size = sizeof(struct tmscsi_dds),
	.check = tmscsi_dds_check,
	.entry_points = &tmscsi_entry_points,
	.init = tmscsi_init,
	.change = tmscsi_change,
};

struct tm_side *tmscsi_side(dev_t devno)
{
	struct tmscsi *device = driver_find(&driver, devno);

	if (device == NULL)
		return NULL;
	return minor(devno) & TMSCSI_TARGET ? &device->target : &device->initiator;
}

DRIVER_ENTRY(driver)
