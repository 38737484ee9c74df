/*
 * Which extensions are loaded. Each is loaded in the common worker, which shows that it can be, and
 * in each worker that has a device of it.
 */
#pragma once

#include <sys/sysconfig.h>

#include "kexd/worker.h"

struct extension {
	mid_t kmid;
	unsigned loads; /* SYS_KLOADs and SYS_SINGLELOADs not yet undone */
	char *path;
	struct extension *next; /* in kmid order */
};

/* The first extension; the one with a kmid, NULL for none. Configuration mutex held, as below. */
struct extension *extension_first(void);
struct extension *extension_find(mid_t kmid);

/* How many are loaded. Any thread, without the mutex. */
unsigned extension_total(void);

/* SYS_KLOAD, SYS_SINGLELOAD, SYS_QUERYLOAD, SYS_KULOAD. Fills in the reply; returns an errno. */
int extension_load(const struct wire_request *request, struct wire_reply *reply);

/* Takes back the count of one load, of several. */
void extension_uncount(mid_t kmid);

/* Loads an extension once more in a worker, for a device; *local is its kmid there. An errno. */
int extension_enter(struct worker *worker, mid_t kmid, mid_t *local, struct wire_reply *reply);

/* Undoes it. */
void extension_leave(struct worker *worker, mid_t kmid);
