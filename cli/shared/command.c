/* Usage, operands and option values of any command. */
#include "command.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/message.h"

int usage_error(const char *usage)
{
	fprintf(stderr, "usage: %s\n", usage);
	return EXIT_USAGE;
}

bool no_operands(int argc, char **argv)
{
	for (int i = optind; i < argc; i++) {
		if (argv[i][0] == '\0')
			continue;
		message("'%s' is not an option", argv[i]);
		return false;
	}
	return true;
}

const char *option_value(const char *value)
{
	return value + strspn(value, " \t");
}
