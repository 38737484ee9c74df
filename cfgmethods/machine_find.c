/* Finding in the description of the machine. */
#include "machine.h"

#include <stdint.h>

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

/* Looks behind the child found last, for they are asked for in their order. */
static const struct machine_device *child_at(
	const struct machine_device *parent, const char *type, const char *where)
{
	/* Parents are asked for in turn. */
	static struct {
		const struct machine_device *parent;
		int child;
	} last[64];
	size_t place = (uintptr_t)parent / sizeof(*parent) % (sizeof(last) / sizeof(*last));
	int from = last[place].parent == parent ? last[place].child : 0;

	for (int n = 0; n < parent->device_count; n++) {
		int i = (int)(((long)from + n) % parent->device_count);
		if (strcmp(parent->devices[i].where, where) == 0 &&
			strcmp(parent->devices[i].type, type) == 0) {
			last[place].parent = parent;
			last[place].child = i;
			return &parent->devices[i];
		}
	}
	return NULL;
}

/* Devices that were asked for last, each with those on the way to it; the next to be replaced. */
static struct {
	char parent[16], where[32], type[48];
	const struct machine_device *found;
} recent[16];
static unsigned next_recent;

void machine_forget_places(void)
{
	memset(recent, 0, sizeof(recent));
}

static const struct machine_device *find_device(
	const struct machine *machine, const struct CuDv *device)
{
	struct CuDv parent;

	if (find_object(CuDv_CLASS, &parent, "name = %s", device->parent) != 1)
		return NULL;
	const struct machine_device *above = machine_find_device(machine, &parent);
	return above != NULL ? child_at(above, device->PdDvLn_Lvalue, device->connwhere) : NULL;
}

const struct machine_device *machine_find_device(
	const struct machine *machine, const struct CuDv *device)
{
	if (device->parent[0] == '\0')
		return strcmp(device->name, "sys0") == 0 ? &machine->system : NULL;
	for (size_t i = 0; i < sizeof(recent) / sizeof(*recent); i++)
		if (recent[i].found != NULL && strcmp(recent[i].parent, device->parent) == 0 &&
			strcmp(recent[i].where, device->connwhere) == 0 &&
			strcmp(recent[i].type, device->PdDvLn_Lvalue) == 0)
			return recent[i].found;
	const struct machine_device *found = find_device(machine, device);
	if (found == NULL)
		return NULL;
	strcpy(recent[next_recent].parent, device->parent);
	strcpy(recent[next_recent].where, device->connwhere);
	strcpy(recent[next_recent].type, device->PdDvLn_Lvalue);
	recent[next_recent].found = found;
	next_recent = (next_recent + 1) % (sizeof(recent) / sizeof(*recent));
	return found;
}

void machine_peer_place(const struct machine_adapter *adapter, char *place, size_t size)
{
	snprintf(place, size, "%d,0", adapter->scsi_id);
}

/* An adapter of a bus in target mode is a device to each of the others; it has no description. */
static bool peer_at(const struct machine *machine, const struct CuDv *adapter, const char *where)
{
	struct CuDv bus_device;
	char place[16];

	if (find_object(CuDv_CLASS, &bus_device, "name = %s", adapter->parent) != 1)
		return false;
	const struct machine_bus *bus = machine_find_bus(machine, bus_device.connwhere);
	for (int i = 0; bus != NULL && i < bus->adapter_count; i++) {
		machine_peer_place(&bus->adapters[i], place, sizeof(place));
		if (strcmp(place, where) == 0 &&
			strcmp(bus->adapters[i].slot, adapter->connwhere) != 0)
			return true;
	}
	return false;
}

bool machine_has(const struct machine *machine, const struct CuDv *device)
{
	struct CuDv parent;

	if (machine_find_device(machine, device) != NULL)
		return true;
	return strcmp(device->PdDvLn_Lvalue, MACHINE_PEER) == 0 &&
	       find_object(CuDv_CLASS, &parent, "name = %s", device->parent) == 1 &&
	       peer_at(machine, &parent, device->connwhere);
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
