/* What the watch has to do, and when: events are gathered, devices detected and given their values.
 */
#pragma once

#include "apply.h"
#include "directory.h"
#include "events.h"

/* An event about a device that was not known when it came. */
struct arrival {
	char subsystem[16];
	char os_name[64];
	bool changed; /* it only changed: one that the machine's devices have no use for */
};

struct arrivals {
	struct arrival *list;
	int count;
};

struct work {
	struct directory directory;
	struct applier applier;
	struct arrivals arrivals; /* since the last detection */
	struct arrivals
		strangers; /* those that it did not find; their changes are of no interest */
	bool everything; /* the values of all devices are to be compared, too */
	bool detection; /* wanted, and since when, and the latest reason */
	int64_t first_reason, last_reason;
	int failures; /* of detections, one after the other */
	int64_t applied; /* when values were given the last time */
	int64_t blocked; /* until then another process configures */
	int waits; /* for it */
	bool broken; /* it can't go on; there was a message */
};
void work_release(struct work *work);

/* All is to be looked at, at once. */
void work_rescan(struct work *work);

/* For events_read. */
void work_take_event(const struct event *event, void *closure);

/*
 * Does what is due, under the configuration lock, which is not waited for. When there will be more
 * to do, by CLOCK_MONOTONIC; NEVER for not before an event.
 */
int64_t work_do(struct work *work);
