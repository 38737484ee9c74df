/* The end of the extension host, and what has to follow it. For kexd, boot, cfgmgr and devfs. */
#pragma once

#include <stdbool.h>

#include "cfgmethods/shutdown.h"

/* Stops the host, with `force` also when a device is open. False with a message. */
bool host_stop(bool force);

/*
 * Stops a host of another build: what it has can't be asked for, its end is the devices' end there.
 * False with a message.
 */
bool host_replace_other_build(void);

/* The program that takes the mount of device files away, with `force` also when one is open. */
struct unmount_command {
	const char *arguments[5]; /* ended by NULL; they point at the directory's name */
};
struct unmount_command host_unmount_command(const char *directory, bool force);

/*
 * After the host's end: takes the mount of device files away, with `force` also when a file of it
 * is open, and makes devices Defined. With the configuration lock. False with a message.
 */
bool host_devices_down(enum shutdown_extent extent, bool force);
