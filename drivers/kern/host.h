/* Between the parts of the host process. */
#pragma once

#include <kex.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/device.h>

#include "kern/thread.h"
#include "wire/wire.h"

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

/* The module that registered the switch table entry of a major number, NULL for none. */
struct module *devsw_module(unsigned major_number);

/* A copy of a device's entry points: false when no driver has the major number. */
bool devsw_lookup(dev_t devno, struct devsw *entry);

/* DSW_ bits of a major number. */
int devsw_status(dev_t devno);

/* Whether a module has entries in the switch table or published devices. */
bool module_in_use(const struct module *module);

/* Counts opens of a device and of its major number; pid 0 for an extension. */
void device_count_open(dev_t devno, pid_t pid);
void device_count_close(dev_t devno, pid_t pid);
bool devsw_is_open(unsigned major_number);

/* Stops a published device or starts it again: an errno. A stopped one can't be opened. */
int device_stop(dev_t devno, bool stop);
bool device_stopped(dev_t devno);

/* Whether the module published any device. */
bool device_of_module(const struct module *module);

/* Fills in up to `room` published devices from devno `first` on, in order; returns how many. */
unsigned device_list(dev_t first, struct kex_device *list, unsigned room);
unsigned device_total(void);

/* How many publications there were; the devices published later, and the bytes of that. */
unsigned long device_last_order(void);
size_t device_published_since(unsigned long order, struct wire_published *list, size_t room);

/* The device published last and its module, for a stop: false when there is none. */
bool device_last(dev_t *devno, struct module **module);

/* Calls a module's configuration entry point in this thread's context, with the mutex held. */
int module_call(
	struct module *module, dev_t devno, int cmd, void *data, size_t length, char *reason);

/* Opens and closes a device in this thread's context. Return an errno. */
int device_open(dev_t devno, int flags, pid_t pid);
int device_close(dev_t devno, pid_t pid);
