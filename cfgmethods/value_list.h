/*
 * The values of an attribute that adds, as attribute changes: one entry a value, of one name. An
 * entry with an empty value is none.
 */
#pragma once

#include "attribute_changes.h"

/* Adds the values of an attribute that are in `from`: false without memory. */
bool values_append(
	const struct attribute_changes *from, const char *attribute, struct attribute_changes *to);

/* Adds those of an attribute's among objects: false without memory. */
bool values_among(
	const struct CuAt *objects, int count, const char *attribute, struct attribute_changes *to);

/* Adds those that are stored: 0 or -1. */
int values_stored(const char *device, const char *attribute, struct attribute_changes *to);

/*
 * Adds those that the device was last configured with, or without such a record those that are
 * stored: 0 or -1.
 */
int values_running(const char *device, const char *attribute, struct attribute_changes *to);

/* The place of a value, -1 when it is not there; numbers are compared as such. */
int values_find(const struct attribute_changes *values, const char *attribute, const char *value,
	bool numeric);

/* Whether both have the same values of an attribute, in whatever order. */
bool values_same(const struct attribute_changes *one, const struct attribute_changes *other,
	const char *attribute);

/*
 * Adds the changes that lead from the one list to the other: values taken away by the name of
 * `remover`, then values added. False without memory.
 */
bool values_difference(const struct attribute_changes *from, const struct attribute_changes *to,
	const char *attribute, const char *remover, struct attribute_changes *changes);

/* A name that has its place in PdAt and CuAt. */
typedef char attribute_name[sizeof(((struct PdAt *)0)->attribute)];

/*
 * Whether a device's attribute adds: 1 with the name of the one that takes away, 0, -1 when the
 * database fails.
 */
int adding_attribute(const char *device, const char *attribute, attribute_name remover);
