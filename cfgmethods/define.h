/* What the Define methods share. */
#pragma once

#include "device.h"

/* Defines a device of the type as the flags say; its name goes to output->names. E_OK, or a code.
 */
int define_device(
	const struct PdDv *type, const struct method_flags *flags, struct method_output *output);
