/* The attributes that udev's rules set, of the devices that they match. */
#include <ctype.h>
#include <fnmatch.h>
#include <string.h>

#include "base/message.h"
#include "import_sources.h"
#include "udev_rules.h"

/* The rules, and what came of each. */
struct reading {
	const char *path;
	struct udev_rules rules;
	bool *skipped; /* of each rule: it has a key that is not understood */
	bool *matched; /* of each rule: some device */
	bool *taken; /* of each rule: some attribute of some device */
	struct wishes *wishes;
};

static void reading_release(struct reading *reading)
{
	udev_rules_release(&reading->rules);
	free(reading->skipped);
	free(reading->matched);
	free(reading->taken);
}

/* What a rule is held against: an event of a device of ours, or of the SCSI device of a disk. */
struct event {
	const struct inventory_device *device;
	const char *action, *subsystem, *devtype;
	const char *prefix; /* before the rule's paths, in ours */
	char directory[SYSFS_PATH]; /* with links followed */
};

static const char *event_name(const struct event *event)
{
	const char *slash = strrchr(event->directory, '/');

	return slash != NULL ? slash + 1 : event->directory;
}

/* Alternatives with | between; an empty one matches nothing else than nothing. */
static bool value_matches(const struct udev_key *key, const char *value)
{
	AUTO_FREE char *copy = strdup(key->value);
	char *rest = copy;
	bool matches = false;

	for (char *one = strsep(&rest, "|"); one != NULL && !matches; one = strsep(&rest, "|"))
		matches = fnmatch(one, value, key->ignore_case ? FNM_CASEFOLD : 0) == 0;
	return matches == (key->operator[0] == '=');
}

/* A file's value; its blanks at the end count only when the rule has such. */
static bool file_matches(
	const struct udev_key *key, const struct sysfs_tree *tree, const char *directory)
{
	char value[SYSFS_VALUE];
	size_t length = strlen(key->value);

	if (sysfs_read_at(tree, directory, key->attribute, value, sizeof(value)) < 0)
		return false;
	if (length == 0 || !isspace((unsigned char)key->value[length - 1])) {
		length = strlen(value);
		while (length > 0 && isspace((unsigned char)value[length - 1]))
			value[--length] = '\0';
	}
	return value_matches(key, value);
}

/* What udev finds of a device's identity, from what we know of it; false for another property. */
static bool property(const struct event *event, const char *name, char *room, size_t size)
{
	const char *id = event->device->unique_id;

	room[0] = '\0';
	if (strcmp(name, "DEVTYPE") == 0) {
		snprintf(room, size, "%s", event->devtype);
		return true;
	}
	bool is_naa = strncmp(id, "naa.", 4) == 0;
	if (strcmp(name, "ID_WWN_WITH_EXTENSION") == 0 && is_naa)
		snprintf(room, size, "0x%s", id + 4);
	else if (strcmp(name, "ID_WWN") == 0 && is_naa)
		snprintf(room, size, "0x%.16s", id + 4);
	else if (strcmp(name, "ID_WWN") == 0 && strncmp(id, "eui.", 4) == 0)
		snprintf(room, size, "%s", id);
	else if (strcmp(name, "ID_SERIAL") == 0 && strncmp(id, "serial.", 7) == 0) {
		snprintf(room, size, "%s", id + 7);
		for (char *dot = room; (dot = strchr(dot, '.')) != NULL;)
			*dot = '_';
	}
	return strncmp(name, "ID_WWN", 6) == 0 || strcmp(name, "ID_SERIAL") == 0;
}

enum kind {
	KIND_DEVICE, /* of the device itself */
	KIND_PARENT, /* of the device or one above it, all such keys of the same */
	KIND_LABEL, /* no comparison */
	KIND_UNKNOWN
};

