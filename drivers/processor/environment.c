/* Refuses services that are called where they may not be, and says so in the error log. */
#include "processor/environment.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/errids.h>
#include <sys/intr.h>

#include "processor/owner.h"

static atomic_bool strict;

void environment_be_strict(void)
{
	atomic_store(&strict, true);
}

bool environment_refuse(const char *service, const char *how, const char *advice)
{
	error_log("KEX_ENVIRONMENT", owner_running(), "%s was called %s; %s", service, how, advice);
	if (atomic_load(&strict))
		abort();
	return false;
}

bool environment_is_process(const char *service)
{
	if (!i_in_handler())
		return true;
	return environment_refuse(
		service, "by an interrupt handler", "only process level may call it");
}

bool environment_may_sleep(const char *service)
{
	if (!environment_is_process(service))
		return false;
	if (i_priority() == INTBASE)
		return true;
	return environment_refuse(
		service, "with interrupts disabled", "it may sleep, so call i_enable first");
}

bool environment_is_iodone(const char *service)
{
	if (!i_in_handler() || i_priority() >= INTIODONE)
		return true;
	return environment_refuse(service, "by a handler more favoured than INTIODONE",
		"call it from an iodone routine or at process level");
}
