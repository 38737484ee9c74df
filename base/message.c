/* What a command says on stderr. */
#include "base/message.h"

#include <errno.h>
#include <stdarg.h>

#include "base/foreign.h"

static const char *command_name;

void message_set_command(const char *name)
{
	command_name = name;
}

const char *message_command(void)
{
	return command_name != NULL ? command_name : program_invocation_short_name;
}

void message_list(const char *format, va_list arguments)
{
	fprintf(stderr, "%s: ", message_command());
	if (foreign_vprintf(stderr, format, arguments) < 0)
		fputs("there is not enough memory", stderr);
	fputc('\n', stderr);
}

void message(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	message_list(format, arguments);
	va_end(arguments);
}
