/* Changes of attributes that add and take away become the lists that the device will have. */
#pragma once

#include "change_check.h"
#include "value_list.h"

/*
 * Carries out, in their order, the changes that add a value or take one away: in their place there
 * are then all the values that the attribute will have, or an empty one for none. Nothing is left
 * of an attribute whose values stay as they are. They start from what is stored, or with
 * CHANGE_DEVICE from what the device runs with. E_OK; E_ATTRVAL, with the values there are, when
 * one that is to be taken away is not there; or another code.
 */
int change_lists(const struct device *device, enum change_reach reach,
	struct attribute_changes *changes, struct method_output *output);

/* Adds the values of an adding attribute that such a change starts from: 0 or -1. */
int change_lists_base(const char *device, enum change_reach reach, const char *attribute,
	struct attribute_changes *to);
