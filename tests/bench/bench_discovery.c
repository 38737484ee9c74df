/*
 * A scan for this machine's devices, against a bare walk of libudev that reads the same attributes
 * and does nothing with them: of the machine itself, and of a made tree that takes the place of
 * /sys in a mount namespace of this process. usage: bench_discovery [TREE]
 */
#include <dirent.h>
#include <errno.h>
#include <libudev.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"
#include "process.h"
#include "sysfs/scan.h"

#define ROUNDS 21

/* What is read of the devices of a subsystem. */
static const struct subsystem {
	const char *name;
	const char *attributes[16];
} subsystems[] = {
	{"dmi", {"product_name", "product_serial", "bios_version", "product_uuid", "sys_vendor"}},
	{"cpu", {"topology/physical_package_id", "cpufreq/cpuinfo_max_freq"}},
	{"node", {"meminfo"}},
	{"pci", {"class", "vendor", "device", "revision", "irq"}},
	{"fc_host", {"port_name", "node_name", "speed", "port_state"}},
	{"block", {"size", "wwid", "serial", "device/wwid", "device/vendor", "device/model",
			  "device/rev", "device/serial", "device/firmware_rev", "device/vpd_pg80"}},
	{"scsi_tape",
		{"device/wwid", "device/vendor", "device/model", "device/rev", "device/vpd_pg80"}},
	{"net", {"addr_assign_type", "address", "dev_port", "ifindex", "iflink"}},
};

static long reads;

static void read_value(struct udev_device *device, const char *name)
{
	reads += udev_device_get_sysattr_value(device, name) != NULL;
}

/* The port's object of its class has the address of a SAS disk. */
static void read_transport(struct udev *udev, struct udev_device *disk)
{
	struct udev_device *parent = udev_device_get_parent(disk);

	while (parent != NULL && strncmp(udev_device_get_sysname(parent), "end_device-", 11) != 0)
		parent = udev_device_get_parent(parent);
	if (parent == NULL)
		return;
	struct udev_device *object = udev_device_new_from_subsystem_sysname(
		udev, "sas_device", udev_device_get_sysname(parent));
	if (object != NULL)
		read_value(object, "sas_address");
	udev_device_unref(object);
}

/* Those that a disk is a part of. */
static void list_holders(struct udev_device *disk)
{
	char path[1024];

	snprintf(path, sizeof(path), "%s/holders", udev_device_get_syspath(disk));
	DIR *directory = opendir(path);
	if (directory == NULL)
		return;
	while (readdir(directory) != NULL)
		continue;
	closedir(directory);
}

static void read_device(struct udev *udev, const struct subsystem *subsystem, const char *path)
{
	struct udev_device *device = udev_device_new_from_syspath(udev, path);
	bool is_block = strcmp(subsystem->name, "block") == 0;
	const char *kind = device != NULL ? udev_device_get_devtype(device) : NULL;

	if (device == NULL || (is_block && (kind == NULL || strcmp(kind, "disk") != 0))) {
		udev_device_unref(device);
		return;
	}
	for (int i = 0; subsystem->attributes[i] != NULL; i++)
		read_value(device, subsystem->attributes[i]);
	if (strcmp(subsystem->name, "pci") == 0)
		udev_device_get_driver(device);
	if (is_block) {
		read_transport(udev, device);
		list_holders(device);
	}
	udev_device_unref(device);
}

static void walk_subsystem(struct udev *udev, const struct subsystem *subsystem)
{
	struct udev_enumerate *enumerate = udev_enumerate_new(udev);
	struct udev_list_entry *entry;

	if (udev_enumerate_add_match_subsystem(enumerate, subsystem->name) < 0 ||
		udev_enumerate_scan_devices(enumerate) < 0)
		exit(1);
	udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(enumerate))
		read_device(udev, subsystem, udev_list_entry_get_name(entry));
	udev_enumerate_unref(enumerate);
}

static double time_walk(void)
{
	double start = now();
	struct udev *udev = udev_new();

	reads = 0;
	for (size_t i = 0; i < sizeof(subsystems) / sizeof(*subsystems); i++)
		walk_subsystem(udev, &subsystems[i]);
	udev_unref(udev);
	return now() - start;
}

static ssize_t counted_read(
	const struct sysfs_tree *tree, const char *path, void *room, size_t size)
{
	ssize_t length = sysfs_files.read(tree, path, room, size);

	reads += length >= 0;
	return length;
}

static double time_scan(int *devices)
{
	static const struct sysfs_access counted = {.read = counted_read};
	struct sysfs_tree tree;
	struct scan scan;
	double start = now();

	reads = 0;
	if (sysfs_open(&tree, NULL) < 0)
		exit(1);
	tree.access = &counted;
	if (scan_machine(&tree, &scan) < 0)
		exit(1);
	*devices = scan.count;
	scan_release(&scan);
	sysfs_close(&tree);
	return now() - start;
}

static void race(const char *what)
{
	static double times[2][ROUNDS];
	long ours, bare;
	int devices = 0;

	for (int i = 0; i < ROUNDS; i++) {
		times[0][i] = time_scan(&devices);
		ours = reads;
		times[1][i] = time_walk();
		bare = reads;
	}
	double our_time = median(times[0], ROUNDS), floor = median(times[1], ROUNDS);
	printf("%s, %d devices: %.2f ms for %ld values, bare walk %.2f ms for %ld values, "
	       "time %.2fx (at most 2x)\n",
		what, devices, our_time * 1e3, ours, floor * 1e3, bare, our_time / floor);
}

int main(int argc, char **argv)
{
	race("this machine");
	if (argc < 2)
		return 0;
	/* The library asks whether it is really a sysfs, and can be told not to. */
	setenv("SYSTEMD_DEVICE_VERIFY_SYSFS", "0", 1);
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
		mount(argv[1], "/sys", NULL, MS_BIND, NULL) < 0) {
		printf("%s can't take the place of /sys: %s\n", argv[1], strerror(errno));
		return 0;
	}
	race("made tree");
	return 0;
}
