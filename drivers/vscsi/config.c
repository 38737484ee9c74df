/* Configuration of virtual SCSI adapters: CFG_INIT powers one on, CFG_TERM off. */
#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/driver.h>
#include <sys/errids.h>

#include "dds/product_data.h"
#include "vscsi/vscsi.h"

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
	if (error != 0)
		goto clear;
	error = hba_enter(vscsi);
	if (error != 0)
		goto power_off;
	error = device_publish(vscsi->devno, vscsi->dds.header.logical_name,
		(int)vscsi->dds.intr_priority, &vscsi->counters);
	if (error == 0)
		return 0;
	sdi_unregister(&vscsi->hba);
power_off:
	port_close(&vscsi->port);
clear:
	i_clear(&vscsi->intr);
	return error;
}

static int vscsi_init(dev_t devno, void *device)
{
	struct vscsi *vscsi = device;

	vscsi->devno = devno;
	vscsi->priority = INTCLASS0 + (int)vscsi->dds.intr_priority;
	vscsi->intr = (struct intr){.handler = handle_interrupt,
		.level = (int)vscsi->dds.bus_intr_lvl,
		.priority = vscsi->priority};
	vscsi->commands = (struct adapter_commands){.devno = devno,
		.max_transfer = vscsi->dds.max_transfer,
		.strategy = vscsi_strategy};
	scsi_adapter_init(&vscsi->adapter, devno, vscsi->priority);
	return bring_up(vscsi);
}

static int vscsi_term(void *device)
{
	struct vscsi *vscsi = device;

	if (scsi_adapter_in_use(&vscsi->adapter))
		return cfg_refuse(EBUSY, "%s is open", vscsi->dds.header.logical_name);
	if (sdi_unregister(&vscsi->hba) != 0)
		return cfg_refuse(EBUSY, "an SDI driver has claimed devices of %s",
			vscsi->dds.header.logical_name);
	port_close(&vscsi->port);
	i_clear(&vscsi->intr);
	return 0;
}

/* The simulated adapter is one product. */
static int vscsi_product(void *device, struct uio *uiop)
{
	struct product_data product = {0};

	(void)device;
	product_data_add(&product, "MF", "ODMCFG", 6);
	product_data_add(&product, "TM", "VSCSI", 5);
	product_data_add(&product, "RL", "0001", 4);
	return product_data_answer(&product, uiop);
}

static const struct devsw entry_points = {
	.d_open = vscsi_open,
	.d_ioctl = vscsi_ioctl,
	.d_ioctls = vscsi_ioctls,
	.d_strategy = vscsi_strategy,
};

static void *_Atomic adapters[VSCSI_ADAPTERS]; /* by minor number */

static const struct driver driver = {
	.devices = adapters,
	.limit = VSCSI_ADAPTERS,
	.device_size = sizeof(struct vscsi),
	.dds_size = sizeof(struct vscsi_dds),
	.check = vscsi_dds_check,
	.entry_points = &entry_points,
	.init = vscsi_init,
	.term = vscsi_term,
	.vpd = vscsi_product,
};

struct vscsi *vscsi_find(dev_t devno)
{
	return driver_find(&driver, devno);
}

DRIVER_ENTRY(driver)
