/* odmcfg schema check | load FILE ..., odmcfg schema dump UNIQUETYPE: device types as files. */
#include "cfgmethods/schema.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "cli/shared/device_command.h"
#include "commands.h"

static const char usage[] = "odmcfg schema check | load File ...\n"
			    "       odmcfg schema dump Uniquetype";

/* Every mistake is a line of its own. */
static int report(char *mistakes)
{
	AUTO_FREE char *lines = mistakes;
	char *rest = lines;

	for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n"))
		message("%s", line);
	return mistakes != NULL ? EXIT_FAILED : 0;
}

static int load(char *const *files, size_t count)
{
	char *mistakes = schema_load(files, count);

	if (mistakes == NULL)
		printf("%zu device types loaded\n", count);
	return report(mistakes);
}

int schema_main(int argc, char **argv)
{
	const char *action = argc > 2 ? argv[1] : "";
	bool loads = strcmp(action, "load") == 0, dumps = strcmp(action, "dump") == 0;

	if ((!loads && !dumps && strcmp(action, "check") != 0) || (dumps && argc != 3) ||
		argv[2][0] == '-')
		return usage_error(usage);
	if (!device_command_begin(loads))
		return EXIT_FAILED;
	if (dumps)
		return report(schema_dump(argv[2], stdout));
	if (loads)
		return load(argv + 2, (size_t)argc - 2);
	return report(schema_check(argv + 2, (size_t)argc - 2));
}
