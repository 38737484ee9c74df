/* Why a value can't be written as to a file of the device's own. */
#include <stdio.h>
#include <string.h>

#include "cfgmethods/host_access.h"
#include "export_forms.h"

const char *export_why_not(const struct kernel_device *device, const char *path)
{
	char file[2 * SYSFS_PATH];

	snprintf(file, sizeof(file), "%s/%s/%s", device->type->directory, device->os_name, path);
	if (*path == '\0' || strncmp(path, "ethtool/", strlen("ethtool/")) == 0)
		return "has no equivalent";
	return host_access_is_ours(file) ? "has no equivalent: the kernel has it in other files"
					 : NULL;
}
