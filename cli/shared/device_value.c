/* Single values of devices: one attribute, the size of a disk. */
#include "device_value.h"

#include <stdio.h>
#include <string.h>

#include "base/foreign.h"
#include "base/message.h"
#include "command.h"
#include "device_command.h"

char *device_value(const char *name, const char *attribute)
{
	int count;
	struct CuAt *stored = getattr(name, attribute, FALSE, &count);
	char *value = stored != NULL ? strdup(stored->value) : NULL;

	freeattr(stored, count);
	return value;
}

static bool disk_size(const char *name, long long *megabytes)
{
	AUTO(device_release) struct device device = {0};

	if (strncmp(name, "/dev/", strlen("/dev/")) == 0)
		name += strlen("/dev/");
	if (!device_command_find(name, &device))
		return false;
	AUTO_FREE char *size = device_value(name, "size_in_mb");
	if (strcmp(device.pddv.class, "disk") != 0 || size == NULL) {
		message("%s is a device of class %s and has no size_in_mb; lsdev -Cc disk lists "
			"the disks",
			name, device.pddv.class);
		return false;
	}
	if (parse_number(size, megabytes))
		return true;
	message("%s: its size_in_mb, %s, is no number", name, size);
	return false;
}

int device_print_disk_size(const char *disk)
{
	long long megabytes;

	if (!disk_size(disk, &megabytes))
		return EXIT_FAILED;
	printf("%lld\n", megabytes);
	return 0;
}

int device_print_memory(void)
{
	AUTO_FREE char *memory = device_value("sys0", "realmem");

	if (memory == NULL) {
		message("sys0 is not in the customized database; cfgmgr defines it");
		return EXIT_FAILED;
	}
	foreign_printf(stdout, "%s\n", memory);
	return 0;
}
