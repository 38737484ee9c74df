/* Devices that are down all at once, because the host or the machine is. */
#pragma once

#include "device.h"

enum shutdown_extent {
	SHUTDOWN_HOSTED, /* devices with drivers, and what is below them */
	SHUTDOWN_ALL,
};

/*
 * Makes devices Defined, with their paths, in one transaction and without their methods: nothing
 * drives them any more. With the configuration lock. E_OK, or E_ODMGET, E_ODMUPDATE or E_MALLOC
 * with the reason; then nothing is changed.
 */
int shutdown_devices(enum shutdown_extent extent, struct method_output *output);
