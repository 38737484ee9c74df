/* Configuration of simulated buses: CFG_INIT makes the bus and powers its disks on. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/driver.h>

#include "vbus/disk.h"

#define VBUS_BUSES 8

struct vbus {
	struct vbus_dds dds; /* first, see struct driver */
	struct disk_target targets[BUS_PORTS];
	bool has_disk[BUS_PORTS];
};

static void stop_disks(struct vbus *vbus)
{
	for (unsigned id = 0; id < BUS_PORTS; id++)
		if (vbus->has_disk[id])
			disk_target_stop(&vbus->targets[id]);
}

static int start_disks(struct vbus *vbus)
{
	char reason[DDS_REASON] = "";

	for (uint32_t i = 0; i < vbus->dds.disk_count; i++) {
		unsigned id = vbus->dds.disks[i].scsi_id;
		if (vbus->has_disk[id])
			continue;
		int error = disk_target_start(&vbus->targets[id], &vbus->dds, id, reason);
		if (error != 0) {
			stop_disks(vbus);
			return cfg_refuse(error, "%s", reason);
		}
		vbus->has_disk[id] = true;
	}
	return 0;
}

static int vbus_init(dev_t devno, void *device)
{
	struct vbus *vbus = device;

	if (bus_make(vbus->dds.memory) < 0) {
		int error = errno;
		return cfg_refuse(
			error, "bus memory %.100s: %s", vbus->dds.memory, strerror(error));
	}
	int error = start_disks(vbus);
	if (error == 0) {
		error = device_publish(devno, vbus->dds.header.logical_name, -1, NULL);
		if (error != 0)
			stop_disks(vbus);
	}
	if (error != 0)
		bus_remove(vbus->dds.memory);
	return error;
}

/* Whether anything but its own disks is on the bus. */
static bool has_adapters(struct vbus *vbus)
{
	for (unsigned id = 0; id < BUS_PORTS; id++) {
		if (vbus->has_disk[id])
			continue;
		struct bus_port *port = bus_attach(vbus->dds.memory, id);
		if (port == NULL)
			return errno == EADDRINUSE;
		bus_detach(port);
	}
	return false;
}

static int vbus_term(void *device)
{
	struct vbus *vbus = device;

	if (has_adapters(vbus))
		return cfg_refuse(EBUSY, "%s still has adapters", vbus->dds.header.logical_name);
	stop_disks(vbus);
	bus_remove(vbus->dds.memory);
	return 0;
}

static void *_Atomic buses[VBUS_BUSES]; /* by minor number */

static const struct driver driver = {
	.devices = buses,
	.limit = VBUS_BUSES,
	.device_size = sizeof(struct vbus),
	.dds_size = sizeof(struct vbus_dds),
	.check = vbus_dds_check,
	.init = vbus_init,
	.term = vbus_term,
};

DRIVER_ENTRY(driver)
