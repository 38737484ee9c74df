/* PCI: host bridges and bridges are buses, the functions behind them adapters. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sysfs/scan_private.h"

/* What an adapter of a class of PCI devices is here; the last has what no other has. */
static const struct adapter_kind {
	unsigned class; /* base and sub class */
	const char *type;
} adapter_kinds[] = {
	{0x0100, "adapter/pci/lxscsi"},
	{0x0104, "adapter/pci/lxraid"},
	{0x0101, "adapter/pci/lxata"},
	{0x0106, "adapter/pci/lxata"},
	{0x0107, "adapter/pci/lxsas"},
	{0x0108, "adapter/pci/lxnvme"},
	{0x0200, "adapter/pci/lxent"},
	{0x0280, "adapter/pci/lxent"},
	{0x0c03, "adapter/pci/lxusb"},
	{0x0c04, "adapter/pci/lxfc"},
	{0, "adapter/pci/lxother"},
};

/* Transitional and modern IDs of virtio's network and SCSI adapters. */
static const char *virtio_type(unsigned device)
{
	if (device == 0x1000 || device == 0x1041)
		return "adapter/pci/lxent";
	if (device == 0x1004 || device == 0x1048)
		return "adapter/pci/lxscsi";
	return "adapter/pci/lxvirtio";
}

static const char *adapter_type(unsigned vendor, unsigned device, unsigned class)
{
	size_t i = 0;

	if (vendor == 0x1af4)
		return virtio_type(device);
	while (adapter_kinds[i].class != 0 && adapter_kinds[i].class != class >> 8)
		i++;
	return adapter_kinds[i].type;
}

/*
 * A tree that was recorded may lack what a function says of its class: then it is what is behind it
 * on the way to a device.
 */
static const char *type_behind(const char *behind)
{
	static const struct {
		const char *start, *type;
	} kinds[] = {{"ata", "adapter/pci/lxata"}, {"nvme", "adapter/pci/lxnvme"},
		{"host", "adapter/pci/lxscsi"}, {"virtio", "adapter/pci/lxvirtio"},
		{"usb", "adapter/pci/lxusb"}};
	unsigned domain, bus, slot, function;

	if (sscanf(behind, "%4x:%2x:%2x.%1x", &domain, &bus, &slot, &function) == 4)
		return "bus/pci/lxpci";
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strncmp(behind, kinds[i].start, strlen(kinds[i].start)) == 0)
			return kinds[i].type;
	return "adapter/pci/lxother";
}

/* "00-04", with the function when it is not 0 and the domain when it is not 0. */
static void location_code(const char *address, char *room, size_t size)
{
	unsigned domain, bus, slot, function;

	if (sscanf(address, "%x:%x:%x.%x", &domain, &bus, &slot, &function) != 4)
		return;
	int length = domain != 0 ? snprintf(room, size, "%04x-", domain) : 0;
	length += snprintf(room + length, size - (size_t)length, "%02x-%02x", bus, slot);
	if (function != 0)
		snprintf(room + length, size - (size_t)length, "-%x", function);
}

static unsigned read_id(const struct scan *scan, const char *directory, const char *file)
{
	long long number;

	return sysfs_read_number(scan->tree, directory, file, &number) == 0 ? (unsigned)number : 0;
}

static int describe(struct scan *scan, struct scan_device *device)
{
	char name[128], driver[64], identity[16 + sizeof(device->where)];
	const char *directory = device->directory;
	unsigned vendor = read_id(scan, directory, "vendor");
	unsigned model = read_id(scan, directory, "device");

	pci_name(&scan->pci_names, vendor, -1, name, sizeof(name));
	if (scan_value_add(&device->vpd, "MF", name) < 0)
		return -1;
	pci_name(&scan->pci_names, vendor, (int)model, name, sizeof(name));
	if (scan_value_add(&device->vpd, "TM", name) < 0 ||
		scan_value_add(&device->attributes, "model", name) < 0)
		return -1;
	snprintf(name, sizeof(name), "%04x:%04x", vendor, model);
	if (scan_value_add(&device->attributes, "pci_id", name) < 0 ||
		scan_file_add(scan, &device->vpd, "RL", directory, "revision") < 0 ||
		scan_file_add(scan, &device->attributes, "busintr", directory, "irq") < 0)
		return -1;
	if (sysfs_link_name(scan->tree, directory, "driver", driver, sizeof(driver)) == 0 &&
		scan_value_add(&device->attributes, "driver", driver) < 0)
		return -1;
	snprintf(identity, sizeof(identity), "path.pci-%s", device->where);
	return scan_value_add(&device->attributes, "unique_id", identity);
}

/* A bridge is what leads to another bus; it may have nothing behind it. */
static int add_function(struct scan *scan, int parent, const char *directory, const char *address,
	const char *behind)
{
	unsigned class = read_id(scan, directory, "class");
	unsigned vendor = read_id(scan, directory, "vendor");
	unsigned model = read_id(scan, directory, "device");
	const char *type = class == 0 && vendor == 0 ? type_behind(behind)
			   : class >> 8 == 0x0604    ? "bus/pci/lxpci"
						     : adapter_type(vendor, model, class);
	struct scan_device *device = scan_add(scan, parent, type, directory);

	if (device == NULL)
		return -1;
	int index = scan->count - 1;
	snprintf(device->where, sizeof(device->where), "%s", address);
	location_code(address, device->location, sizeof(device->location));
	return describe(scan, device) < 0 ? -1 : index;
}

