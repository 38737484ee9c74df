/*
 * Published devices, and who has them open. For the worker and the services; drivers have
 * <sys/device.h>.
 */
#pragma once

#include <kex.h>
#include <stdbool.h>

#include "services/module.h"
#include "wire/wire.h"

/* Counts opens of a device and of its major number; pid 0 for an extension. */
void device_count_open(dev_t devno, pid_t pid);
void device_count_close(dev_t devno, pid_t pid);

/* Whether a device of the major number is open. */
bool devsw_is_open(unsigned major_number);

/* Whether a device is open. */
bool device_is_open(dev_t devno);

/* Stops a published device or starts it again: an errno. A stopped one can't be opened. */
int device_stop(dev_t devno, bool stop);
bool device_stopped(dev_t devno);

/* Whether the module published any device. */
bool device_of_module(const struct module *module);

/* Fills in up to `room` published devices from devno `first` on, in order; returns how many. */
unsigned device_list(dev_t first, struct kex_device *to, unsigned room);
unsigned device_total(void);

/* How many publications there were; the devices published later, and the bytes of that. */
unsigned long device_last_order(void);
size_t device_published_since(unsigned long order, struct wire_published *to, size_t room);

/* The device published last and its module, for a stop: false when there is none. */
bool device_last(dev_t *devno, struct module **module);
