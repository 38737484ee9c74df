#include "error_log_capture.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/errids.h>

static atomic_int violations, modifications;

void error_log(const char *label, const char *resource, const char *format, ...)
{
	(void)resource;
	(void)format;
	if (strcmp(label, "KEX_ENVIRONMENT") == 0)
		atomic_fetch_add(&violations, 1);
	if (strcmp(label, "KEX_EVENT_INFO") == 0)
		atomic_fetch_add(&modifications, 1);
}

int environment_violations(void)
{
	return atomic_load(&violations);
}

int event_structure_modifications(void)
{
	return atomic_load(&modifications);
}
