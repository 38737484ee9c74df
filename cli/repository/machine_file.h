/* etc/machine.cfg, as odmcfg init writes it. For init. */
#pragma once

#include <stdbool.h>

/*
 * Whether the root has a machine.cfg that can be used or replaced: *exists tells that there is one.
 * False, with a message, when it is no plain file of a trusted owner.
 */
bool machine_file_find(bool *exists);

/*
 * Replaces it by a copy of a file, with `host` one that has the machine's own devices too,
 * completely or not at all. One that is neither the same nor a
 * shipped one is kept under another name, which is told. False, with a message, on failure.
 */
bool machine_file_replace(const char *file, bool host);