/* The keys that compare and are understood. */
static enum kind kind_of(const struct udev_key *key)
{
	static const char *const of_device[] = {"ACTION", "DEVPATH", "KERNEL", "SUBSYSTEM", "ATTR"};
	static const char *const of_parent[] = {"KERNELS", "SUBSYSTEMS", "DRIVERS", "ATTRS"};
	static const char *const properties[] = {
		"DEVTYPE", "ID_WWN", "ID_WWN_WITH_EXTENSION", "ID_SERIAL"};

	if (!udev_key_matches(key))
		return KIND_LABEL;
	if (key->attribute != NULL && key->attribute[0] == '[')
		return KIND_UNKNOWN;
	for (size_t i = 0; i < sizeof(of_device) / sizeof(*of_device); i++)
		if (strcmp(key->name, of_device[i]) == 0)
			return (key->attribute != NULL) == (i == 4) ? KIND_DEVICE : KIND_UNKNOWN;
	for (size_t i = 0; i < sizeof(of_parent) / sizeof(*of_parent); i++)
		if (strcmp(key->name, of_parent[i]) == 0)
			return (key->attribute != NULL) == (i == 3) ? KIND_PARENT : KIND_UNKNOWN;
	for (size_t i = 0; i < sizeof(properties) / sizeof(*properties); i++)
		if (strcmp(key->name, "ENV") == 0 && key->attribute != NULL &&
			strcmp(key->attribute, properties[i]) == 0)
			return KIND_DEVICE;
	return KIND_UNKNOWN;
}

static bool event_key_holds(const struct udev_key *key, const struct event *event)
{
	char value[2 * SYSFS_PATH];

	if (strcmp(key->name, "ATTR") == 0)
		return file_matches(key, event->device->kernel.tree, event->directory);
	if (strcmp(key->name, "ENV") == 0)
		return property(event, key->attribute, value, sizeof(value)) &&
		       value_matches(key, value);
	if (strcmp(key->name, "DEVPATH") == 0) {
		snprintf(value, sizeof(value), "/%s", event->directory);
		return value_matches(key, value);
	}
	return value_matches(key, strcmp(key->name, "ACTION") == 0   ? event->action
				  : strcmp(key->name, "KERNEL") == 0 ? event_name(event)
								     : event->subsystem);
}

/* A key about the directory of a device above. */
static bool parent_key_holds(
	const struct udev_key *key, const struct sysfs_tree *tree, const char *directory)
{
	const char *slash = strrchr(directory, '/');
	char value[256];

	if (strcmp(key->name, "ATTRS") == 0)
		return file_matches(key, tree, directory);
	if (strcmp(key->name, "KERNELS") == 0)
		return value_matches(key, slash != NULL ? slash + 1 : directory);
	if (sysfs_link_name(tree, directory,
		    strcmp(key->name, "DRIVERS") == 0 ? "driver" : "subsystem", value,
		    sizeof(value)) < 0)
		return false;
	return value_matches(key, value);
}

/* Whether one device, from this one upwards, has all that the rule says of one above. */
static bool parents_match(const struct udev_rule *rule, const struct event *event)
{
	char directory[SYSFS_PATH];

	snprintf(directory, sizeof(directory), "%s", event->directory);
	for (char *slash = directory; slash != NULL; slash = strrchr(directory, '/')) {
		bool all = true;
		if (slash > directory)
			*slash = '\0';
		for (int i = 0; i < rule->count && all; i++)
			all = kind_of(&rule->keys[i]) != KIND_PARENT ||
			      parent_key_holds(
				      &rule->keys[i], event->device->kernel.tree, directory);
		if (all)
			return true;
	}
	return false;
}

static bool rule_matches(const struct udev_rule *rule, const struct event *event)
{
	for (int i = 0; i < rule->count; i++)
		if (kind_of(&rule->keys[i]) == KIND_DEVICE &&
			!event_key_holds(&rule->keys[i], event))
			return false;
	return parents_match(rule, event);
}

static bool is_assignment(const struct udev_key *key)
{
	return strcmp(key->name, "ATTR") == 0 && key->attribute != NULL && !udev_key_matches(key);
}

