/* What the host's processor is doing: private to the host and its dispatchers. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Names the routine that is about to run at interrupt level in this thread, for whoever has to say
 * whose fault something was. Returns the one before, to be put back.
 */
void *processor_blame(void *routine);

/* The routine that runs in this thread at interrupt level, NULL at process level. */
void *processor_blamed(void);

/* A look from outside: handlers begun until now, and the one that runs, NULL for none. */
uint64_t processor_progress(void **routine);
