/* lscfg -p: what the platform says of a device. */
#pragma once

#include "cfgmethods/machine.h"

/* Prints what the machine's description says, or of a described disk what all disks have; or
 * nothing. */
void platform_print(const struct machine *machine, const struct CuDv *device);