/* Whether a rule is of any interest: it sets attributes, or which rules are read. */
static bool is_of_interest(const struct udev_rule *rule)
{
	for (int i = 0; i < rule->count; i++)
		if (is_assignment(&rule->keys[i]) || strcmp(rule->keys[i].name, "GOTO") == 0)
			return true;
	return false;
}

/* What in a rule is not understood; NULL for nothing. */
static const struct udev_key *unknown_key(const struct udev_rule *rule)
{
	for (int i = 0; i < rule->count; i++) {
		const struct udev_key *key = &rule->keys[i];
		if (kind_of(key) == KIND_UNKNOWN ||
			(is_assignment(key) && (strpbrk(key->value, "$%") != NULL ||
						       strpbrk(key->attribute, "$%*[") != NULL)))
			return key;
	}
	return NULL;
}

/* Where we have a file that udev knows by another path, too. */
static void our_path(const struct event *event, const char *path, char room[SYSFS_PATH])
{
	if (strcmp(event->subsystem, "block") == 0 && strcmp(path, "bdi/read_ahead_kb") == 0)
		path = "queue/read_ahead_kb";
	snprintf(room, SYSFS_PATH, "%s%s", event->prefix, path);
}

static bool take_assignments(struct reading *reading, int place, const struct event *event)
{
	const struct udev_rule *rule = &reading->rules.rules[place];
	char path[SYSFS_PATH];

	for (int i = 0; i < rule->count; i++) {
		if (!is_assignment(&rule->keys[i]))
			continue;
		our_path(event, rule->keys[i].attribute, path);
		int set = import_set(reading->wishes, event->device, path, rule->keys[i].value);
		if (set < 0)
			return false;
		if (set > 0)
			reading->taken[place] = true;
	}
	return true;
}

/* The rule of a label behind a place; the end when there is none. */
static int find_label(const struct udev_rules *rules, int place, const char *label)
{
	for (int r = place + 1; r < rules->count; r++)
		for (int i = 0; i < rules->rules[r].count; i++)
			if (strcmp(rules->rules[r].keys[i].name, "LABEL") == 0 &&
				strcmp(rules->rules[r].keys[i].value, label) == 0)
				return r;
	return rules->count;
}

/* All rules, as for one event. */
static bool follow_rules(struct reading *reading, const struct event *event)
{
	const struct udev_rules *rules = &reading->rules;

	for (int place = 0; place < rules->count; place++) {
		const struct udev_rule *rule = &rules->rules[place];
		if (reading->skipped[place] || !is_of_interest(rule) || !rule_matches(rule, event))
			continue;
		reading->matched[place] = true;
		if (!take_assignments(reading, place, event))
			return false;
		for (int i = 0; i < rule->count; i++)
			if (strcmp(rule->keys[i].name, "GOTO") == 0) {
				place = find_label(rules, place, rule->keys[i].value) - 1;
				break;
			}
	}
	return true;
}

/* Whether an attribute before that place is of the same module. */
static bool is_known_module(
	const struct inventory_device *device, int place, const char *module, size_t length)
{
	char path[SYSFS_PATH];

	for (int i = 0; i < place; i++)
		if (inventory_module_path(
			    device, device->kernel.type->attributes[i].predefined.path, path) &&
			strncmp(path, module, length) == 0 && path[length] == '/')
			return true;
	return false;
}

/* A module whose parameters are attributes of the device has an event of its own, once. */
static bool follow_modules(struct reading *reading, const struct inventory_device *device)
{
	const struct kernel_type *type = device->kernel.type;
	char path[SYSFS_PATH], prefix[SYSFS_PATH];

	for (int i = 0; i < type->count; i++) {
		if (!inventory_module_path(device, type->attributes[i].predefined.path, path))
			continue;
		size_t length = strlen("/module/") + strcspn(path + strlen("/module/"), "/");
		if (is_known_module(device, i, path, length))
			continue;
		snprintf(prefix, sizeof(prefix), "%.*s/", (int)length, path);
		struct event event = {.device = device,
			.prefix = prefix,
			.action = "add",
			.subsystem = "module",
			.devtype = ""};
		snprintf(event.directory, sizeof(event.directory), "%.*s", (int)length - 1,
			path + 1);
		if (!follow_rules(reading, &event))
			return false;
	}
	return true;
}

