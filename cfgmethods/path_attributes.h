/* Attributes of paths: CuPathAt, and PdPathAt for what is default. */
#pragma once

#include "attribute_changes.h"
#include "path.h"

/* All attributes of a path as customized ones, sorted by name; freeattr frees them. 0 or -1. */
int path_attributes(
	const struct CuPath *path, const char *uniquetype, struct CuAt **list, int *count);

/*
 * Whether a path may have a value: E_OK, or a code with the reason.
 */
int path_attribute_check(const char *uniquetype, const struct attribute_change *change,
	struct method_output *output);

/* Stores a value: an object exists only while it is not the default. 0 or -1. */
int path_putattr(
	const struct CuPath *path, const char *uniquetype, const struct attribute_change *change);
