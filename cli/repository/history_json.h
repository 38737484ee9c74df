/* Changes of the history as JSON. For the commands of the history. */
#pragma once

#include <jansson.h>
#include <odmx.h>

/* Changes being collected in an array; only what is about a device, if that is not NULL. */
struct change_array {
	json_t *array;
	const char *device;
};

/* Adds a change to the array: an odm_change_visitor for a struct change_array. */
int collect_change(const struct odm_change *change, void *closure);
