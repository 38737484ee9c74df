/*
 * What libudev sees of disks, tapes, network interfaces and PCI functions, a line a device: for a
 * test that holds our own scan against it. An adapter, of a disk its megabytes, what identifies it
 * and how far it reads ahead; "-" is for what there is not.
 */
#include <libudev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static void unref_udev(struct udev **udev)
{
	udev_unref(*udev);
}

static void unref_enumeration(struct udev_enumerate **enumeration)
{
	udev_enumerate_unref(*enumeration);
}

static void unref_device(struct udev_device **device)
{
	udev_device_unref(*device);
}

static const char *text(const char *string)
{
	return string != NULL && *string != '\0' ? string : "-";
}

static void show_block(struct udev_device *device)
{
	const char *sectors = udev_device_get_sysattr_value(device, "size");
	const char *wwid = udev_device_get_sysattr_value(device, "device/wwid");

	if (wwid == NULL)
		wwid = udev_device_get_sysattr_value(device, "wwid");
	printf(" %lld %s %s", strtoll(sectors != NULL ? sectors : "0", NULL, 10) / 2048, text(wwid),
		text(udev_device_get_sysattr_value(device, "queue/read_ahead_kb")));
}

static void show(struct udev_device *device, const char *subsystem)
{
	const char *kind = udev_device_get_devtype(device);
	struct udev_device *function =
		strcmp(subsystem, "pci") == 0
			? device
			: udev_device_get_parent_with_subsystem_devtype(device, "pci", NULL);

	if (strcmp(subsystem, "block") == 0 && (kind == NULL || strcmp(kind, "disk") != 0))
		return;
	printf("%s %s %s", subsystem, udev_device_get_sysname(device),
		function != NULL ? udev_device_get_sysname(function) : "-");
	if (strcmp(subsystem, "block") == 0)
		show_block(device);
	printf("\n");
}

static int show_all(struct udev *udev, const char *subsystem)
{
	AUTO(unref_enumeration) struct udev_enumerate *enumeration = udev_enumerate_new(udev);
	struct udev_list_entry *entry;

	if (enumeration == NULL || udev_enumerate_add_match_subsystem(enumeration, subsystem) < 0 ||
		udev_enumerate_scan_devices(enumeration) < 0)
		return -1;
	udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(enumeration))
	{
		AUTO(unref_device)
		struct udev_device *device =
			udev_device_new_from_syspath(udev, udev_list_entry_get_name(entry));
		if (device != NULL)
			show(device, subsystem);
	}
	return 0;
}

int main(void)
{
	static const char *const subsystems[] = {"block", "net", "pci", "scsi_tape"};
	AUTO(unref_udev) struct udev *udev = udev_new();

	for (size_t i = 0; i < sizeof(subsystems) / sizeof(*subsystems); i++)
		if (udev == NULL || show_all(udev, subsystems[i]) < 0) {
			fprintf(stderr, "libudev can't list %s\n", subsystems[i]);
			return EXIT_FAILURE;
		}
	return EXIT_SUCCESS;
}
