/* What a tuned profile sets of devices. */
#include <fnmatch.h>
#include <string.h>

#include "base/message.h"
#include "base/words.h"
#include "import_sources.h"
#include "tuned_profile.h"

struct profile {
	const struct inventory *inventory;
	struct wishes *wishes;
	struct ini_file file;
};

static void profile_release(struct profile *profile)
{
	ini_file_release(&profile->file);
}

static void leave(struct profile *profile, const struct ini_setting *setting, const char *why)
{
	wishes_leave(profile->wishes, "%s:%d: [%s] %s: %s", setting->path, setting->line,
		setting->section, setting->key, why);
}

/* "sda,vd*,!vdb": one that is meant and not excepted; only exceptions mean all others. */
static bool is_listed(const char *list, const char *name)
{
	AUTO_FREE char *copy = strdup(list);
	char *rest = copy;
	bool meant = false, any = false;

	for (char *word = strsep(&rest, ","); word != NULL; word = strsep(&rest, ",")) {
		word += strspn(word, " \t");
		word[strcspn(word, " \t")] = '\0';
		if (*word == '!' && fnmatch(word + 1, name, 0) == 0)
			return false;
		any = any || (*word != '!' && *word != '\0');
		meant = meant || (*word != '!' && fnmatch(word, name, 0) == 0);
	}
	return meant || !any;
}

/* tuned itself leaves alone what is no hardware; what is named is meant. */
static bool is_meant(const struct profile *profile, const struct ini_setting *setting,
	const struct inventory_device *device)
{
	const char *list = ini_file_find(&profile->file, setting->section, "devices"), *why;
	AUTO_FREE char *value = list != NULL ? tuned_value(&profile->file, list, &why) : NULL;

	if (list != NULL)
		return value != NULL && is_listed(value, device->kernel.os_name);
	return strncmp(device->canonical, "devices/virtual/block/", 22) != 0 &&
	       strncmp(device->canonical, "devices/virtual/net/", 20) != 0;
}

/* ">4096" is for those that have less, "<64" for those that have more. */
static bool has_enough(
	const struct inventory_device *device, const char *path, char relation, const char *value)
{
	const char *name = inventory_attribute(device, path);
	const struct kernel_attribute *attribute =
		name != NULL ? kernel_attribute_find(device->kernel.type, name) : NULL;
	char now[TUNABLE_VALUE];
	long long has, wanted;

	if (attribute == NULL || relation == '\0' || !parse_number(value, &wanted) ||
		tunable_read(device->kernel.tree, device->kernel.directory, &attribute->tunable,
			now, sizeof(now)) < 0 ||
		!parse_number(now, &has))
		return false;
	return relation == '>' ? has >= wanted : has <= wanted;
}

/* Every device of a directory that is meant gets the value. False with a message. */
static bool set_all(struct profile *profile, const struct ini_setting *setting,
	const char *directory, const char *path, const char *value)
{
	char relation = *value == '>' || *value == '<' ? *value : '\0';
	int taken = 0;

	value += relation != '\0';
	value += strspn(value, " \t");
	for (int i = 0; i < profile->inventory->count; i++) {
		const struct inventory_device *device = &profile->inventory->list[i];
		if (strcmp(device->kernel.type->directory, directory) != 0 ||
			!is_meant(profile, setting, device))
			continue;
		int set = has_enough(device, path, relation, value)
				  ? 1
				  : import_set(profile->wishes, device, path, value);
		if (set < 0)
			return false;
		taken += set;
	}
	if (taken == 0)
		leave(profile, setting, "no device here has that");
	return true;
}

/* "8192 s" are sectors of 512 bytes; else kilobytes. */
static bool set_readahead(struct profile *profile, const struct ini_setting *setting)
{
	char relation[2] = "", value[32];
	const char *text = setting->value;
	long long number;
	char unit[8] = "";

	if (*text == '>' || *text == '<')
		relation[0] = *text++;
	int read = sscanf(text, "%lld %7s", &number, unit);
	if (read < 1 || number < 0 || (read == 2 && unit[0] != 's')) {
		leave(profile, setting, "this is no number of kilobytes, or of sectors with s");
		return true;
	}
	snprintf(value, sizeof(value), "%s%lld", relation, read == 2 ? number / 2 : number);
	return set_all(profile, setting, "block", "queue/read_ahead_kb", value);
}

