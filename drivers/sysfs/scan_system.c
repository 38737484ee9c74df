/* The machine itself, its processors and its memory. */
#include <stdio.h>
#include <string.h>

#include "sysfs/scan_private.h"

#define DMI "class/dmi/id"

int scan_system(struct scan *scan)
{
	static const struct {
		const char *name, *file;
	} attributes[] = {{"modelname", "product_name"}, {"systemid", "product_serial"},
		{"fwversion", "bios_version"}, {"os_uuid", "product_uuid"}};

	for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++)
		if (scan_file_add(
			    scan, &scan->system, attributes[i].name, DMI, attributes[i].file) < 0)
			return -1;
	return scan_file_add(scan, &scan->system_vpd, "MF", DMI, "sys_vendor") < 0 ||
			       scan_file_add(scan, &scan->system_vpd, "TM", DMI, "product_name") <
				       0 ||
			       scan_file_add(scan, &scan->system_vpd, "SE", DMI, "product_serial") <
				       0
		       ? -1
		       : 0;
}

static int add_processor(struct scan *scan, const char *directory, unsigned number)
{
	struct scan_device *device = scan_add(scan, SCAN_SYSTEM, "processor/sys/lxproc", directory);
	long long package = 0, kilohertz;
	char value[32];

	if (device == NULL)
		return -1;
	if (sysfs_read_number(scan->tree, directory, "topology/physical_package_id", &package) <
			0 ||
		package < 0)
		package = 0;
	snprintf(device->where, sizeof(device->where), "%02lld-%02u", package, number);
	snprintf(device->location, sizeof(device->location), "%s", device->where);
	if (sysfs_read_number(scan->tree, directory, "cpufreq/cpuinfo_max_freq", &kilohertz) < 0)
		return 0;
	snprintf(value, sizeof(value), "%lld", kilohertz * 1000);
	return scan_value_add(&device->attributes, "frequency", value);
}

int scan_processors(struct scan *scan)
{
	AUTO(sysfs_names_release) struct sysfs_names names = {0};
	char path[SYSFS_PATH], directory[SYSFS_PATH];

	if (sysfs_list(scan->tree, "devices/system/cpu", &names) < 0)
		return -1;
	for (size_t i = 0; i < names.count; i++) {
		unsigned number;
		int end = 0;
		if (sscanf(names.names[i], "cpu%u%n", &number, &end) != 1 ||
			names.names[i][end] != '\0')
			continue;
		snprintf(path, sizeof(path), "devices/system/cpu/cpu%u", number);
		if (sysfs_resolve(scan->tree, path, directory) == 0 &&
			add_processor(scan, directory, number) < 0)
			return -1;
	}
	return 0;
}

/* Kilobytes of a node: "Node 0 MemTotal:       24695680 kB". */
static long long node_memory(const struct scan *scan, const char *node)
{
	char path[SYSFS_PATH], text[256];
	long long kilobytes = 0;

	snprintf(path, sizeof(path), "devices/system/node/%.32s", node);
	if (sysfs_read_at(scan->tree, path, "meminfo", text, sizeof(text)) < 0)
		return 0;
	const char *total = strstr(text, "MemTotal:");
	return total != NULL && sscanf(total, "MemTotal: %lld", &kilobytes) == 1 ? kilobytes : 0;
}

int scan_memory(struct scan *scan)
{
	AUTO(sysfs_names_release) struct sysfs_names names = {0};
	char value[32];
	long long total = 0;

	if (sysfs_list(scan->tree, "devices/system/node", &names) < 0)
		return -1;
	for (size_t i = 0; i < names.count; i++)
		if (strncmp(names.names[i], "node", 4) == 0)
			total += node_memory(scan, names.names[i]);
	if (total == 0)
		return 0;
	/* A kernel that takes no memory while it runs has no such directory. */
	bool has_own = sysfs_exists(scan->tree, "devices/system/memory");
	struct scan_device *device = scan_add(scan, SCAN_SYSTEM, "memory/sys/lxmem",
		has_own ? "devices/system/memory" : "devices/system/node");
	if (device == NULL)
		return -1;
	snprintf(device->where, sizeof(device->where), "0");
	snprintf(value, sizeof(value), "%lld", total);
	if (scan_value_add(&scan->system, "realmem", value) < 0)
		return -1;
	snprintf(value, sizeof(value), "%lld", total / 1024);
	return scan_value_add(&device->attributes, "size", value) < 0 ||
			       scan_value_add(&device->attributes, "goodsize", value) < 0
		       ? -1
		       : 0;
}
