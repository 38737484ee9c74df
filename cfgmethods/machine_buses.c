/* machine.cfg: the SCSI buses with their adapters and disks. */
#include "base/paths.h"
#include "description.h"

/* Relative paths are below the root's etc directory, where the description is. */
static char *absolute(const char *file)
{
	return *file == '/' ? strdup(file) : root_path(ROOT_ETC, file);
}

static bool read_disk(
	struct description *description, config_setting_t *group, struct machine_disk *disk)
{
	static const char *const keys[] = {"scsi_id", "lun", "file", "size_mb", "serial", "values",
		"vpd", "heading", "physloc", "platform", NULL};
	char file[DDS_PATH];
	long scsi_id, lun, size_mb;

	if (!description_only_keys(description, group, keys) ||
		!description_number(description, group, "scsi_id", 0, 7, &scsi_id) ||
		!description_number(description, group, "lun", 0, 7, &lun) ||
		!description_number(description, group, "size_mb", 1, 1048576, &size_mb) ||
		!description_string(description, group, "file", file, sizeof(file)) ||
		!description_string(
			description, group, "serial", disk->serial, sizeof(disk->serial)))
		return false;
	disk->scsi_id = (int)scsi_id;
	disk->lun = (int)lun;
	disk->size = (uint64_t)size_mb << 20;
	disk->file = absolute(file);
	return disk->file != NULL ||
	       description_mistaken(description, group, "there is not enough memory");
}

static bool read_adapter(
	struct description *description, config_setting_t *group, struct machine_adapter *adapter)
{
	static const char *const keys[] = {"slot", "scsi_id", "disks", "values", "vpd", "heading",
		"physloc", "platform", NULL};
	config_setting_t *disks;
	long scsi_id;

	if (!description_only_keys(description, group, keys) ||
		!description_word(
			description, group, "slot", adapter->slot, sizeof(adapter->slot)) ||
		!description_number(description, group, "scsi_id", 0, 7, &scsi_id) ||
		!description_list(description, group, "disks", sizeof(*adapter->disks), &disks,
			&adapter->disks, &adapter->disk_count))
		return false;
	adapter->scsi_id = (int)scsi_id;
	for (int i = 0; i < adapter->disk_count; i++)
		if (!read_disk(description, config_setting_get_elem(disks, (unsigned)i),
			    &adapter->disks[i]))
			return false;
	return true;
}

/* Who has a SCSI ID on the bus, by the ID; disks share one by LUN. */
struct occupants {
	bool adapter[8];
	bool disk[8][8];
};

static bool place_disks(struct description *description, config_setting_t *where,
	const struct machine_adapter *adapter, struct occupants *occupants)
{
	for (int d = 0; d < adapter->disk_count; d++) {
		const struct machine_disk *disk = &adapter->disks[d];
		if (occupants->adapter[disk->scsi_id])
			return description_mistaken(description, where,
				"a disk and an adapter of one bus both have SCSI ID %d",
				disk->scsi_id);
		if (occupants->disk[disk->scsi_id][disk->lun])
			return description_mistaken(description, where,
				"two disks of one bus both have SCSI ID %d and LUN %d",
				disk->scsi_id, disk->lun);
		occupants->disk[disk->scsi_id][disk->lun] = true;
	}
	return true;
}

/* What can't be true of one bus at once. */
static bool check_bus(
	struct description *description, config_setting_t *list, const struct machine_bus *bus)
{
	struct occupants occupants = {0};

	for (int a = 0; a < bus->adapter_count; a++) {
		config_setting_t *where = config_setting_get_elem(list, (unsigned)a);
		for (int other = 0; other < a; other++)
			if (strcmp(bus->adapters[a].slot, bus->adapters[other].slot) == 0)
				return description_mistaken(description, where,
					"two adapters of one bus are both in slot %s",
					bus->adapters[a].slot);
		if (occupants.adapter[bus->adapters[a].scsi_id])
			return description_mistaken(description, where,
				"two adapters of one bus both have SCSI ID %d",
				bus->adapters[a].scsi_id);
		occupants.adapter[bus->adapters[a].scsi_id] = true;
	}
	for (int a = 0; a < bus->adapter_count; a++)
		if (!place_disks(description, config_setting_get_elem(list, (unsigned)a),
			    &bus->adapters[a], &occupants))
			return false;
	return true;
}

static bool read_bus(
	struct description *description, config_setting_t *group, struct machine_bus *bus)
{
	static const char *const keys[] = {"location", "adapters", NULL};
	config_setting_t *adapters;

