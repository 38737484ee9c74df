/* Backstores of LIO, the kernel's SCSI target, where configfs shows them. */
#include <stdio.h>
#include <string.h>

#include "sysfs/backstore.h"
#include "sysfs/scan_private.h"

/* "user" of "user_0": what serves the backstores of an HBA. */
static int add_plugin(struct scan_device *device, const char *hba)
{
	const char *end = strrchr(hba, '_');
	char plugin[32];

	snprintf(plugin, sizeof(plugin), "%.*s", (int)(end != NULL ? end - hba : 0), hba);
	return scan_value_add(&device->attributes, "plugin", plugin);
}

/* What is no directory of a backstore has no attributes of one. */
static int add_backstore(struct scan *scan, const char *hba, const char *name)
{
	char directory[SYSFS_PATH], file[SYSFS_PATH], identity[SCAN_IDENTITY];

	if (snprintf(directory, sizeof(directory), BACKSTORES "/%s/%s", hba, name) >=
			(int)sizeof(directory) ||
		snprintf(file, sizeof(file), "%s/attrib", directory) >= (int)sizeof(file) ||
		!sysfs_exists(scan->tree, file) ||
		strlen(hba) + strlen(name) + 2 > sizeof(((struct scan_device *)0)->os_name))
		return 0;
	struct scan_device *device = scan_add(scan, SCAN_SYSTEM, "target/sys/lxlio", directory);
	if (device == NULL)
		return -1;
	snprintf(device->os_name, sizeof(device->os_name), "%s/%s", hba, name);
	snprintf(device->where, sizeof(device->where), "%.31s", device->os_name);
	return scan_identity(scan->tree, directory, identity, sizeof(identity)) < 0 ||
			       scan_value_add(&device->attributes, "unique_id", identity) < 0
		       ? -1
		       : add_plugin(device, hba);
}

int scan_backstores(struct scan *scan)
{
	AUTO(sysfs_names_release) struct sysfs_names hbas = {0};
	char path[SYSFS_PATH];

	if (sysfs_list(scan->tree, BACKSTORES, &hbas) < 0)
		return -1;
	for (size_t i = 0; i < hbas.count; i++) {
		AUTO(sysfs_names_release) struct sysfs_names names = {0};
		snprintf(path, sizeof(path), BACKSTORES "/%.200s", hbas.names[i]);
		if (sysfs_list(scan->tree, path, &names) < 0)
			continue;
		for (size_t n = 0; n < names.count; n++)
			if (add_backstore(scan, hbas.names[i], names.names[n]) < 0)
				return -1;
	}
	return 0;
}
