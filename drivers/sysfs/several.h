/*
 * Values that the kernel keeps in several files, as one value: the processors of all interrupts of
 * an adapter, the time-outs of all remote ports of a Fibre Channel port, what all paths of a
 * multipath map have. They are in files that only we see:
 *
 *     DEVICE/interrupts/affinity           of the PCI function that the device is or is behind
 *     class/fc_host/HOST/remote_ports/NAME the port's own, where it has one, and its remote ports'
 *     block/dm-NUMBER/device/NAME          of the devices of the map's paths
 *
 * Where all have the same that is the value; else those of all, in their order with a +
 * between. Written is one value for all, or as many as there are.
 */
#pragma once

#include "sysfs/tree.h"

/* Between the values where they are not all the same. A list of processors may have a slash. */
#define SEVERAL_SEPARATOR '+'

/* Whether a path is one of these. */
bool several_is(const char *path);

/* As an access reads: the number of bytes, or -1 and errno (ENOENT: there is no such file). */
ssize_t several_read(
	const struct sysfs_tree *tree, const char *path, void *room, size_t size) MUST_CHECK;

/*
 * As an access writes, all or none: what was written is taken back when one file refuses. 0, or -1
 * and errno; a refusal that needs words has them in `reason`, which is left alone else.
 */
int several_write(const struct sysfs_tree *tree, const char *path, const void *value, size_t length,
	char *reason, size_t size) MUST_CHECK;
