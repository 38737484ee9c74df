/* Configuration of virtual SCSI adapters: CFG_INIT powers one on, CFG_TERM off. */
#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/errids.h>
#include <sys/sysmacros.h>

#include "dds/product_data.h"
#include "dds/receive.h"
#include "vscsi/vscsi.h"

/* By minor number. Written at configuration only, which the host serialises by device number. */
static struct vscsi *_Atomic adapters[VSCSI_ADAPTERS];

/* Configured adapters: the first enters the switch table, the last leaves it. */
static atomic_int configured;

static const struct devsw entry_points = {
	.d_open = vscsi_open,
	.d_close = vscsi_close,
	.d_ioctl = vscsi_ioctl,
	.d_ioctls = vscsi_ioctls,
	.d_strategy = vscsi_strategy,
};

struct vscsi *vscsi_find(dev_t devno)
{
	return minor(devno) < VSCSI_ADAPTERS ? atomic_load(&adapters[minor(devno)]) : NULL;
}

/* The adapter's interrupt handler: the level may be another adapter's too. */
static int handle_interrupt(struct intr *intr)
{
	struct vscsi *vscsi = (struct vscsi *)((char *)intr - offsetof(struct vscsi, intr));
	uint32_t causes = atomic_exchange(&vscsi->causes, 0);

	if (causes == 0)
		return INTR_FAIL;
	i_reset(intr);
	if (causes & PORT_RECEIVED)
		target_receive(vscsi);
	if (causes & PORT_DONE) {
		struct buf *bp = port_take_completed(&vscsi->port);
		while (bp != NULL) {
			struct buf *next = bp->av_forw;
			iodone(bp);
			bp = next;
		}
	}
	return INTR_SUCC;
}

static void interrupt(void *driver, uint32_t causes)
{
	struct vscsi *vscsi = driver;

	atomic_fetch_or(&vscsi->causes, causes);
	i_interrupt(vscsi->intr.level);
}

/* The adapter's errors as the manual's labels have them; a reset is no error. */
static void log_events(const struct vscsi *vscsi, uint32_t events)
{
	const char *name = vscsi->dds.header.logical_name;

	if (events & SCSI_FATAL_HDW_ERR)
		error_log("SCSI_ERR1", name, "the adapter failed and left the bus");
	if (events & SCSI_ADAP_CMD_FAILED)
		error_log("SCSI_ERR2", name, "a command failed beyond recovery");
	if (events & SCSI_RESET_EVENT)
		error_log("SCSI_RESET", name, "the bus was reset");
}

static void adapter_event(void *driver, uint32_t events)
{
	struct vscsi *vscsi = driver;

	log_events(vscsi, events);
	scsi_event_report(&vscsi->adapter, events);
	hba_event(vscsi, HBA_ALL, events);
}

/* For those who had to do with it that is what a reset is: their commands are cut off. */
static void lost(void *driver, unsigned scsi_id)
{
	struct vscsi *vscsi = driver;

	error_log("SCSI_RESET", vscsi->dds.header.logical_name,
		"SCSI ID %u is gone: its process ended, or it failed", scsi_id);
	scsi_event_report_at(&vscsi->adapter, scsi_id, SCSI_RESET_EVENT);
	hba_event(vscsi, (int)scsi_id, SCSI_RESET_EVENT);
}

static void exhausted(void *driver, unsigned scsi_id)
{
	target_exhausted(driver, scsi_id);
}

static void resumed(void *driver, unsigned scsi_id, uint64_t time)
{
	target_resumed(driver, scsi_id, time);
}

static int power_on(struct vscsi *vscsi)
{
	const struct port_callbacks callbacks = {
		.interrupt = interrupt,
		.adapter_event = adapter_event,
		.lost = lost,
		.exhausted = exhausted,
		.resumed = resumed,
		.driver = vscsi,
	};
	const struct vscsi_dds *dds = &vscsi->dds;
	int error = port_open(
		&vscsi->port, dds->bus_memory, dds->scsi_id, dds->num_cmd_elems, &callbacks);

	if (error == EADDRINUSE)
		return cfg_refuse(error,
			"%s: SCSI ID %u is taken on the bus; give the adapter "
			"another id in machine.cfg",
			dds->header.logical_name, dds->scsi_id);
	if (error != 0)
		return cfg_refuse(error,
			"%s: the bus does not answer (%s); configure its bus first",
			dds->header.logical_name, strerror(error));
	return 0;
}

