/* How the odm commands open a class and report a failure. */
#include "odm_common.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cli/shared/repository_trouble.h"

/* What helps when it is the repository that can't be used. */
static void advise(void)
{
	AUTO_FREE char *trouble = NULL;

	if (odmerrno == ODMI_INVALID_CLASS || odmerrno == ODMI_VERSION_ERROR ||
		odmerrno == ODMI_OLD_VERSION)
		trouble = repository_trouble();
	if (trouble != NULL)
		fprintf(stderr, "        %s.\n", trouble);
}

int odm_command_fails(const char *number, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "0518-%s %s: ", number, message_command());
	va_start(arguments, format);
	foreign_vprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "\n        0519-%03d libodm: %s.\n", odmerrno - ODMI_ERROR_BASE,
		odm_error_text(odmerrno));
	advise();
	return 1;
}

CLASS_SYMBOL odm_command_class(const char *name)
{
	/* The library does not write to the name. */
	CLASS_SYMBOL symbol = odm_mount_class((char *)(uintptr_t)name);

	if (symbol != ODM_FAILED)
		return symbol;
	odm_command_fails("501", "The object class %s can't be opened.", name);
	return NULL;
}

CLASS_SYMBOL odm_command_open(const char *name, bool changes)
{
	return repository_version_fits(changes) ? odm_command_class(name) : NULL;
}

void odm_command_criteria(const char *crit)
{
	size_t position;

	if (odmerrno != ODMI_BAD_CRIT)
		return;
	const char *reason = odm_criteria_error(&position);
	foreign_printf(
		stderr, "        %s\n        %*s %s\n", crit, (int)position + 1, "^", reason);
}
