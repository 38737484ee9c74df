/* Who set a device's attributes, and when: from the history. For listings of attributes. */
#pragma once

#include <stdbool.h>

#include "history_entry.h"

struct attribute_origin {
	char attribute[16];
	char *value; /* of an attribute that has several, else NULL */
	char when[ENTRY_TIME], user[ENTRY_USER];
	char *command;
};

/* Zero-initialise with the device. */
struct attribute_origins {
	const char *device;
	struct attribute_origin *list;
	int count;
	const struct odm_history_entry *entry; /* being read */
};
void attribute_origins_release(struct attribute_origins *origins);

/* Reads the newest change of each attribute, or of each of its values. False with a message. */
bool attribute_origins_read(struct attribute_origins *origins);

/*
 * NULL for what the history has no change of. An attribute that has several values, and none left,
 * comes from its newest change: its value is "" then.
 */
const struct attribute_origin *attribute_origins_find(
	const struct attribute_origins *origins, const char *attribute, const char *value);
