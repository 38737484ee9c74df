/* A change of one or several devices: shown, checked, carried out, taken back. For chdev. */
#pragma once

#include "cli/shared/device_command.h"
#include "cli/shared/listing.h"
#include "cli/shared/names.h"

struct change_plan {
	struct text assignments; /* "a=v b=w" */
	const char *parent, *connection; /* or NULL */
	char reach; /* 'P', 'T', 'U', or 0 */
	struct attribute_changes *old; /* of each device, for taking back */
	int old_count;
};
void change_plan_release(struct change_plan *plan);

/* Checks a device by its Change method, without a change. False with a message. */
bool change_plan_check(const struct change_plan *plan, const char *device);

/*
 * Adds rows for what would change, with the columns device, attribute, value, new, effect, method.
 * False with a message when it would be refused, or there is no such column.
 */
bool change_plan_show(const struct change_plan *plan, const char *device,
	const struct format *format, struct table *table);

/* Notes the devices' values. False with a message. */
bool change_plan_remember(struct change_plan *plan, const struct names *names);

/* Runs the Change method. False with a message. */
bool change_plan_apply(const struct change_plan *plan, const char *device);

/* Gives the device number `index` of those remembered its values again. False with a message. */
bool change_plan_undo(const struct change_plan *plan, const char *device, int index);
