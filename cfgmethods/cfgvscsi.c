/*
 * Configure method of the virtual SCSI adapter. Its children are what a scan of the bus finds: the
 * other adapters, where both have target mode on, and the disks mapped to it.
 */
#include "configure.h"
#include "machine.h"

static int find_at(const struct device *device, const char *uniquetype, int scsi_id, int lun,
	const char *attributes, struct method_output *output)
{
	char connection[16], location[64];

	snprintf(connection, sizeof(connection), "%d,%d", scsi_id, lun);
	snprintf(location, sizeof(location), "%s-00-%s", device->cudv.location, connection);
	const struct detected child = {.uniquetype = uniquetype,
		.connection = connection,
		.location = location,
		.attributes = attributes};
	return child_detected(device, &child, output);
}

/* Whether an adapter does target mode: its attribute tm. */
static bool target_mode(const char *adapter)
{
	int count;
	struct CuAt *tm = getattr(adapter, "tm", FALSE, &count);
	bool enabled = tm != NULL && strcmp(tm->value, "yes") == 0;

	freeattr(tm, count);
	return enabled;
}

/* A peer that is not in the database yet does not answer as a target yet. */
static bool peer_target_mode(const struct device *device, const struct machine_adapter *peer)
{
	struct CuDv object;

	return find_object(CuDv_CLASS, &object, "parent = %s AND connwhere = %s",
		       device->cudv.parent, peer->slot) == 1 &&
	       target_mode(object.name);
}

static int find_peers(
	const struct device *device, const struct machine_bus *bus, struct method_output *output)
{
	char attributes[64];
	int code = E_OK;

	for (int i = 0; i < bus->adapter_count && code == E_OK; i++) {
		const struct machine_adapter *peer = &bus->adapters[i];
		if (strcmp(peer->slot, device->cudv.connwhere) == 0 ||
			!peer_target_mode(device, peer))
			continue;
		snprintf(attributes, sizeof(attributes), "scsi_id=%d lun_id=0", peer->scsi_id);
		code = find_at(device, "tmscsi/scsi/tmscsi", peer->scsi_id, 0, attributes, output);
	}
	return code;
}

static int find_disks(const struct device *device, const struct machine_adapter *adapter,
	struct method_output *output)
{
	char attributes[160];
	int code = E_OK;

	for (int i = 0; i < adapter->disk_count && code == E_OK; i++) {
		const struct machine_disk *disk = &adapter->disks[i];
		snprintf(attributes, sizeof(attributes),
			"scsi_id=%d lun_id=%d size_in_mb=%llu unique_id=%s", disk->scsi_id,
			disk->lun, (unsigned long long)disk->size >> 20, disk->serial);
		code = find_at(
			device, "disk/scsi/vdisk", disk->scsi_id, disk->lun, attributes, output);
	}
	return code;
}

static int find_children(const struct device *device, struct method_output *output)
{
	AUTO(machine_release) struct machine machine = {0};
	AUTO(device_release) struct device parent = {0};
	AUTO_FREE char *mistake = machine_read(&machine);

	if (mistake != NULL)
		return method_fail(output, E_FINDCHILD, "%s.", mistake);
	int code = device_find(device->cudv.parent, &parent, output);
	if (code != E_OK)
		return code;
	const struct machine_bus *bus = machine_find_bus(&machine, parent.cudv.connwhere);
	const struct machine_adapter *adapter =
		bus != NULL ? machine_find_adapter(bus, device->cudv.connwhere) : NULL;
	if (adapter == NULL)
		return children_compare(device, output);
	if (target_mode(device->cudv.name))
		code = find_peers(device, bus, output);
	if (code == E_OK)
		code = find_disks(device, adapter, output);
	return code == E_OK ? children_compare(device, output) : code;
}

int method_cfgvscsi(int argc, char **argv, struct method_output *output)
{
	return configure(argc, argv, find_children, output);
}
