#include "kern/environment.h"

#include <sys/errids.h>
#include <sys/intr.h>

bool environment_is_process(const char *service)
{
	if (!i_in_handler())
		return true;
	error_log("KEX_ENVIRONMENT", "kexd",
		"%s was called by an interrupt handler; only process level may call it", service);
	return false;
}

bool environment_may_sleep(const char *service)
{
	if (!environment_is_process(service))
		return false;
	if (i_priority() == INTBASE)
		return true;
	error_log("KEX_ENVIRONMENT", "kexd",
		"%s may sleep and was called with interrupts disabled; call i_enable first",
		service);
	return false;
}