/* Enters a prepared adapter everywhere; undoes it all when a step fails. */
static int bring_up(struct vscsi *vscsi)
{
	if (i_init(&vscsi->intr) != INTR_SUCC)
		return cfg_refuse(EINVAL,
			"bus_intr_lvl %d is taken by an adapter with another intr_priority",
			vscsi->intr.level);

	int error = power_on(vscsi);
	if (error != 0) {
		i_clear(&vscsi->intr);
		return error;
	}
	error = hba_enter(vscsi);
	if (error == 0) {
		error = device_publish(vscsi->devno, vscsi->dds.header.logical_name,
			(int)vscsi->dds.intr_priority, &vscsi->counters);
		if (error != 0)
			sdi_unregister(&vscsi->hba);
	}
	if (error == 0 && atomic_fetch_add(&configured, 1) == 0) {
		error = devswadd(vscsi->devno, &entry_points);
		if (error != 0) {
			atomic_fetch_sub(&configured, 1);
			device_withdraw(vscsi->devno);
			sdi_unregister(&vscsi->hba);
		}
	}
	if (error != 0) {
		port_close(&vscsi->port);
		i_clear(&vscsi->intr);
	}
	return error;
}

static int initialise(dev_t devno, struct uio *uiop)
{
	struct vscsi_dds dds;

	if (minor(devno) >= VSCSI_ADAPTERS)
		return cfg_refuse(EINVAL, "minor number %u: the driver has 0 to %d", minor(devno),
			VSCSI_ADAPTERS - 1);
	if (vscsi_find(devno) != NULL)
		return cfg_refuse(EEXIST, "minor number %u is configured already", minor(devno));
	int error = dds_receive(uiop, &dds, sizeof(dds), vscsi_dds_check);
	if (error != 0)
		return error;

	struct vscsi *vscsi = xmalloc(sizeof(*vscsi), 6, pinned_heap);
	if (vscsi == NULL)
		return ENOMEM;
	memset(vscsi, 0, sizeof(*vscsi));
	vscsi->devno = devno;
	vscsi->priority = INTCLASS0 + (int)dds.intr_priority;
	vscsi->dds = dds;
	vscsi->intr = (struct intr){.handler = handle_interrupt,
		.level = (int)dds.bus_intr_lvl,
		.priority = vscsi->priority};
	scsi_adapter_init(&vscsi->adapter, devno, vscsi->priority);

	error = bring_up(vscsi);
	if (error != 0) {
		xmfree(vscsi, pinned_heap);
		return error;
	}
	atomic_store(&adapters[minor(devno)], vscsi);
	return 0;
}

static int terminate(dev_t devno)
{
	struct vscsi *vscsi = vscsi_find(devno);

	if (vscsi == NULL)
		return ENODEV;
	int old = disable_lock(vscsi->priority, &vscsi->lock);
	bool busy = vscsi->opens != 0;
	unlock_enable(old, &vscsi->lock);
	if (busy || scsi_adapter_in_use(&vscsi->adapter))
		return cfg_refuse(EBUSY, "%s is open", vscsi->dds.header.logical_name);
	if (sdi_unregister(&vscsi->hba) != 0)
		return cfg_refuse(EBUSY, "an SDI driver has claimed devices of %s",
			vscsi->dds.header.logical_name);

	atomic_store(&adapters[minor(devno)], NULL);
	if (atomic_fetch_sub(&configured, 1) == 1)
		devswdel(devno);
	device_withdraw(devno);
	port_close(&vscsi->port);
	i_clear(&vscsi->intr);
	xmfree(vscsi, pinned_heap);
	return 0;
}

/* The simulated adapter is one product. */
static int answer_product(struct uio *uiop)
{
	struct product_data product = {0};

	product_data_add(&product, "MF", "ODMCFG", 6);
	product_data_add(&product, "TM", "VSCSI", 5);
	product_data_add(&product, "RL", "0001", 4);
	return product_data_answer(&product, uiop);
}

KEX_EXPORT int kmod_entry(dev_t devno, int cmd, struct uio *uiop)
{
	switch (cmd) {
	case CFG_INIT:
		return initialise(devno, uiop);
	case CFG_TERM:
		return terminate(devno);
	case CFG_QVPD:
		return vscsi_find(devno) != NULL ? answer_product(uiop) : ENODEV;
	default:
		return EINVAL;
	}
}
