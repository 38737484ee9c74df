/* bootinfo: the size of a disk, or of the memory, as scripts of installations ask for it. */
#include <stdio.h>

#include "base/foreign.h"
#include "base/message.h"
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

/* In KB. */
static int print_memory(void)
{
	AUTO_FREE char *memory = device_value("sys0", "realmem");

	if (memory == NULL) {
		message("sys0 is not in the customized database; cfgmgr defines it");
		return EXIT_FAILED;
	}
	foreign_printf(stdout, "%s\n", memory);
	return 0;
}

int bootinfo_main(int argc, char **argv)
{
	static const struct syntax syntax = {usage, "s:rh", NULL, stored, NULL};
	struct request request = {0};
	long long megabytes;

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if ((request.disk != NULL) == request.memory)
		return usage_mistake(usage, request.memory ? "-s and -r exclude each other"
							   : "-s Disk or -r is missing");
	if (!device_command_begin(false))
		return EXIT_FAILED;
	if (request.memory)
		return print_memory();
	if (!device_disk_size(request.disk, &megabytes))
		return EXIT_FAILED;
	printf("%lld\n", megabytes);
	return 0;
}
