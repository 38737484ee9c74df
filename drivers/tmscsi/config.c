/* Configuration of target-mode devices: one CFG_INIT makes both special files work. */
#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "dds/receive.h"
#include "tmscsi/entry.h"
#include "tmscsi/tmscsi.h"

/* By minor number / 2. Written at configuration only, which the host serialises by device. */
static struct tmscsi *_Atomic devices[TMSCSI_DEVICES];

/* Configured devices: the first enters the switch table, the last leaves it. */
static atomic_int configured;

struct tm_side *tmscsi_side(dev_t devno)
{
	unsigned index = minor(devno) >> 1;
	struct tmscsi *device = index < TMSCSI_DEVICES ? atomic_load(&devices[index]) : NULL;

	if (device == NULL)
		return NULL;
	return minor(devno) & TMSCSI_TARGET ? &device->target : &device->initiator;
}

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

static int publish(struct tmscsi *device)
{
	int error = publish_side(&device->initiator, ".im");
	if (error != 0)
		return error;
	error = publish_side(&device->target, ".tm");
	if (error != 0)
		device_withdraw(device->initiator.devno);
	return error;
}

static void withdraw(struct tmscsi *device)
{
	device_withdraw(device->target.devno);
	device_withdraw(device->initiator.devno);
}

/* Free buffers to resume at: a quarter unless it is said. */
static uint32_t low_water_of(const struct tmscsi_dds *dds)
{
	return dds->low_water != 0 ? dds->low_water : dds->num_bufs / 4;
}

static struct tmscsi *create(dev_t devno, const struct tmscsi_dds *dds)
{
	struct tmscsi *device = xmalloc(sizeof(*device), 6, pinned_heap);
	if (device == NULL)
		return NULL;

	memset(device, 0, sizeof(*device));
	device->dds = *dds;
	device->priority = INTCLASS0 + (int)dds->intr_priority;
	device->low_water = low_water_of(dds);
	prepare_side(device, &device->initiator, devno, SCSI_IM_MODE);
	prepare_side(device, &device->target, devno | TMSCSI_TARGET, SCSI_TM_MODE);
	atomic_store(&device->target.counters.num_bufs, dds->num_bufs);
	return device;
}

static int bring_up(dev_t devno, struct tmscsi *device)
{
	int error = publish(device);
	if (error != 0)
		return error;
	if (atomic_fetch_add(&configured, 1) == 0) {
		error = devswadd(devno, &tmscsi_entry_points);
		if (error != 0) {
			atomic_fetch_sub(&configured, 1);
			withdraw(device);
			return error;
		}
	}
	atomic_store(&devices[minor(devno) >> 1], device);
	return 0;
}

static int initialise(dev_t devno, struct uio *uiop)
{
	struct tmscsi_dds dds;

	if (minor(devno) >> 1 >= TMSCSI_DEVICES || minor(devno) & TMSCSI_TARGET)
		return cfg_refuse(EINVAL, "minor number %u: the driver has even ones below %d",
			minor(devno), 2 * TMSCSI_DEVICES);
	if (tmscsi_side(devno) != NULL)
		return cfg_refuse(EEXIST, "minor number %u is configured already", minor(devno));
	int error = dds_receive(uiop, &dds, sizeof(dds), tmscsi_dds_check);
	if (error != 0)
		return error;

	struct tmscsi *device = create(devno, &dds);
	if (device == NULL)
		return ENOMEM;
	error = bring_up(devno, device);
	if (error != 0)
		xmfree(device, pinned_heap);
	return error;
}

static int terminate(dev_t devno)
{
	struct tm_side *side = tmscsi_side(devno);
	if (side == NULL)
		return ENODEV;

	struct tmscsi *device = side->device;
	int old = disable_lock(device->priority, &device->lock);
	bool busy = device->initiator.open || device->target.open;
	unlock_enable(old, &device->lock);
	if (busy)
		return cfg_refuse(EBUSY, "%s is open", device->dds.header.logical_name);

	atomic_store(&devices[minor(devno) >> 1], NULL);
	if (atomic_fetch_sub(&configured, 1) == 1)
		devswdel(devno);
	withdraw(device);
	xmfree(device, pinned_heap);
	return 0;
}

/* While it is configured, open or not, only the numbers of buffers change. */
static int change(dev_t devno, struct uio *uiop)
{
	struct tm_side *side = tmscsi_side(devno);
	struct tmscsi_dds dds;

	if (side == NULL)
		return ENODEV;
	int error = dds_receive(uiop, &dds, sizeof(dds), tmscsi_dds_check);
	if (error != 0)
		return error;
	struct tmscsi_dds same = side->device->dds;
	same.num_bufs = dds.num_bufs;
	same.low_water = dds.low_water;
	if (memcmp(&same, &dds, sizeof(dds)) != 0)
		return cfg_refuse(EINVAL,
			"only num_bufs and low_water can change while %s is in use",
			dds.header.logical_name);
	error = target_tune(side->device, dds.num_bufs, low_water_of(&dds));
	if (error == 0)
		side->device->dds.low_water = dds.low_water;
	return error;
}

KEX_EXPORT int kmod_entry(dev_t devno, int cmd, struct uio *uiop)
{
	switch (cmd) {
	case CFG_INIT:
		return initialise(devno, uiop);
	case CFG_TERM:
		return terminate(devno);
	case CFG_CHANGE:
		return change(devno, uiop);
	default:
		return EINVAL;
	}
}
