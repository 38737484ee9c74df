/* What odmcfg export wrote, read again. */
#include <libconfig.h>
#include <string.h>

#include "base/message.h"
#include "cfgmethods/config_file.h"
#include "import_sources.h"
#include "stored.h"

/* One entry of the file. */
struct entry {
	config_setting_t *group;
	const char *unique_id, *type, *name; /* NULL: not given */
	char device[16]; /* that is meant, "" for none yet */
};

struct import {
	const char *path;
	struct entry *entries;
	int count;
	struct wishes *wishes;
};

static bool mistaken(const struct import *import, const config_setting_t *setting, const char *what)
{
	message("%s:%u: %s", import->path, config_setting_source_line(setting), what);
	return false;
}

/* The texts of an entry; what else is in it is a mistake. */
static bool read_entry(const struct import *import, config_setting_t *group, struct entry *entry)
{
	entry->group = group;
	if (!config_setting_is_group(group))
		return mistaken(import, group, "a device is a group in braces");
	for (int i = 0; i < config_setting_length(group); i++) {
		config_setting_t *member = config_setting_get_elem(group, (unsigned)i);
		const char *name = config_setting_name(member);
		const char **place = strcmp(name, "unique_id") == 0 ? &entry->unique_id
				     : strcmp(name, "type") == 0    ? &entry->type
				     : strcmp(name, "name") == 0    ? &entry->name
								    : NULL;
		if (place == NULL && strcmp(name, "attributes") != 0)
			return mistaken(import, member,
				"a device has unique_id, type, name and attributes, and nothing "
				"else");
		if (place != NULL && config_setting_type(member) != CONFIG_TYPE_STRING)
			return mistaken(import, member, "this is a text in quotes");
		if (place != NULL)
			*place = config_setting_get_string(member);
		else if (!config_setting_is_group(member))
			return mistaken(import, member, "'attributes' is a group in braces");
	}
	if (entry->unique_id != NULL || (entry->type != NULL && entry->name != NULL))
		return true;
	return mistaken(import, group, "a device has a unique_id, or a type and a name");
}

static bool read_entries(struct import *import, const config_t *config)
{
	config_setting_t *list = config_lookup(config, "devices");

	if (list == NULL || !config_setting_is_list(list)) {
		message("%s: there is no list 'devices': this is no file of odmcfg export",
			import->path);
		return false;
	}
	int count = config_setting_length(list);
	import->entries = calloc((size_t)count + 1, sizeof(*import->entries));
	if (import->entries == NULL) {
		message("there is not enough memory");
		return false;
	}
	import->count = count;
	for (int i = 0; i < count; i++)
		if (!read_entry(import, config_setting_get_elem(list, (unsigned)i),
			    &import->entries[i]))
			return false;
	return true;
}

/* Whether an entry before has the device already. */
static bool is_taken(const struct import *import, const char *device)
{
	for (int i = 0; i < import->count; i++)
		if (strcmp(import->entries[i].device, device) == 0)
			return true;
	return false;
}

/* The device of the type that is known by the unique_id, or by its parent's. 0 or -1. */
static int find_by_id(struct entry *entry)
{
	struct listinfo info;
	struct CuAt *known = list_objects(
		CuAt_CLASS, &info, "attribute = 'unique_id' AND value = %s", entry->unique_id);
	struct CuDv cudv;
	char other[16] = "";

	if (known == ODM_FAILED)
		return -1;
	for (int i = 0; known != NULL && i < info.num && entry->device[0] == '\0'; i++) {
		const char *name = known[i].name;
		if (find_object(CuDv_CLASS, &cudv, "name = %s", name) != 1)
			continue;
		if (entry->type == NULL || strcmp(cudv.PdDvLn_Lvalue, entry->type) == 0)
			snprintf(entry->device, sizeof(entry->device), "%s", name);
		else if (find_object(CuDv_CLASS, &cudv, "parent = %s AND PdDvLn = %s", name,
				 entry->type) == 1)
			snprintf(entry->device, sizeof(entry->device), "%s", cudv.name);
		else
			snprintf(other, sizeof(other), "%s", name);
	}
	if (known != NULL)
		odm_free_list(known, &info);
	/* A disk that is at another transport now is the same disk; an adapter is no interface. */
	const struct kernel_type *type = entry->type != NULL ? kernel_type_read(entry->type) : NULL;
	if (entry->device[0] == '\0' && (type == NULL || !type->by_parent))
		strcpy(entry->device, other);
	return 0;
}

