/* Block devices: disks, optical drives and what the kernel makes of files and memory. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sysfs/scan_private.h"

/* One that is being looked at. */
struct block {
	const char *name;
	char directory[SYSFS_PATH]; /* canonical */
	char type[48];
	char where[32];
	char parent_path[SYSFS_PATH]; /* what its parent is on the way to */
};

static bool starts(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* Devices of no hardware, by the kernel's names; the others of them are no disks here. */
static bool virtual_type(const struct scan *scan, struct block *block)
{
	static const struct {
		const char *start, *type;
	} kinds[] = {{"loop", "disk/loop/lxloop"}, {"md", "disk/sys/lxdisk"},
		{"zram", "disk/zram/lxzram"}, {"nbd", "disk/sys/lxdisk"},
		{"rbd", "disk/sys/lxdisk"}};
	long long size = 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (starts(block->name, kinds[i].start)) {
			snprintf(block->type, sizeof(block->type), "%s", kinds[i].type);
			snprintf(block->where, sizeof(block->where), "%.31s", block->name);
			return starts(block->name, "loop") || starts(block->name, "zram") ||
			       (sysfs_read_number(scan->tree, block->directory, "size", &size) ==
					       0 &&
				       size > 0);
		}
	return false;
}

/* A namespace of several controllers is below their subsystem; the first of them is its parent. */
static void nvme_parent(const struct scan *scan, struct block *block)
{
	AUTO(sysfs_names_release) struct sysfs_names names = {0};
	char subsystem[SYSFS_PATH], path[SYSFS_PATH];

	snprintf(block->parent_path, sizeof(block->parent_path), "%s", block->directory);
	if (strstr(block->directory, "/virtual/") == NULL)
		return;
	snprintf(subsystem, sizeof(subsystem), "%s", block->directory);
	*strrchr(subsystem, '/') = '\0';
	if (sysfs_list(scan->tree, subsystem, &names) < 0)
		return;
	for (size_t i = 0; i < names.count; i++) {
		const char *digits = names.names[i] + strlen("nvme");
		if (!starts(names.names[i], "nvme") || digits[strspn(digits, "0123456789")] != '\0')
			continue;
		if (snprintf(path, sizeof(path), "%s/%s", subsystem, names.names[i]) <
				(int)sizeof(path) &&
			sysfs_resolve(scan->tree, path, block->parent_path) == 0)
			return;
	}
}

static bool nvme_type(const struct scan *scan, struct block *block)
{
	const char *space = strchr(block->name + strlen("nvme"), 'n');
	char number[32];

	/* nvme0c1n1 is one path of nvme0n1. */
	if (space == NULL || strchr(block->name + strlen("nvme"), 'c') != NULL)
		return false;
	nvme_parent(scan, block);
	snprintf(block->type, sizeof(block->type), "disk/nvme/lxdisk");
	bool known =
		sysfs_read_at(scan->tree, block->directory, "nsid", number, sizeof(number)) > 0;
	snprintf(block->where, sizeof(block->where), "%.31s", known ? number : space + 1);
	return true;
}

static bool hardware_type(const struct scan *scan, struct block *block)
{
	struct scsi_address address;
	const char *subclass = "sys";

	snprintf(block->where, sizeof(block->where), "0");
	if (starts(block->name, "nvme"))
		return nvme_type(scan, block);
	if (scsi_address(scan->tree, block->directory, &address) == 0) {
		subclass = address.transport;
		snprintf(block->where, sizeof(block->where), "%s", address.where);
		if (starts(block->name, "sr")) {
			snprintf(block->type, sizeof(block->type), "cdrom/scsi/lxcd");
			return true;
		}
	} else if (strstr(block->directory, "/virtio") != NULL)
		subclass = "virtio";
	snprintf(block->type, sizeof(block->type), "disk/%s/lxdisk", subclass);
	return strstr(block->name, "boot") == NULL && !starts(block->name, "fd");
}

/* The multipath map that holds a path of a disk is what is used: its name and its tunables. */
static void use_map(const struct scan *scan, struct scan_device *device)
{
	AUTO(sysfs_names_release) struct sysfs_names names = {0};
	char path[SYSFS_PATH], uuid[256];

	if (snprintf(path, sizeof(path), "%s/holders", device->directory) >= (int)sizeof(path) ||
		sysfs_list(scan->tree, path, &names) < 0)
		return;
	for (size_t i = 0; i < names.count; i++) {
		snprintf(path, sizeof(path), "block/%.64s", names.names[i]);
		if (sysfs_read_at(scan->tree, path, "dm/uuid", uuid, sizeof(uuid)) <= 0 ||
			!starts(uuid, "mpath-"))
			continue;
		snprintf(device->os_name, sizeof(device->os_name), "%s", names.names[i]);
		if (sysfs_resolve(scan->tree, path, device->directory) < 0)
			snprintf(device->directory, sizeof(device->directory), "%s", path);
		return;
	}
}

/* Of a virtio device the file of that name has a number, which is its adapter's. */
static int add_vendor(const struct scan *scan, struct scan_device *device)
{
	return strncmp(device->type, "disk/virtio/", strlen("disk/virtio/")) == 0
		       ? 0
		       : scan_file_add(
				 scan, &device->vpd, "MF", device->directory, "device/vendor");
}

static int describe(struct scan *scan, struct scan_device *device)
{
	char text[512], path[SYSFS_PATH];
	const char *directory = device->directory;
	long long sectors = 0;

	if (scan_identity(scan->tree, directory, text, sizeof(text)) < 0 ||
		scan_value_add(&device->attributes, "unique_id", text) < 0)
		return -1;
	/* The kernel counts in sectors of 512 bytes. */
	if (sysfs_read_number(scan->tree, directory, "size", &sectors) < 0)
		sectors = 0;
	snprintf(text, sizeof(text), "%lld", sectors / 2048);
	if (scan_value_add(&device->attributes, "size_in_mb", text) < 0 ||
		add_vendor(scan, device) < 0 ||
		scan_file_add(scan, &device->vpd, "TM", directory, "device/model") < 0 ||
		scan_file_add(scan, &device->vpd, "RL", directory, "device/rev") < 0 ||
		scan_file_add(scan, &device->vpd, "RL", directory, "device/firmware_rev") < 0 ||
		scan_file_add(scan, &device->vpd, "SN", directory, "serial") < 0 ||
		scan_file_add(scan, &device->vpd, "SN", directory, "device/serial") < 0)
		return -1;
	if (snprintf(path, sizeof(path), "%s/device", directory) >= (int)sizeof(path))
		return 0;
	vpd_serial(scan->tree, path, text, sizeof(text));
	if (scan_value_add(&device->vpd, "SN", text) < 0)
		return -1;
	return scan_value_add(&device->attributes, "serial",
		device->vpd.count > 0 &&
				strcmp(device->vpd.values[device->vpd.count - 1].name, "SN") == 0
			? device->vpd.values[device->vpd.count - 1].value
			: "");
}

/* The kernel has them below their disks; a tree that others made may have them beside. */
static bool is_partition(const struct scan *scan, const struct block *block)
{
	char path[SYSFS_PATH];

	return snprintf(path, sizeof(path), "%s/partition", block->directory) < (int)sizeof(path) &&
	       sysfs_exists(scan->tree, path);
}

static int add_block(struct scan *scan, struct block *block)
{
	if (is_partition(scan, block))
		return 0;
	snprintf(block->parent_path, sizeof(block->parent_path), "%s", block->directory);
	bool is_virtual = strstr(block->directory, "/virtual/block/") != NULL;
	if (is_virtual ? !virtual_type(scan, block) : !hardware_type(scan, block))
		return 0;
	int parent = is_virtual ? SCAN_SYSTEM : scan_parent(scan, block->parent_path);
	if (parent == SCAN_FAILED)
		return -1;
	/* A SCSI disk of no bus that is known, as a hypervisor has it, is the system's. */
	if (parent == SCAN_SYSTEM && strcmp(block->type, "disk/scsi/lxdisk") == 0)
		strcpy(block->type, "disk/sys/lxdisk");
	if (parent == SCAN_SYSTEM && starts(block->type, "cdrom/"))
		return 0;
	struct scan_device *device = scan_add(scan, parent, block->type, block->directory);
	if (device == NULL)
		return -1;
	snprintf(device->where, sizeof(device->where), "%s", block->where);
	if (describe(scan, device) < 0)
		return -1;
	memcpy(device->path_name, device->os_name, sizeof(device->path_name));
	use_map(scan, device);
	return 0;
}

/* Its directory, and that of what it is a part of, are open while it is looked at. */
static int look_at_block(struct scan *scan, const char *name)
{
	const struct sysfs_tree *tree = scan->tree;
	AUTO(sysfs_leave) struct sysfs_place own = {.directory = -1}, device = {.directory = -1};
	AUTO_FREE struct block *block = calloc(1, sizeof(*block));
	char path[SYSFS_PATH];

	if (block == NULL)
		return -1;
	if (snprintf(path, sizeof(path), "block/%s", name) >= (int)sizeof(path) ||
		sysfs_enter(tree, path, &own) < 0 || sysfs_find_place(&own) < 0)
		return 0;
	block->name = name;
	strcpy(block->directory, own.canonical);
	scan->tree = &own.tree;
	if (snprintf(path, sizeof(path), "%s/device", block->directory) < (int)sizeof(path) &&
		sysfs_enter(&own.tree, path, &device) == 0)
		scan->tree = &device.tree;
	int result = add_block(scan, block);
	scan->tree = tree;
	return result;
}

int scan_block(struct scan *scan)
{
	AUTO(sysfs_names_release) struct sysfs_names names = {0};

	if (sysfs_list(scan->tree, "block", &names) < 0)
		return -1;
	for (size_t i = 0; i < names.count; i++)
		if (look_at_block(scan, names.names[i]) < 0)
			return -1;
	return 0;
}

int scan_tapes(struct scan *scan)
{
	AUTO(sysfs_names_release) struct sysfs_names names = {0};
	char path[SYSFS_PATH], directory[SYSFS_PATH];
	struct scsi_address address;

	if (sysfs_list(scan->tree, "class/scsi_tape", &names) < 0)
		return -1;
	for (size_t i = 0; i < names.count; i++) {
		const char *number = names.names[i] + strlen("st");
		/* st0a, nst0 and the like are other modes of st0. */
		if (!starts(names.names[i], "st") || number[strspn(number, "0123456789")] != '\0')
			continue;
		snprintf(path, sizeof(path), "class/scsi_tape/%.64s", names.names[i]);
		if (sysfs_resolve(scan->tree, path, directory) < 0 ||
			scsi_address(scan->tree, directory, &address) < 0)
			continue;
		int parent = scan_parent(scan, directory);
		if (parent == SCAN_SYSTEM)
			continue;
		struct scan_device *device =
			parent == SCAN_FAILED
				? NULL
				: scan_add(scan, parent, "tape/scsi/lxtape", directory);
		if (device == NULL)
			return -1;
		snprintf(device->where, sizeof(device->where), "%s", address.where);
		if (describe(scan, device) < 0)
			return -1;
	}
	return 0;
}
