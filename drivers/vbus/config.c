/* Configuration of simulated buses: CFG_INIT makes the bus and powers its disks on. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/device.h>
#include <sys/sysmacros.h>

#include "dds/receive.h"
#include "vbus/disk.h"

#define VBUS_BUSES 8

struct vbus {
	struct vbus_dds dds;
	struct disk_target targets[BUS_PORTS];
	bool has_disk[BUS_PORTS];
};

/* By minor number. Touched by configuration calls only, which the host serialises. */
static struct vbus *buses[VBUS_BUSES];

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

static int bring_up(dev_t devno, struct vbus *vbus)
{
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

static int initialise(dev_t devno, struct uio *uiop)
{
	if (minor(devno) >= VBUS_BUSES)
		return cfg_refuse(EINVAL, "minor number %u: the driver has 0 to %d", minor(devno),
			VBUS_BUSES - 1);
	if (buses[minor(devno)] != NULL)
		return cfg_refuse(EEXIST, "minor number %u is configured already", minor(devno));
	struct vbus *vbus = calloc(1, sizeof(*vbus));
	if (vbus == NULL)
		return ENOMEM;

	int error = dds_receive(uiop, &vbus->dds, sizeof(vbus->dds), vbus_dds_check);
	if (error == 0)
		error = bring_up(devno, vbus);
	if (error == 0)
		buses[minor(devno)] = vbus;
	else
		free(vbus);
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

static int terminate(dev_t devno)
{
	struct vbus *vbus = minor(devno) < VBUS_BUSES ? buses[minor(devno)] : NULL;

	if (vbus == NULL)
		return ENODEV;
	if (has_adapters(vbus))
		return cfg_refuse(EBUSY, "%s still has adapters", vbus->dds.header.logical_name);
	buses[minor(devno)] = NULL;
	device_withdraw(devno);
	stop_disks(vbus);
	bus_remove(vbus->dds.memory);
	free(vbus);
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