/* For those that no unique_id leads to. 0 or -1. */
static int find_by_name(struct import *import, struct entry *entry)
{
	struct CuDv cudv;

	if (entry->name == NULL || entry->type == NULL)
		return 0;
	int found = find_object(
		CuDv_CLASS, &cudv, "name = %s AND PdDvLn = %s", entry->name, entry->type);
	if (found != 1 || is_taken(import, entry->name))
		return found < 0 ? -1 : 0;
	snprintf(entry->device, sizeof(entry->device), "%s", entry->name);
	if (entry->unique_id != NULL)
		message("no device is known as %s: %s is taken by its name and type",
			entry->unique_id, entry->name);
	return 0;
}

static bool find_devices(struct import *import)
{
	int result = 0;

	for (int i = 0; i < import->count && result == 0; i++)
		if (import->entries[i].unique_id != NULL)
			result = find_by_id(&import->entries[i]);
	for (int i = 0; i < import->count && result == 0; i++)
		if (import->entries[i].device[0] == '\0')
			result = find_by_name(import, &import->entries[i]);
	if (result < 0)
		message("the devices can't be read: %s", odm_error_text(odmerrno));
	return result == 0;
}

/* A value as text: people write numbers without quotes. */
static const char *value_text(const config_setting_t *setting, char room[32])
{
	int type = config_setting_type(setting);

	if (type == CONFIG_TYPE_STRING)
		return config_setting_get_string(setting);
	if (type == CONFIG_TYPE_INT)
		snprintf(room, 32, "%d", config_setting_get_int(setting));
	else if (type == CONFIG_TYPE_INT64)
		snprintf(room, 32, "%lld", config_setting_get_int64(setting));
	else
		return NULL;
	return room;
}

static bool wish_values(struct import *import, const struct entry *entry, config_setting_t *values)
{
	const char *name = config_setting_name(values);
	char room[32];

	for (int i = 0; i < config_setting_length(values); i++) {
		const char *text = value_text(config_setting_get_elem(values, (unsigned)i), room);
		if (text == NULL)
			return mistaken(import, values, "a value is a text in quotes or a number");
		if (!wishes_add(import->wishes, entry->device, name, text))
			return false;
	}
	/* None at all is an empty one. */
	return config_setting_length(values) > 0 ||
	       wishes_add(import->wishes, entry->device, name, "");
}

static bool wish_entry(struct import *import, const struct entry *entry)
{
	config_setting_t *attributes = config_setting_get_member(entry->group, "attributes");
	char room[32];

	for (int i = 0; attributes != NULL && i < config_setting_length(attributes); i++) {
		config_setting_t *setting = config_setting_get_elem(attributes, (unsigned)i);
		const char *text = value_text(setting, room);
		bool several = config_setting_is_array(setting) || config_setting_is_list(setting);
		if (several ? !wish_values(import, entry, setting)
			    : text == NULL && !mistaken(import, setting,
						      "a value is a text in quotes or a number"))
			return false;
		if (!several && !wishes_set(import->wishes, entry->device,
					config_setting_name(setting), text))
			return false;
	}
	return true;
}

static bool wish_all(struct import *import)
{
	for (int i = 0; i < import->count; i++) {
		const struct entry *entry = &import->entries[i];
		const char *named = entry->name != NULL ? entry->name : entry->unique_id;
		if (entry->device[0] == '\0')
			wishes_leave(import->wishes, "%s:%u: there is no device %s%s%s",
				import->path, config_setting_source_line(entry->group), named,
				entry->name != NULL && entry->unique_id != NULL ? ", " : "",
				entry->name != NULL && entry->unique_id != NULL ? entry->unique_id
										: "");
		else if (!wish_entry(import, entry))
			return false;
	}
	return true;
}

bool import_values(const char *path, struct wishes *wishes)
{
	AUTO(config_destroy) config_t config;
	struct import import = {.path = path, .wishes = wishes};

	config_init(&config);
	AUTO_FREE char *mistake = strcmp(path, "-") == 0
					  ? config_file_read_open(0, "standard input", &config)
					  : config_file_read(path, &config);
	if (mistake != NULL) {
		message("%s", mistake);
		return false;
	}
	bool ok = read_entries(&import, &config) && find_devices(&import) && wish_all(&import);
	free(import.entries);
	return ok;
}