/* Buses, adapters and protocols come before what hangs on them. */
static int find_directory(const struct scan *scan, const char *directory)
{
	for (int i = 0; i < scan->count; i++)
		if (strcmp(scan->devices[i].directory, directory) == 0)
			return i;
	return SCAN_SYSTEM;
}

/* Where the way to a path may begin: behind the parent found last, when that is on it. */
static size_t known_start(const struct scan *scan, const char *path, int *parent)
{
	*parent = SCAN_SYSTEM;
	if (scan->last_parent >= 0) {
		const char *known = scan->devices[scan->last_parent].directory;
		size_t length = strlen(known);
		if (strncmp(path, known, length) == 0 && path[length] == '/') {
			*parent = scan->last_parent;
			return length;
		}
	}
	return strcspn(path, "/");
}

/* Host bridges and functions are directories of the form dddd:bb:ss.f below pcidddd:bb. */
static int step(
	struct scan *scan, int parent, const char *directory, const char *name, const char *behind)
{
	unsigned domain, bus, slot, function;
	int end = 0;

	if (sscanf(name, "pci%4x:%2x%n", &domain, &bus, &end) == 2 && name[end] == '\0') {
		int found = find_directory(scan, directory);
		if (found != SCAN_SYSTEM)
			return found;
		struct scan_device *device = scan_add(scan, parent, "bus/sys/lxpci", directory);
		if (device == NULL)
			return SCAN_FAILED;
		snprintf(device->where, sizeof(device->where), "%s", name + strlen("pci"));
		snprintf(device->location, sizeof(device->location), "%s",
			domain != 0 ? name + strlen("pci") : name + strlen("pci0000:"));
		return scan->count - 1;
	}
	end = 0;
	if (sscanf(name, "%4x:%2x:%2x.%1x%n", &domain, &bus, &slot, &function, &end) == 4 &&
		name[end] == '\0') {
		int found = find_directory(scan, directory);
		if (found != SCAN_SYSTEM)
			return found;
		int added = add_function(scan, parent, directory, name, behind);
		return added < 0 ? SCAN_FAILED : added;
	}
	return parent;
}

/* A host that has ports of its own is a protocol device below its adapter. */
static int protocol(struct scan *scan, int parent, const char *directory, const char *name)
{
	char fabric[SYSFS_PATH], port[64];

	if (strncmp(name, "host", 4) != 0 ||
		snprintf(fabric, sizeof(fabric), "%s/fc_host/%s", directory, name) >=
			(int)sizeof(fabric) ||
		sysfs_read_at(scan->tree, fabric, "port_name", port, sizeof(port)) < 0)
		return parent;
	int found = find_directory(scan, directory);
	if (found != SCAN_SYSTEM)
		return found;
	struct scan_device *device = scan_add(scan, parent, "driver/fc/lxfscsi", directory);
	if (device == NULL)
		return SCAN_FAILED;
	snprintf(device->where, sizeof(device->where), "0");
	if (scan_value_add(&device->attributes, "ww_name", port) < 0 ||
		scan_file_add(scan, &device->attributes, "node_name", fabric, "node_name") < 0 ||
		scan_file_add(scan, &device->attributes, "speed", fabric, "speed") < 0 ||
		scan_file_add(scan, &device->attributes, "port_state", fabric, "port_state") < 0)
		return SCAN_FAILED;
	snprintf(fabric, sizeof(fabric), "wwn.%s", port);
	return scan_value_add(&device->attributes, "unique_id", fabric) < 0 ? SCAN_FAILED
									    : scan->count - 1;
}

int scan_parent(struct scan *scan, const char *path)
{
	char directory[SYSFS_PATH];
	int parent;

	snprintf(directory, sizeof(directory), "%s", path);
	for (size_t end = known_start(scan, path, &parent); directory[end] == '/';) {
		size_t next = end + 1 + strcspn(directory + end + 1, "/");
		char behind = directory[next];
		directory[next] = '\0';
		const char *name = directory + end + 1;
		parent = step(
			scan, parent, directory, name, path[next] == '/' ? path + next + 1 : "");
		if (parent >= 0)
			parent = protocol(scan, parent, directory, name);
		if (parent == SCAN_FAILED)
			return SCAN_FAILED;
		directory[next] = behind;
		end = next;
	}
	scan->last_parent = parent;
	return parent;
}

/* Those that no disk is behind, too. */
int scan_fabric(struct scan *scan)
{
	AUTO(sysfs_names_release) struct sysfs_names names = {0};
	char path[SYSFS_PATH], directory[SYSFS_PATH];

	if (sysfs_list(scan->tree, "class/fc_host", &names) < 0)
		return -1;
	for (size_t i = 0; i < names.count; i++) {
		snprintf(path, sizeof(path), "class/fc_host/%.64s", names.names[i]);
		if (sysfs_resolve(scan->tree, path, directory) == 0 &&
			scan_parent(scan, directory) == SCAN_FAILED)
			return -1;
	}
	return 0;
}

/* Addresses are hexadecimal. */
static int compare_addresses(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

int scan_pci(struct scan *scan)
{
	AUTO(sysfs_names_release) struct sysfs_names names = {0};
	char path[SYSFS_PATH], directory[SYSFS_PATH];

	if (sysfs_list(scan->tree, "bus/pci/devices", &names) < 0)
		return -1;
	if (names.count > 0)
		qsort(names.names, names.count, sizeof(*names.names), compare_addresses);
	for (size_t i = 0; i < names.count; i++) {
		snprintf(path, sizeof(path), "bus/pci/devices/%s", names.names[i]);
		if (sysfs_resolve(scan->tree, path, directory) == 0 &&
			scan_parent(scan, directory) == SCAN_FAILED)
			return -1;
	}
	return 0;
}