	if (!description_only_keys(description, group, keys) ||
		!description_word(
			description, group, "location", bus->location, sizeof(bus->location)) ||
		!description_list(description, group, "adapters", sizeof(*bus->adapters), &adapters,
			&bus->adapters, &bus->adapter_count))
		return false;
	for (int i = 0; i < bus->adapter_count; i++)
		if (!read_adapter(description, config_setting_get_elem(adapters, (unsigned)i),
			    &bus->adapters[i]))
			return false;
	return check_bus(description, adapters, bus);
}

/* The devices that a bus is to the methods that detect them. */
static struct machine_device *add_node(struct machine_device *parent, const char *type)
{
	struct machine_device *longer = realloc(
		parent->devices, (size_t)(parent->device_count + 1) * sizeof(*parent->devices));

	if (longer == NULL)
		return NULL;
	parent->devices = longer;
	struct machine_device *node = &longer[parent->device_count++];
	*node = (struct machine_device){0};
	copy_text(node->type, sizeof(node->type), type);
	return node;
}

/* A value that follows from the place; the group's own come behind it and win. */
static bool add_value(struct machine_device *node, const char *attribute, long long number)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", number);
	return attribute_changes_add(&node->values, attribute, text);
}

static bool no_memory(struct description *description, const config_setting_t *group)
{
	return description_mistaken(description, group, "there is not enough memory");
}

static bool add_disk_node(struct description *description, config_setting_t *group,
	struct machine_device *adapter, const struct machine_disk *disk)
{
	struct machine_device *node = add_node(adapter, "disk/scsi/vdisk");

	if (node == NULL || !add_value(node, "scsi_id", disk->scsi_id) ||
		!add_value(node, "lun_id", disk->lun) ||
		!add_value(node, "size_in_mb", (long long)(disk->size >> 20)) ||
		!attribute_changes_add(&node->values, "unique_id", disk->serial))
		return no_memory(description, group);
	snprintf(node->where, sizeof(node->where), "%d,%d", disk->scsi_id, disk->lun);
	snprintf(node->location, sizeof(node->location), "%.16s-00-%d,%d", adapter->location,
		disk->scsi_id, disk->lun);
	return description_values(description, group, &node->values) &&
	       description_product(description, group, node);
}

static bool add_adapter_node(struct description *description, config_setting_t *group,
	struct machine_device *bus, const struct machine_adapter *adapter)
{
	config_setting_t *disks = config_setting_get_member(group, "disks");
	struct machine_device *node = add_node(bus, "adapter/vbus/vscsi");

	if (node == NULL || !add_value(node, "id", adapter->scsi_id))
		return no_memory(description, group);
	snprintf(node->where, sizeof(node->where), "%s", adapter->slot);
	snprintf(node->location, sizeof(node->location), "%.8s-%s", bus->location, adapter->slot);
	bool ok = description_values(description, group, &node->values) &&
		  description_product(description, group, node);
	for (int i = 0; i < adapter->disk_count && ok; i++)
		ok = add_disk_node(description, config_setting_get_elem(disks, (unsigned)i), node,
			&adapter->disks[i]);
	return ok;
}

static bool add_bus_node(struct description *description, config_setting_t *group,
	struct machine_device *system, const struct machine_bus *bus)
{
	config_setting_t *adapters = config_setting_get_member(group, "adapters");
	struct machine_device *node = add_node(system, "bus/sys/vbus");

	if (node == NULL)
		return no_memory(description, group);
	snprintf(node->where, sizeof(node->where), "%s", bus->location);
	snprintf(node->location, sizeof(node->location), "%s", bus->location);
	for (int i = 0; i < bus->adapter_count; i++)
		if (!add_adapter_node(description, config_setting_get_elem(adapters, (unsigned)i),
			    node, &bus->adapters[i]))
			return false;
	return true;
}

bool description_buses(
	struct description *description, config_setting_t *root, struct machine *machine)
{
	config_setting_t *buses;

	if (!description_list(description, root, "buses", sizeof(*machine->buses), &buses,
		    &machine->buses, &machine->bus_count))
		return false;
	for (int i = 0; i < machine->bus_count; i++) {
		config_setting_t *group = config_setting_get_elem(buses, (unsigned)i);
		if (!read_bus(description, group, &machine->buses[i]))
			return false;
		for (int other = 0; other < i; other++)
			if (strcmp(machine->buses[i].location, machine->buses[other].location) == 0)
				return description_mistaken(description, group,
					"two buses are both at %s", machine->buses[i].location);
		if (!add_bus_node(description, group, &machine->system, &machine->buses[i]))
			return false;
	}
	return true;
}