static bool take_disk(struct profile *profile, const struct ini_setting *setting)
{
	if (strcmp(setting->key, "readahead") == 0)
		return set_readahead(profile, setting);
	if (strcmp(setting->key, "elevator") == 0)
		return set_all(profile, setting, "block", "queue/scheduler", setting->value);
	leave(profile, setting, "no attribute of a disk has that");
	return true;
}

/* ethtool's short names of features, and what the kernel calls them. */
static const char *feature_name(const char *name)
{
	static const char *const names[][2] = {
		{"rx", "rx-checksum"},
		{"tx", "tx-checksum-ip-generic"},
		{"sg", "tx-scatter-gather"},
		{"tso", "tx-tcp-segmentation"},
		{"gso", "tx-generic-segmentation"},
		{"gro", "rx-gro"},
		{"lro", "rx-lro"},
		{"rxhash", "rx-hashing"},
		{"ntuple", "rx-ntuple-filter"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i][0], name) == 0)
			return names[i][1];
	return name;
}

/* "rx 1024 tx 512", with commas or without. */
static bool set_pairs(struct profile *profile, const struct ini_setting *setting, const char *group)
{
	AUTO_FREE char *text = strdup(setting->value);
	int count = 0;

	for (char *comma = text; comma != NULL && (comma = strchr(comma, ',')) != NULL;)
		*comma = ' ';
	AUTO_FREE char **words = text != NULL ? words_split(text, &count) : NULL;
	if (words == NULL || count == 0 || count % 2 != 0) {
		leave(profile, setting, "these are no names with a value each");
		return true;
	}
	for (int i = 0; i < count; i += 2) {
		const char *name =
			strcmp(group, "features") == 0 ? feature_name(words[i]) : words[i];
		char path[SYSFS_PATH], key[128];
		struct ini_setting one = *setting;
		snprintf(path, sizeof(path), "ethtool/%s/%s", group, name);
		snprintf(key, sizeof(key), "%s %s", setting->key, words[i]);
		one.key = key;
		if (!set_all(profile, &one, "class/net", path, words[i + 1]))
			return false;
	}
	return true;
}

static bool take_net(struct profile *profile, const struct ini_setting *setting)
{
	static const char *const groups[][2] = {{"ring", "rings"}, {"channels", "channels"},
		{"coalesce", "coalesce"}, {"pause", "pause"}, {"features", "features"}};

	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++)
		if (strcmp(setting->key, groups[i][0]) == 0)
			return set_pairs(profile, setting, groups[i][1]);
	if (strcmp(setting->key, "mtu") == 0)
		return set_all(profile, setting, "class/net", "mtu", setting->value);
	if (strcmp(setting->key, "txqueuelen") == 0)
		return set_all(profile, setting, "class/net", "tx_queue_len", setting->value);
	leave(profile, setting, "no attribute of an interface has that");
	return true;
}

static bool take_cpu(struct profile *profile, const struct ini_setting *setting)
{
	bool one = strcmp(setting->key, "governor") == 0 && strchr(setting->value, '|') == NULL;

	if (one)
		return set_all(profile, setting, "devices/system/cpu", "cpufreq/scaling_governor",
			setting->value);
	leave(profile, setting, "no attribute of a processor has that");
	return true;
}

/* Whether a pattern below /sys is that file of the device, by one of its directories. */
static bool means_file(const char *pattern, const struct inventory_device *device, const char *path)
{
	const char *const directories[] = {device->kernel.directory, device->canonical};
	char name[2 * SYSFS_PATH], module[SYSFS_PATH];

	if (inventory_module_path(device, path, module)) {
		snprintf(name, sizeof(name), "/sys%s", module);
		return fnmatch(pattern, name, FNM_PATHNAME) == 0;
	}
	for (size_t i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "/sys/%s/%s", directories[i], path);
		if (fnmatch(pattern, name, FNM_PATHNAME) == 0)
			return true;
	}
	snprintf(name, sizeof(name), "/sys/class/block/%s/%s", device->kernel.os_name, path);
	return strcmp(device->kernel.type->directory, "block") == 0 &&
	       fnmatch(pattern, name, FNM_PATHNAME) == 0;
}

