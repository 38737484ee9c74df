/*
 * Ctrl-C and SIGTERM wait for the end of a step: a method is not cut off half way, and a command of
 * many steps ends between two of them. The second one ends it at once.
 */
#pragma once

#include <stdbool.h>

/* From here on the first SIGINT, SIGTERM or SIGHUP is held back, from methods run as programs too.
 */
void interrupt_hold(void);

/* Whether one came: false, or true with a message, once. */
bool interrupt_pending(void);

/* Lets it through at the command's end: the shell sees what the command died of. */
void interrupt_deliver(void);
