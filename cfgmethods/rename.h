/* A device's name changed wherever it is. */
#pragma once

#include "device.h"

/*
 * Renames a Defined device in every customized class. E_OK, or a code with the reason and nothing
 * changed.
 */
int device_rename(const char *name, const char *new_name, struct method_output *output);
