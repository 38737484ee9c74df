/* Network interfaces: those of adapters, and bonds, VLANs and bridges made of them. */
#include <stdio.h>
#include <string.h>

#include "sysfs/scan_private.h"

/* The kind that the kernel says in the interface's uevent: "" for none. */
static void device_kind(const struct scan *scan, const char *directory, char *room, size_t size)
{
	char event[1024];

	*room = '\0';
	if (sysfs_read_at(scan->tree, directory, "uevent", event, sizeof(event)) < 0)
		return;
	const char *kind = strstr(event, "DEVTYPE=");
	if (kind != NULL) {
		kind += strlen("DEVTYPE=");
		snprintf(room, size, "%.*s", (int)strcspn(kind, "\n"), kind);
	}
}

/*
 * What an interface of no hardware is here: NULL for none. One end of a pair is an adapter to who
 * has it, as in a container; an end that still has its made-up name is another's.
 */
static const char *virtual_type(const struct scan *scan, const char *directory, const char *name)
{
	char kind[32];
	long long index = 0, link = 0;

	device_kind(scan, directory, kind, sizeof(kind));
	if (strcmp(kind, "bond") == 0)
		return "adapter/pseudo/lxbond";
	if (strcmp(kind, "vlan") == 0)
		return "adapter/pseudo/lxvlan";
	if (strcmp(kind, "bridge") == 0)
		return "adapter/pseudo/lxbridge";
	if (kind[0] != '\0' || strncmp(name, "veth", 4) == 0 ||
		sysfs_read_number(scan->tree, directory, "ifindex", &index) < 0 ||
		sysfs_read_number(scan->tree, directory, "iflink", &link) < 0 || index == link ||
		link == 0)
		return NULL;
	return "adapter/pseudo/lxveth";
}

static int describe(
	struct scan *scan, struct scan_device *device, const char *directory, const char *name)
{
	char identity[128];

	if (scan_identity(scan->tree, directory, identity, sizeof(identity)) < 0)
		return -1;
	for (size_t i = 0; i < device->attributes.count; i++)
		if (strcmp(device->attributes.values[i].name, "unique_id") == 0) {
			free(device->attributes.values[i].value);
			device->attributes.values[i].value = strdup(identity);
			identity[0] = '\0';
			if (device->attributes.values[i].value == NULL)
				return -1;
		}
	snprintf(device->os_name, sizeof(device->os_name), "%s", name);
	return scan_value_add(&device->attributes, "unique_id", identity) < 0 ||
			       scan_file_add(scan, &device->vpd, "NA", directory, "address") < 0
		       ? -1
		       : 0;
}

/* Whether a function has no interface yet: then the kernel calls it by its address. */
static bool is_free(const struct scan_device *device)
{
	const char *name = strrchr(device->directory, '/');

	return strcmp(device->type, "adapter/pci/lxent") == 0 && name != NULL &&
	       strcmp(name + 1, device->os_name) == 0 && strstr(device->directory, "/net/") == NULL;
}

/* A port of a function: by its number, when the driver says that. */
static void place_beside(const struct scan *scan, const struct scan_device *adapter,
	struct scan_device *port, const char *name)
{
	long long number = 0;

	snprintf(port->where, sizeof(port->where), "%.31s", name);
	if (adapter == NULL ||
		sysfs_read_number(scan->tree, port->directory, "dev_port", &number) < 0 ||
		number == 0)
		return;
	snprintf(port->where, sizeof(port->where), "%.16s-%u", adapter->where, (unsigned)number);
	snprintf(port->location, sizeof(port->location), "%.16s-T%u", adapter->location,
		(unsigned)number + 1);
}

/* The first interface of a function is its adapter; another is one beside it. */
static int add_physical(struct scan *scan, const char *directory, const char *name)
{
	int adapter = scan_parent(scan, directory);

	if (adapter == SCAN_FAILED)
		return -1;
	struct scan_device *device = adapter != SCAN_SYSTEM ? &scan->devices[adapter] : NULL;
	if (device == NULL || !is_free(device)) {
		int parent = device != NULL ? device->parent : SCAN_SYSTEM;
		device = scan_add(scan, parent, "adapter/pci/lxent", directory);
		if (device == NULL)
			return -1;
		place_beside(scan, adapter >= 0 ? &scan->devices[adapter] : NULL, device, name);
	}
	return describe(scan, device, directory, name);
}

static int add_virtual(struct scan *scan, const char *directory, const char *name)
{
	const char *type = virtual_type(scan, directory, name);

	if (type == NULL)
		return 0;
	struct scan_device *device = scan_add(scan, SCAN_SYSTEM, type, directory);
	if (device == NULL)
		return -1;
	snprintf(device->where, sizeof(device->where), "%.31s", name);
	return describe(scan, device, directory, name);
}

int scan_net(struct scan *scan)
{
	AUTO(sysfs_names_release) struct sysfs_names names = {0};
	char path[SYSFS_PATH], directory[SYSFS_PATH];

	if (sysfs_list(scan->tree, "class/net", &names) < 0)
		return -1;
	/* What is made of others comes behind them. */
	for (int made = 0; made < 2; made++)
		for (size_t i = 0; i < names.count; i++) {
			const char *name = names.names[i];
			snprintf(path, sizeof(path), "class/net/%.64s", name);
			if (sysfs_resolve(scan->tree, path, directory) < 0)
				continue;
			bool is_virtual = strstr(directory, "/virtual/net/") != NULL;
			if (is_virtual != made)
				continue;
			if ((made ? add_virtual : add_physical)(scan, directory, name) < 0)
				return -1;
		}
	return 0;
}
