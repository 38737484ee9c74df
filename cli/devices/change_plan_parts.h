/* Inside change plans: what showing, carrying out and taking back have in common. */
#pragma once

#include "cfgmethods/change_lists.h"
#include "change_plan.h"

/* The Change method's arguments; `mode` is one more flag, or NULL. */
struct change_arguments {
	const char *list[12];
};
struct change_arguments change_plan_arguments(const struct change_plan *plan, const char *device,
	const char *assignments, const char *mode);

/* What is to be changed, with whole lists for attributes that add. False with a message. */
bool change_plan_read(const struct change_plan *plan, const struct device *device,
	struct attribute_changes *changes);

/*
 * Adds the steps from the values that an attribute has to those that it will have, or back: 1, 0
 * for an attribute that does not add, -1.
 */
int change_plan_steps(const struct change_plan *plan, const struct device *device,
	const struct attribute_changes *changes, const char *attribute, bool back,
	struct attribute_changes *steps);

/* Whether the change before is one of the same attribute: a list's changes follow each other. */
bool change_plan_repeated(const struct attribute_changes *changes, int index);
