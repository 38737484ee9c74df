/*
 * Configure method of the virtual SCSI adapter. Its children are what a scan of the bus finds: the
 * other adapters, where both have target mode on, and the disks mapped to it.
 */
#include "children.h"
#include "configure_method.h"

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

static void add_peer(struct detection *detection, const struct machine_adapter *peer)
{
	const struct CuDv *self = &detection->parent->cudv;
	char scsi_id[16], attributes[2][16] = {"scsi_id", "lun_id"};
	struct attribute_change values[] = {
		{attributes[0], scsi_id}, {attributes[1], (char[]){"0"}}};
	struct machine_device child = {
		.type = MACHINE_PEER, .values = {.changes = values, .count = 2}};

	snprintf(scsi_id, sizeof(scsi_id), "%d", peer->scsi_id);
	machine_peer_place(peer, child.where, sizeof(child.where));
	snprintf(child.location, sizeof(child.location), "%.16s-00-%.11s", self->location,
		child.where);
	detection_add(detection, &child);
}

static void add_peers(struct detection *detection, const struct machine_bus *bus)
{
	const struct device *device = detection->parent;

	for (int i = 0; i < bus->adapter_count; i++)
		if (strcmp(bus->adapters[i].slot, device->cudv.connwhere) != 0 &&
			peer_target_mode(device, &bus->adapters[i]))
			add_peer(detection, &bus->adapters[i]);
}

static int find_children(const struct device *device, struct method_output *output)
{
	AUTO(device_release) struct device parent = {0};
	struct detection detection;
	char *mistake;
	const struct machine *machine = machine_get(&mistake);
	AUTO_FREE char *owned = mistake;

	if (machine == NULL)
		return method_fail(output, E_FINDCHILD, "%s.", owned != NULL ? owned : "");
	int code = device_find(device->cudv.parent, &parent, output);
	if (code != E_OK)
		return code;
	const struct machine_bus *bus = machine_find_bus(machine, parent.cudv.connwhere);
	const struct machine_device *described = machine_find_device(machine, &device->cudv);
	detection_start(&detection, device, output);
	if (bus != NULL && described != NULL && target_mode(device->cudv.name))
		add_peers(&detection, bus);
	for (int i = 0; described != NULL && i < described->device_count; i++)
		detection_add(&detection, &described->devices[i]);
	return detection_end(&detection);
}

int method_cfgvscsi(int argc, char **argv, struct method_output *output)
{
	return configure(argc, argv, find_children, output);
}
