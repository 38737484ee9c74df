/* Finding in the description of the machine. */
#include "machine.h"

const struct machine_bus *machine_find_bus(const struct machine *machine, const char *location)
{
	for (int i = 0; i < machine->bus_count; i++)
		if (strcmp(machine->buses[i].location, location) == 0)
			return &machine->buses[i];
	return NULL;
}

const struct machine_adapter *machine_find_adapter(const struct machine_bus *bus, const char *slot)
{
	for (int i = 0; i < bus->adapter_count; i++)
		if (strcmp(bus->adapters[i].slot, slot) == 0)
			return &bus->adapters[i];
	return NULL;
}

static const struct machine_device *child_at(
	const struct machine_device *parent, const char *type, const char *where)
{
	for (int i = 0; i < parent->device_count; i++)
		if (strcmp(parent->devices[i].where, where) == 0 &&
			strcmp(parent->devices[i].type, type) == 0)
			return &parent->devices[i];
	return NULL;
}

const struct machine_device *machine_find_device(
	const struct machine *machine, const struct CuDv *device)
{
	struct CuDv parent;

	if (device->parent[0] == '\0')
		return strcmp(device->name, "sys0") == 0 ? &machine->system : NULL;
	if (find_object(CuDv_CLASS, &parent, "name = %s", device->parent) != 1)
		return NULL;
	const struct machine_device *above = machine_find_device(machine, &parent);
	return above != NULL ? child_at(above, device->PdDvLn_Lvalue, device->connwhere) : NULL;
}

bool machine_fill_disks(const struct machine_bus *bus, struct vbus_dds *dds)
{
	for (int a = 0; a < bus->adapter_count; a++)
		for (int d = 0; d < bus->adapters[a].disk_count; d++) {
			const struct machine_disk *from = &bus->adapters[a].disks[d];
			if (dds->disk_count == DDS_DISKS)
				return false;
			struct vbus_disk *to = &dds->disks[dds->disk_count++];
			to->scsi_id = (uint32_t)from->scsi_id;
			to->lun = (uint32_t)from->lun;
			to->size = from->size;
			if (!copy_text(to->file, sizeof(to->file), from->file) ||
				!copy_text(to->serial, sizeof(to->serial), from->serial))
				return false;
		}
	return true;
}
