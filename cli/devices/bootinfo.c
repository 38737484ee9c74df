/* bootinfo: the size of a disk, or of the memory, as scripts of installations ask for it. */

#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/device_value.h"
#include "commands.h"

static const char usage[] = "bootinfo {-s Disk | -r} [-h]";

struct request {
	const char *disk;
	bool memory;
};

static const struct argument stored[] = {
	ARGUMENT_TEXT('s', struct request, disk),
	ARGUMENT_FLAG('r', struct request, memory),
	{0},
};

int bootinfo_main(int argc, char **argv)
{
	static const struct syntax syntax = {usage, "s:rh", NULL, stored, NULL};
	struct request request = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if ((request.disk != NULL) == request.memory)
		return usage_mistake(usage, request.memory ? "-s and -r exclude each other"
							   : "-s Disk or -r is missing");
	if (!device_command_begin(false))
		return EXIT_FAILED;
	return request.memory ? device_print_memory() : device_print_disk_size(request.disk);
}
