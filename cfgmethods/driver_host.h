/*
 * The one way from libcfg and the methods to the extension host: routines of <kex.h>, as that says.
 * Tests put their own table in its place, so that methods can be tested without a host.
 */
#pragma once

#include <kex.h>

struct driver_host {
	int (*sysconfig)(int cmd, void *parmp, int parmlen);
	int (*sysconfig_in)(int cmd, void *parmp, int parmlen, dev_t process_of);
	int (*device)(dev_t devno, struct kex_device *device);
	const char *(*reason)(void); /* of the last failure, "" for none */
	/* An ioctl of the device of a special file, which is opened for it: 0, or -1 and errno. */
	int (*ask)(const char *special, unsigned long cmd, void *arg);
	int (*special_file_make)(
		const char *name, dev_t devno, mode_t mode, uid_t owner, gid_t group);
	int (*special_file_read)(const char *name, int oflag, dev_t *devno);
	int (*special_file_remove)(const char *name);
};

/* libkex, unless a test sets another. */
extern const struct driver_host *driver_host;
