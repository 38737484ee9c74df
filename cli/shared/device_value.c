/* Single values of devices: one attribute, the size of a disk. */
#include "device_value.h"

#include <string.h>

#include "base/message.h"
#include "device_command.h"

char *device_value(const char *name, const char *attribute)
{
	int count;
	struct CuAt *stored = getattr(name, attribute, FALSE, &count);
	char *value = stored != NULL ? strdup(stored->value) : NULL;

	freeattr(stored, count);
	return value;
}

bool device_disk_size(const char *name, long long *megabytes)
{
	AUTO(device_release) struct device device = {0};

	if (strncmp(name, "/dev/", strlen("/dev/")) == 0)
		name += strlen("/dev/");
	if (!device_command_find(name, &device))
		return false;
	AUTO_FREE char *size = device_value(name, "size_in_mb");
	if (strcmp(device.pddv.class, "disk") != 0 || size == NULL) {
		message("%s is a device of class %s and has no size_in_mb; lsdev -Cc disk lists "
			"the "
			"disks",
			name, device.pddv.class);
		return false;
	}
	if (parse_number(size, megabytes))
		return true;
	message("%s: its size_in_mb, %s, is no number", name, size);
	return false;
}
