/*
 * Values that devices are to have, from wherever they are imported: checked, shown, and given to
 * the devices by their Change methods. What can't be given is told and left.
 */
#pragma once

#include "base/cleanup.h"
#include "cfgmethods/attribute_changes.h"
#include "cli/shared/device_command.h"
#include "cli/shared/listing.h"

/* What one device is to have. */
struct wish {
	char device[16];
	struct attribute_changes values; /* several of an attribute that adds */
};

/* Zero-initialise it. */
struct wishes {
	struct wish *list; /* in the order in which the devices were named */
	int count;
	int left; /* what was told and left */
};
void wishes_release(struct wishes *wishes);

/* A device's attribute is to have the value, and no other that was asked for before. False without
 * memory. */
bool wishes_set(
	struct wishes *wishes, const char *device, const char *attribute, const char *value);

/* The same, beside those values that were asked for before. */
bool wishes_add(
	struct wishes *wishes, const char *device, const char *attribute, const char *value);

/* Tells something that can't be taken, and counts it. */
void wishes_leave(struct wishes *wishes, const char *format, ...) PRINTF_LIKE(2, 3);

struct wish_options {
	bool database_only; /* -P */
	bool force; /* also what can cut the machine off */
	bool dry_run;
	bool quiet;
	struct listing listing; /* of --dry-run */
};

/*
 * Gives the devices what they are to have and have not, in one entry of the history; with dry_run
 * prints it. What a Change method refuses is told and left. How many values were given, or would
 * be; -1 with a message.
 */
int wishes_carry_out(struct wishes *wishes, const struct wish_options *options);
