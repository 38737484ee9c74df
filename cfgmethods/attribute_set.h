/*
 * All that a device's attributes are, read once: what its type has of them (PdAt), what is stored
 * (CuAt), and what the device runs with (CuRun).
 */
#pragma once

#include "device.h"
#include "value_list.h"

struct attribute_set {
	struct PdAt *predefined; /* the attributes of the type */
	struct CuAt *stored; /* values that are not the default */
	int predefined_count, stored_count;
	struct attribute_changes
		running; /* as running_read has it; empty unless it was asked for */
	struct listinfo predefined_list, stored_list; /* what the library frees them by */
};
void attribute_set_release(struct attribute_set *set);

/*
 * Reads a device's, with what it runs with when `running`. 0, or -1 and odmerrno; to be released
 * either way.
 */
int attribute_set_read(
	const struct device *device, bool running, struct attribute_set *set) MUST_CHECK;

/* What is predefined of an attribute; NULL when the type has none of that name. */
const struct PdAt *attribute_set_predefined(const struct attribute_set *set, const char *attribute);

/* Whether the attribute can be changed while the device is in use. */
bool attribute_is_live(const struct PdAt *predefined);

/* What is stored of it, the first object; NULL for none. */
const struct CuAt *attribute_set_stored(const struct attribute_set *set, const char *attribute);

/*
 * The value that is stored, else the default, as of getattr(): the first of an attribute that has
 * several. NULL when there is no such attribute.
 */
const char *attribute_set_value(const struct attribute_set *set, const char *attribute);

/* The value that the device runs with, else the one that is stored. */
const char *attribute_set_running(const struct attribute_set *set, const char *attribute);

/* Adds all stored values of an attribute that adds: false without memory. */
bool attribute_set_values(
	const struct attribute_set *set, const char *attribute, struct attribute_changes *to);
