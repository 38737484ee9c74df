/* Whether a device's hardware is where the database has it. */
#pragma once

#include "device.h"

/*
 * Asks the hardware for a device of a type that can be detected, at its place and at the ends of
 * its paths; a type that can't is believed. E_OK, E_NODETECT with the reason, or E_ODMGET.
 */
int presence_check(const struct device *device, struct method_output *output);
