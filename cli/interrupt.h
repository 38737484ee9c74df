/*
 * Ctrl-C and SIGTERM wait for the end of a step: a method is never cut off half way, and a command
 * of many steps ends between two of them.
 */
#pragma once

#include <stdbool.h>

/* From here on SIGINT, SIGTERM and SIGHUP are held back, from methods run as programs too. */
void interrupt_hold(void);

/* Whether one came: false, or true with a message, once. */
bool interrupt_pending(void);

/* Lets them through at the command's end: the shell sees what the command died of. */
void interrupt_deliver(void);
