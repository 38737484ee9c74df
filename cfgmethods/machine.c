#include "machine.h"

#include <errno.h>
#include <libconfig.h>
#include <stdarg.h>
#include <string.h>

#include "base/paths.h"
#include "cfg_private.h"

void machine_release(struct machine *machine)
{
	for (int b = 0; b < machine->bus_count; b++) {
		struct machine_bus *bus = &machine->buses[b];
		for (int a = 0; a < bus->adapter_count; a++) {
			for (int d = 0; d < bus->adapters[a].disk_count; d++)
				free(bus->adapters[a].disks[d].file);
			free(bus->adapters[a].disks);
		}
		free(bus->adapters);
	}
	free(machine->buses);
	*machine = (struct machine){0};
}

/* A description being read; the first mistake is kept. */
struct description {
	const char *path;
	char *mistake;
};

static bool mistaken(struct description *description, const config_setting_t *where,
	const char *format, ...) PRINTF_LIKE(3, 4);
static bool mistaken(
	struct description *description, const config_setting_t *where, const char *format, ...)
{
	AUTO_FREE char *cause = NULL;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&cause, format, arguments) < 0)
		cause = NULL;
	va_end(arguments);
	if (asprintf(&description->mistake, "%s:%u: %s", description->path,
		    config_setting_source_line(where), cause != NULL ? cause : "mistake") < 0)
		description->mistake = NULL;
	return false;
}

/* Whether a group has no other keys than those of the list, which ends with NULL. */
static bool only_keys(
	struct description *description, config_setting_t *group, const char *const *keys)
{
	if (!config_setting_is_group(group))
		return mistaken(description, group, "a group in braces is expected");
	for (int i = 0; i < config_setting_length(group); i++) {
		config_setting_t *member = config_setting_get_elem(group, (unsigned)i);
		const char *const *key = keys;
		while (*key != NULL && strcmp(*key, config_setting_name(member)) != 0)
			key++;
		if (*key == NULL)
			return mistaken(description, member, "'%s' is not known here",
				config_setting_name(member));
	}
	return true;
}

static bool number(struct description *description, config_setting_t *group, const char *key,
	long low, long high, long *value)
{
	config_setting_t *member = config_setting_get_member(group, key);

	if (member == NULL)
		return mistaken(description, group, "'%s' is missing", key);
	if (config_setting_type(member) != CONFIG_TYPE_INT)
		return mistaken(description, member, "'%s' is not a number", key);
	*value = config_setting_get_int(member);
	if (*value < low || *value > high)
		return mistaken(description, member, "%s = %ld: allowed is %ld to %ld", key, *value,
			low, high);
	return true;
}

static bool string(struct description *description, config_setting_t *group, const char *key,
	char *room, size_t size)
{
	config_setting_t *member = config_setting_get_member(group, key);

	if (member == NULL)
		return mistaken(description, group, "'%s' is missing", key);
	const char *value = config_setting_get_string(member);
	if (value == NULL || *value == '\0' || !copy_text(room, size, value))
		return mistaken(
			description, member, "'%s' is not a text of 1 to %zu bytes", key, size - 1);
	return true;
}

/* The members of a list, and room for each; *list NULL and 0 when the group has no such list. */
static bool open_list(struct description *description, config_setting_t *group, const char *key,
	size_t size, config_setting_t **list, void *room, int *count)
{
	void *memory = NULL;

	*count = 0;
	*list = config_setting_get_member(group, key);
	if (*list != NULL && !config_setting_is_list(*list))
		return mistaken(description, *list, "'%s' is not a list in parentheses", key);
	int length = *list != NULL ? config_setting_length(*list) : 0;
	if (length > 0) {
		memory = calloc((size_t)length, size);
		if (memory == NULL)
			return mistaken(description, group, "there is not enough memory");
	}
	memcpy(room, &memory, sizeof(memory));
	*count = length;
	return true;
}

/* Relative paths are below the root's etc directory, where the description is. */
static char *absolute(const char *file)
{
	return *file == '/' ? strdup(file) : root_path(ROOT_ETC, file);
}

static bool read_disk(
	struct description *description, config_setting_t *group, struct machine_disk *disk)
{
	static const char *const keys[] = {"scsi_id", "lun", "file", "size_mb", "serial", NULL};
	char file[DDS_PATH];
	long scsi_id, lun, size_mb;

	if (!only_keys(description, group, keys) ||
		!number(description, group, "scsi_id", 0, 7, &scsi_id) ||
		!number(description, group, "lun", 0, 7, &lun) ||
		!number(description, group, "size_mb", 1, 1048576, &size_mb) ||
		!string(description, group, "file", file, sizeof(file)) ||
		!string(description, group, "serial", disk->serial, sizeof(disk->serial)))
		return false;
	disk->scsi_id = (int)scsi_id;
	disk->lun = (int)lun;
	disk->size = (uint64_t)size_mb << 20;
	disk->file = absolute(file);
	return disk->file != NULL || mistaken(description, group, "there is not enough memory");
}

