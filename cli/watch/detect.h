/* Finding what came and went among the devices that this machine's kernel drives. */
#pragma once

#include <stdbool.h>

/*
 * Detects all of them: what came is defined and configured, what went is Defined and MISSING, each
 * with a message. What an administrator has unconfigured stays so, and what the kernel does not
 * drive is left alone. It is one transaction: killed, it has done nothing. For the holder of the
 * configuration lock. False, with messages, when something failed: another try may help.
 */
bool detect_devices(void);