/* The events of a device; a disk's SCSI device has its own, before the disk's. */
static bool follow_events(struct reading *reading, const struct inventory_device *device)
{
	static const char *const actions[] = {"add", "change"};
	bool is_block = strcmp(device->subsystem, "block") == 0;
	struct event event = {.device = device,
		.prefix = "",
		.subsystem = device->subsystem,
		.devtype = is_block ? "disk" : ""};
	struct event scsi = {.device = device,
		.prefix = "device/",
		.subsystem = "scsi",
		.devtype = "scsi_device"};
	char link[SYSFS_PATH];
	unsigned parts[4];

	if (!follow_modules(reading, device))
		return false;
	if (device->canonical[0] == '\0')
		return true;
	strcpy(event.directory, device->canonical);
	bool has_scsi =
		is_block &&
		snprintf(link, sizeof(link), "%s/device", device->canonical) < (int)sizeof(link) &&
		sysfs_resolve(device->kernel.tree, link, scsi.directory) == 0 &&
		sscanf(event_name(&scsi), "%u:%u:%u:%u", &parts[0], &parts[1], &parts[2],
			&parts[3]) == 4;
	for (size_t a = 0; a < sizeof(actions) / sizeof(*actions); a++) {
		event.action = scsi.action = actions[a];
		if ((has_scsi && !follow_rules(reading, &scsi)) || !follow_rules(reading, &event))
			return false;
	}
	return true;
}

static void skip_unknown(struct reading *reading)
{
	for (int r = 0; r < reading->rules.count; r++) {
		const struct udev_rule *rule = &reading->rules.rules[r];
		const struct udev_key *key = is_of_interest(rule) ? unknown_key(rule) : NULL;
		if (key == NULL)
			continue;
		reading->skipped[r] = true;
		wishes_leave(reading->wishes, "%s:%d: %s%s%s%s is not understood: the rule is left",
			reading->path, rule->line, key->name, key->attribute != NULL ? "{" : "",
			key->attribute != NULL ? key->attribute : "",
			key->attribute != NULL ? "}" : "");
	}
}

/* Rules are for other machines, too: one that matches nothing here is said, and no failure. */
static void tell_untaken(struct reading *reading)
{
	for (int r = 0; r < reading->rules.count; r++) {
		const struct udev_rule *rule = &reading->rules.rules[r];
		bool assigns = false;
		for (int i = 0; i < rule->count && !assigns; i++)
			assigns = is_assignment(&rule->keys[i]);
		if (!assigns || reading->skipped[r] || reading->taken[r])
			continue;
		if (reading->matched[r])
			wishes_leave(reading->wishes,
				"%s:%d: the devices that match have no such attribute",
				reading->path, rule->line);
		else
			message("%s:%d: no device here matches", reading->path, rule->line);
	}
}

bool import_udev(const char *path, const struct inventory *inventory, struct wishes *wishes)
{
	AUTO(reading_release) struct reading reading = {.path = path, .wishes = wishes};

	if (!udev_rules_read(path, &reading.rules, &wishes->left))
		return false;
	size_t count = (size_t)reading.rules.count + 1;
	reading.skipped = calloc(count, sizeof(bool));
	reading.matched = calloc(count, sizeof(bool));
	reading.taken = calloc(count, sizeof(bool));
	if (reading.skipped == NULL || reading.matched == NULL || reading.taken == NULL) {
		message("there is not enough memory");
		return false;
	}
	skip_unknown(&reading);
	for (int i = 0; i < inventory->count; i++)
		if (!follow_events(&reading, &inventory->list[i]))
			return false;
	tell_untaken(&reading);
	return true;
}
