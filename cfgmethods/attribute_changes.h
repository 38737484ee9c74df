/* A list of attribute values by name, as a change is about to give them, or a device has them. */
#pragma once

#include "cfgmethods/cfg_private.h"

struct attribute_change {
	char *attribute; /* owns the value, too, which is behind it */
	char *value;
};
struct attribute_changes {
	struct attribute_change *changes;
	int count;
};
void attribute_changes_release(struct attribute_changes *changes);

/* Adds a copy: false without memory. */
bool attribute_changes_add(
	struct attribute_changes *changes, const char *attribute, const char *value);

/*
 * Adds those of "a=v b='w x'": false without memory, when a word has no '=', or a quote no end.
 */
bool attribute_changes_read(const char *assignments, struct attribute_changes *changes);

/* Writes them as attribute_changes_read reads them: false without memory. */
bool attribute_changes_write(const struct attribute_changes *changes, struct text *assignments);

/* The value that they give an attribute, the last one; NULL when it is not there. */
const char *attribute_changes_find(const struct attribute_changes *changes, const char *attribute);
