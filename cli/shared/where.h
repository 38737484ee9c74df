/*
 * Selection of devices by the values of their attributes, beside the patterns of their names. For
 * commands that take --where.
 */
#pragma once

#include <stdbool.h>

#include "cfgmethods/attribute_changes.h"
#include "names.h"

/* Conditions that all have to hold; none holds for every device. Zero-initialise it. */
struct where {
	struct attribute_changes conditions;
};
void where_release(struct where *where);

/* Takes a condition, Attribute=Value: false with a message when it is none. */
bool where_add(struct where *where, const char *condition);

/*
 * Whether a device has the values, as lsattr -E shows them: of what the kernel keeps those that it
 * has now. 1, 0, or -1 with a message.
 */
int where_holds(const struct where *where, const struct CuDv *device);

/* Leaves those of the names for which the conditions hold, maybe none. False with a message. */
bool where_narrow(const struct where *where, struct names *names);

/*
 * Adds the devices of a name or pattern, NULL for all, for which the conditions hold. False with a
 * message when there is none.
 */
bool where_names(const struct where *where, const char *pattern, struct names *names);
