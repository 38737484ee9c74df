/* Giving devices their stored values after an event, and again when the kernel refuses some. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "cli/shared/names.h"

/* A device some of whose values were refused. */
struct refusal {
	char name[16];
	int tries;
	int64_t due; /* of CLOCK_MONOTONIC, NEVER after the last try */
	bool again; /* refused in this round, and time may help */
	bool refused; /* in this round */
	char *told; /* what was said of it, which is said once */
};
#define NEVER INT64_MAX

struct applier {
	struct refusal *refusals;
	int count;
	bool lost; /* a device is not where it was: to be detected */
	bool failed; /* without memory */
};
void applier_release(struct applier *applier);

/*
 * Gives these devices the stored values that they don't have, and says so. `event`: something
 * happened to them, and the tries begin anew. False, with a message, when the database failed.
 */
bool applier_apply(struct applier *applier, const struct names *names, bool event);

/* When the next device is to be tried again, NEVER for none. */
int64_t applier_due(const struct applier *applier);

/* Adds those that are due. False with a message. */
bool applier_take_due(const struct applier *applier, int64_t now, struct names *names);
