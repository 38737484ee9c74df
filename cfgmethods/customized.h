/* What is customized of many devices, read by one query. For comparing it with what devices have.
 */
#pragma once

#include "cfg_private.h"

struct customized_value {
	char device[16], attribute[16];
	long id; /* of the object: several values of one attribute are in that order */
	char *value;
};
struct customized {
	struct customized_value *list; /* a device's follow each other */
	size_t count;
};
void customized_release(struct customized *customized);

/*
 * Reads what the user may set and has set, and what identifies devices: of one, or of all when its
 * name is NULL. 0, or -1 and odmerrno.
 */
int customized_read(const char *device, struct customized *customized);

/* A device's first value, and how many there are. */
const struct customized_value *customized_find(
	const struct customized *customized, const char *device, size_t *count);
