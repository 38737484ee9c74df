/*
 * Brings the devices of a process that ended back, in a new one. For the supervisor, and for calls
 * that need the process now.
 */
#pragma once

#include "kexd/configured.h"

/* From now on nothing is brought back: kexd stops. */
void restore_never(void);

/*
 * Makes sure that a worker's process runs, with all its devices, without waiting for the time at
 * which it would be started again. Returns an errno, for the device `asked` (or NULL): the reply
 * then has the reason, and the device is not configured any more. Configuration mutex held.
 */
int restore_now(struct worker *worker, const struct configured *asked, struct wire_reply *reply);
