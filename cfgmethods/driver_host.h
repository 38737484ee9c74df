/*
 * The one way from libcfg and the methods to the extension host. Tests put their own table in its
 * place, so that methods can be tested without a host.
 */
#pragma once

#include <kex.h>

struct driver_host {
	int (*sysconfig)(int cmd, void *parmp, int parmlen);
	int (*device)(dev_t devno, struct kex_device *device);
	const char *(*reason)(void); /* of the last failure, "" for none */
};

/* libkex, unless a test sets another. */
extern const struct driver_host *driver_host;
