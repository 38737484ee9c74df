/*
 * What LIO has of a backstore, below kernel/config/target/core of a tree where configfs is mounted.
 * Some is read in one file and set by another, as those of the user space backstores are: by
 * NAME=VALUE that is written to the backstore's file control, before it is enabled. For these there
 * is a directory that only we see:
 *
 *     kernel/config/target/core/HBA/BACKSTORE/control/NAME
 */
#pragma once

#include "sysfs/tree.h"

/* Where the backstores are. */
#define BACKSTORES "kernel/config/target/core"

/* Whether a path is in such a directory. */
bool backstore_is(const char *path);

/* As an access reads: the number of bytes, or -1 and errno. */
ssize_t backstore_read(
	const struct sysfs_tree *tree, const char *path, void *room, size_t size) MUST_CHECK;

/* As an access writes: 0, or -1 and errno; `reason` has the words for a refusal that needs some. */
int backstore_write(const struct sysfs_tree *tree, const char *path, const void *value,
	size_t length, char *reason, size_t size) MUST_CHECK;

/*
 * What identifies a backstore, by its directory: "lio.SERIAL", or "path.HBA/NAME" without a serial
 * number. False for another directory.
 */
bool backstore_identity(
	const struct sysfs_tree *tree, const char *directory, char *room, size_t size);
