/* etc/machine.cfg, as odmcfg init writes it. */
#pragma once

#include <stdbool.h>

/*
 * Whether the root has a machine.cfg that can be used or replaced: *exists tells that there is one.
 * False, with a message, when it is no plain file of somebody who is trusted.
 */
bool machine_file_look(bool *exists);

/*
 * Puts a copy of a file in its place, with `host` one that has the machine's own devices, too, whole or not at all. One that is neither the same nor a
 * shipped one is kept under another name, which is told. False, with a message, on failure.
 */
bool machine_file_replace(const char *file, bool host);
