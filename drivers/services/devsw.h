/* The device switch: entry points by major number. For the worker and the services. */
#pragma once

#include <stdbool.h>
#include <sys/device.h>

#include "services/module.h"

/* The module that registered the switch table entry of a major number, NULL for none. */
struct module *devsw_module(unsigned major_number);

/* A copy of a device's entry points: false when no driver has the major number. */
bool devsw_lookup(dev_t devno, struct devsw *entry);

/* DSW_ bits of a major number. */
int devsw_status(dev_t devno);

/* Opens and closes a device in this thread's context. Return an errno. */
int device_open(dev_t devno, int flags, pid_t pid);
int device_close(dev_t devno, pid_t pid);
