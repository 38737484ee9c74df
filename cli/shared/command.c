/* Usage, help, operands and option values of any command. */
#include "command.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/message.h"

static struct {
	const char *name, *summary, *page;
} described;

void command_describe(const char *name, const char *summary, const char *page)
{
	described.name = name;
	described.summary = summary;
	described.page = page;
	message_set_command(name);
}

void command_print_help(const char *usage)
{
	if (described.summary != NULL)
		printf("%s: %s\n\n", described.name, described.summary);
	printf("usage: %s\n", usage);
	if (described.page != NULL)
		printf("\nman %s says more.\n", described.page);
}

void command_print_version(void)
{
	printf("%s (odmcfg) %s\n", message_command(), ODMCFG_VERSION);
}

int usage_error(const char *usage)
{
	fprintf(stderr, "usage: %s\n", usage);
	return EXIT_USAGE;
}

int usage_mistake(const char *usage, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	message_list(format, arguments);
	va_end(arguments);
	return usage_error(usage);
}

bool option_refused(const char *option, const char *value, const char *takes)
{
	message("%s takes %s, not '%s'", option, takes, value);
	return false;
}

const char *option_value(const char *value)
{
	return value + strspn(value, " \t");
}