static bool read_adapter(
	struct description *description, config_setting_t *group, struct machine_adapter *adapter)
{
	static const char *const keys[] = {"slot", "scsi_id", "disks", NULL};
	config_setting_t *disks;
	long scsi_id;

	if (!only_keys(description, group, keys) ||
		!string(description, group, "slot", adapter->slot, sizeof(adapter->slot)) ||
		!number(description, group, "scsi_id", 0, 7, &scsi_id) ||
		!open_list(description, group, "disks", sizeof(*adapter->disks), &disks,
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
			return mistaken(description, where,
				"a disk and an adapter of one bus both have SCSI ID %d",
				disk->scsi_id);
		if (occupants->disk[disk->scsi_id][disk->lun])
			return mistaken(description, where,
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
				return mistaken(description, where,
					"two adapters of one bus are both in slot %s",
					bus->adapters[a].slot);
		if (occupants.adapter[bus->adapters[a].scsi_id])
			return mistaken(description, where,
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

	if (!only_keys(description, group, keys) ||
		!string(description, group, "location", bus->location, sizeof(bus->location)) ||
		!open_list(description, group, "adapters", sizeof(*bus->adapters), &adapters,
			&bus->adapters, &bus->adapter_count))
		return false;
	for (int i = 0; i < bus->adapter_count; i++)
		if (!read_adapter(description, config_setting_get_elem(adapters, (unsigned)i),
			    &bus->adapters[i]))
			return false;
	return check_bus(description, adapters, bus);
}

static bool read_root(
	struct description *description, config_setting_t *root, struct machine *machine)
{
	static const char *const keys[] = {"buses", NULL};
	config_setting_t *buses;

	if (!only_keys(description, root, keys) ||
		!open_list(description, root, "buses", sizeof(*machine->buses), &buses,
			&machine->buses, &machine->bus_count))
		return false;
	for (int i = 0; i < machine->bus_count; i++) {
		config_setting_t *group = config_setting_get_elem(buses, (unsigned)i);
		if (!read_bus(description, group, &machine->buses[i]))
			return false;
		for (int other = 0; other < i; other++)
			if (strcmp(machine->buses[i].location, machine->buses[other].location) == 0)
				return mistaken(description, group, "two buses are both at %s",
					machine->buses[i].location);
	}
	return true;
}

char *machine_read(struct machine *machine)
{
	AUTO(config_destroy) config_t config;
	struct description description = {0};

	config_init(&config);
	AUTO_FREE char *path = root_path(ROOT_ETC, "machine.cfg");
	if (path == NULL)
		return strdup("there is not enough memory");
	description.path = path;
	if (config_read_file(&config, path) != CONFIG_TRUE) {
		char *mistake = NULL;
		int length =
			config_error_type(&config) == CONFIG_ERR_FILE_IO
				? asprintf(&mistake, "%s: can't be read; odmcfg init writes one",
					  path)
				: asprintf(&mistake, "%s:%d: %s", path, config_error_line(&config),
					  config_error_text(&config));
		return length < 0 ? strdup(path) : mistake;
	}
	if (!read_root(&description, config_root_setting(&config), machine))
		machine_release(machine);
	return description.mistake;
}

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

static const char default_machine[] =
	"# The simulated hardware that cfgmgr finds. Change it and run cfgmgr again.\n"
	"#\n"
	"# buses     a list: location (two digits), adapters\n"
	"# adapters  a list: slot (two digits), scsi_id (0-7, one for each on a bus), disks\n"
	"# disks     a list: scsi_id, lun (0-7), file (relative to this directory, made when it "
	"is\n"
	"#           missing), size_mb, serial\n"
	"buses = (\n"
	"  { location = \"00\";\n"
	"    adapters = (\n"
	"      { slot = \"00\"; scsi_id = 7;\n"
	"        disks = (\n"
	"          { scsi_id = 0; lun = 0; file = \"disk0.img\"; size_mb = 64; serial = "
	"\"ODM0000001\"; }\n"
	"        );\n"
	"      },\n"
	"      { slot = \"01\"; scsi_id = 6; }\n"
	"    );\n"
	"  }\n"
	");\n";

int machine_write_default(const char *path)
{
	AUTO_FCLOSE FILE *file = fopen(path, "wx");

	if (file == NULL)
		return -1;
	return fputs(default_machine, file) < 0 || fflush(file) != 0 ? -1 : 0;
}
