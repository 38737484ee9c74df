/*
 * What is configured and where: enough to configure it again when a worker's process ended. For
 * all of kexd.
 */
#pragma once

#include <stdbool.h>
#include <sys/sysconfig.h>

#include "kexd/worker.h"

#define PUBLISHED_MOST 16 /* device numbers of one device */

/* A device that a CFG_INIT made. */
struct configured {
	dev_t devno; /* of the CFG_INIT */
	mid_t kmid, local; /* of its extension: kexd's, and the worker's own */
	struct worker *worker;
	dev_t process_of; /* the device whose process it was put into, 0 for none */
	char *dds; /* of the CFG_INIT or the last CFG_CHANGE */
	uint32_t dds_length;
	struct wire_published published[PUBLISHED_MOST];
	unsigned published_count;
	uint32_t stopped; /* bit for each of `published` */
	struct configured *next; /* in the order of configuration */
};

/*
 * Held over every change of what is loaded and configured. The list below changes with both this
 * and the list's own lock held, so that either is enough to read it.
 */
extern pthread_mutex_t configuration_mutex;

/* Enters a device, with the payload of its request as DDS: NULL when there is no memory. */
struct configured *configured_add(
	dev_t devno, mid_t kmid, struct worker *worker, const char *dds, uint32_t length);
void configured_remove(struct configured *device);

/* Notes what the device has published. */
void configured_publish(
	struct configured *device, const struct wire_published *published, unsigned count);

/* Changes what a device would be configured with again: false when there is no memory. */
bool configured_keep_dds(struct configured *device, const char *dds, uint32_t length);

/* The device that published a number, or was configured with it; configuration mutex held. */
struct configured *configured_find(dev_t devno);

/* The worker that has a device published by this number and name, NULL for none. Any thread. */
struct worker *configured_worker(dev_t devno, const char *name);

/* The worker that has what published or was configured with a number, NULL for none. Any thread. */
struct worker *configured_holder(dev_t devno);

/* The first of the list, in the order of configuration; configuration mutex held. */
struct configured *configured_first(void);

/* Whether another one was put into its process; configuration mutex held. */
bool configured_has_children(const struct configured *device);

/* Whether a device of the extension is configured; configuration mutex held. */
bool configured_uses(mid_t kmid);

/* Device numbers published by all. Any thread. */
unsigned configured_total(void);
