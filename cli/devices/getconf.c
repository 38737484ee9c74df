/* odmcfg getconf: what AIX's getconf says of disks and memory; its other names are the system's. */
#include <stdio.h>
#include <string.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/device_value.h"
#include "commands.h"

static const char usage[] = "odmcfg getconf {DISK_SIZE Disk | REAL_MEMORY} [-h]";

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

static int print_disk_size(const char *disk)
{
	long long megabytes;

	if (!device_disk_size(disk, &megabytes))
		return EXIT_FAILED;
	printf("%lld\n", megabytes);
	return 0;
}

int getconf_main(int argc, char **argv)
{
	static const struct syntax syntax = {usage, "h", NULL, NULL, NULL};
	int status = arguments_read_some(argc, argv, &syntax, NULL);

	if (status >= 0)
		return status;
	const char *name = optind < argc ? argv[optind] : "",
		   *operand = argv[optind + (optind < argc)];
	bool size = strcmp(name, "DISK_SIZE") == 0 && operand != NULL;
	bool memory = strcmp(name, "REAL_MEMORY") == 0 && operand == NULL;
	if (!size && !memory)
		return usage_error(usage);
	if (!device_command_begin(false))
		return EXIT_FAILED;
	return size ? print_disk_size(operand) : print_memory();
}