static bool take_sysfs(struct profile *profile, const struct ini_setting *setting)
{
	int taken = 0;

	for (int d = 0; d < profile->inventory->count; d++) {
		const struct inventory_device *device = &profile->inventory->list[d];
		const struct kernel_type *type = device->kernel.type;
		for (int i = 0; i < type->count; i++) {
			const struct PdKern *attribute = &type->attributes[i].predefined;
			if (!means_file(setting->key, device, attribute->path))
				continue;
			if (!wishes_set(profile->wishes, device->kernel.name, attribute->attribute,
				    setting->value))
				return false;
			taken++;
		}
	}
	if (taken == 0)
		leave(profile, setting, "no attribute of a device here is kept there");
	return true;
}

/* The kinds of sections that have something for devices. */
static const struct kind {
	const char *name;
	bool (*take)(struct profile *profile, const struct ini_setting *setting);
} kinds[] = {
	{"disk", take_disk},
	{"net", take_net},
	{"cpu", take_cpu},
	{"sysfs", take_sysfs},
};

static const struct kind *find_kind(const struct profile *profile, const char *section)
{
	const char *type = ini_file_find(&profile->file, section, "type");

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(type != NULL ? type : section, kinds[i].name) == 0)
			return &kinds[i];
	return NULL;
}

/* What is said of a section, not of devices. */
static bool is_of_section(const char *key)
{
	static const char *const keys[] = {
		"type", "enabled", "devices", "priority", "replace", "dynamic", "load_threshold"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

static bool is_first(const struct ini_file *file, int place)
{
	for (int i = 0; i < place; i++)
		if (strcmp(file->settings[i].section, file->settings[place].section) == 0)
			return false;
	return true;
}

/* Said once of a section: why nothing of it is taken. NULL when something can be. */
static const char *why_not(const struct profile *profile, const char *section)
{
	if (find_kind(profile, section) == NULL)
		return "this section has nothing for a device";
	if (ini_file_find(&profile->file, section, "devices_udev_regex") != NULL)
		return "devices_udev_regex is not understood: the section is left";
	return NULL;
}

static bool take_setting(struct profile *profile, int place)
{
	const struct ini_setting *setting = &profile->file.settings[place];
	const char *section = setting->section;
	const char *enabled = ini_file_find(&profile->file, section, "enabled");

	if (tuned_is_overridden(&profile->file, place))
		return true;
	if (strcmp(section, "main") == 0 || strcmp(section, "variables") == 0 ||
		(enabled != NULL && strpbrk(enabled, "0fFnN") == enabled))
		return true;
	const char *why = why_not(profile, section);
	if (why != NULL) {
		if (is_first(&profile->file, place))
			wishes_leave(profile->wishes, "%s:%d: [%s]: %s", setting->path,
				setting->line, section, why);
		return true;
	}
	if (is_of_section(setting->key))
		return true;
	AUTO_FREE char *value = tuned_value(&profile->file, setting->value, &why);
	if (value == NULL && why != NULL)
		leave(profile, setting, why);
	if (value == NULL)
		return why != NULL;
	struct ini_setting worked_out = *setting;
	worked_out.value = value;
	return find_kind(profile, section)->take(profile, &worked_out);
}

bool import_tuned(const char *path, const struct inventory *inventory, struct wishes *wishes)
{
	AUTO(profile_release)
	struct profile profile = {.inventory = inventory, .wishes = wishes};

	if (!tuned_profile_read(path, &profile.file, wishes))
		return false;
	for (int i = 0; i < profile.file.count; i++)
		if (!take_setting(&profile, i))
			return false;
	return true;
}
