/* Loaded extensions: what a worker does with them, and the other services ask of them. */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <sys/device.h>
#include <sys/sysconfig.h>

/*
 * Held while an extension is loaded or unloaded and while an entry point for configuration, open
 * or close runs, so that no device goes away under its opener. Recursive: an extension opens
 * another's device while it is being opened itself.
 */
extern pthread_mutex_t configuration_mutex;

/* A loaded extension. */
struct module {
	mid_t kmid;
	char name[32];
	char *path;
	void *handle;
	unsigned loads;
	uint64_t address, size; /* of its segments */
	int (*entry)(dev_t devno, int cmd, struct uio *uiop);
	struct module *next; /* in kmid order */
};

/*
 * SYS_SINGLELOAD and the like, with configuration_mutex held. Return 0 or an errno, and `reason`
 * (DDS_REASON bytes) in words.
 */
int module_load(const char *path, bool another_copy, mid_t *kmid, char *reason);
int module_unload(mid_t kmid, char *reason);
mid_t module_query(const char *path);
struct module *module_find(mid_t kmid);
struct module *module_first(void);

/* Whether a module has entries in the switch table or published devices. */
bool module_in_use(const struct module *module);

/* Calls a module's configuration entry point in this thread's context, with the mutex held. */
int module_call(
	struct module *module, dev_t devno, int cmd, void *data, size_t length, char *reason);
