/* What a user is told of an extension host that is not there. For commands. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* Says that the host died, and what helps. */
void host_died_message(pid_t pid);

/* Says so when the host died or is of another build. False when there is nothing of that to say. */
bool host_state_message(void);
