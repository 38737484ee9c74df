/* What the host's processor is doing. For those that run routines on it, and for watchers. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Names the routine that is about to run at interrupt level in this thread, for whoever has to say
 * whose fault something was. Returns the one before, for processor_restore.
 */
void *processor_blame(void *routine);
void processor_restore(void *outer);

/* The routine that runs in this thread at interrupt level, NULL at process level. */
void *processor_blamed(void);

/*
 * From now on a handler that takes more processor time than so many nanoseconds is logged
 * (KEX_OVERSTAY): for the checker, as the look at the clock costs more than many a handler.
 */
void processor_watch_time(int64_t limit);

/* A look from outside: handlers begun until now, and the one that runs, NULL for none. */
uint64_t processor_progress(void **routine);
