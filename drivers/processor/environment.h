/* Which services may be called where. For every kernel service, first thing; not for drivers. */
#pragma once

#include <stdbool.h>

/* Makes a service in the wrong environment end the process: ODMCFG_KEXD_STRICT. */
void environment_be_strict(void);

/*
 * True when the calling thread is at process level with interrupts enabled. Otherwise logs
 * KEX_ENVIRONMENT with the service's name and returns false: the service then refuses.
 */
bool environment_may_sleep(const char *service);

/* True at process level, whatever the priority; otherwise logs and returns false. */
bool environment_is_process(const char *service);

/*
 * For a service that refuses a call that is wrong wherever it is made: logs KEX_ENVIRONMENT with
 * what was called how, and what to do. Returns false.
 */
bool environment_refuse(const char *service, const char *how, const char *advice);

/* True at INTIODONE or less favoured; otherwise logs and returns false. */
bool environment_is_iodone(const char *service);
