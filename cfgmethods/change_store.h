/* How changes of attributes get to CuAt. */
#pragma once

#include "attribute_changes.h"
#include "method.h"

/*
 * Stores attributes of a device, without a check: of one that adds all the values that are to be
 * there, or an empty one for none.
 */
int store_changes(
	const char *device, const struct attribute_changes *changes, struct method_output *output);
