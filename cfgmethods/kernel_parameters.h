/*
 * Parameters of the modules that drive adapters, as attributes of these. Which there are is known
 * when the adapter is there: no schema file can have them all.
 */
#pragma once

#include "kernel.h"

/*
 * Enters those of the adapter's driver that its type has not got yet as attributes of the type. One
 * whose name is too long, or is an attribute's already, has a shorter one with ~ and a number
 * behind it; what begins with the module's name goes without that. How many were entered, after
 * which what was read of the type is out of date; -1 with the reason.
 */
int kernel_parameters_enter(const struct kernel_device *device, struct method_output *output);

/*
 * Of an attribute that is a parameter: how it is set although no user can set it now, as words
 * without a full stop. False for any other.
 */
bool kernel_parameter_advice(const struct CuDv *cudv, const char *attribute, struct text *advice);

/* The path of a parameter beneath the tree's root, "/module/NAME/parameters/PARAMETER": false for
 * an attribute that is none, or whose driver is no module. */
bool kernel_parameter_path(
	const struct kernel_device *device, const char *path, char room[SYSFS_PATH]);
