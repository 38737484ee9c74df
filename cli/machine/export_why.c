/* Why a value can't be written as to a file of the device's own. */
#include <stdio.h>
#include <string.h>

#include "export_forms.h"
#include "sysfs/backstore.h"
#include "sysfs/several.h"

const char *export_why_not(const struct kernel_device *device, const char *path)
{
	char file[2 * SYSFS_PATH];

	snprintf(file, sizeof(file), "%s/%s/%s", device->type->directory, device->os_name, path);
	if (*path == '\0' || strncmp(path, "ethtool/", strlen("ethtool/")) == 0 ||
		backstore_is(file))
		return "has no equivalent";
	return several_is(file) ? "has no equivalent: the kernel has it in several files" : NULL;
}
