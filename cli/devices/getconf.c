/* odmcfg getconf: what AIX's getconf says of disks and memory; its other names are the system's. */
#include <string.h>

#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/device_value.h"
#include "commands.h"

static const char usage[] = "odmcfg getconf {DISK_SIZE Disk | REAL_MEMORY} [-h]";

int getconf_main(int argc, char **argv)
{
	static const struct syntax syntax = {usage, "h", NULL, NULL, NULL};
	static const struct operands operands = {"a variable", 1, 2};
	int status = arguments_read_operands(argc, argv, &syntax, NULL, &operands);

	if (status >= 0)
		return status;
	const char *name = argv[optind], *operand = argv[optind + 1];
	bool size = strcmp(name, "DISK_SIZE") == 0;
	if (!size && strcmp(name, "REAL_MEMORY") != 0)
		return usage_mistake(
			usage, "there is no variable '%s': DISK_SIZE or REAL_MEMORY", name);
	if (size != (operand != NULL))
		return usage_mistake(
			usage, size ? "DISK_SIZE needs a disk" : "REAL_MEMORY is of no device");
	if (!device_command_begin(false))
		return EXIT_FAILED;
	return size ? device_print_disk_size(operand) : device_print_memory();
}
