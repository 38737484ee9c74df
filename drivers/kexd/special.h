/* Device special files as the host sees them. */
#pragma once

#include <sys/types.h>

/*
 * Finds the device number in an open special file that a client passed. The descriptor proves what
 * the file's mode lets the client do: `flags` (DREAD, DWRITE) must be within it. The file must be
 * in the root's special directory and belong to the host's user, so that nobody makes their own.
 * Returns 0, EACCES, EBADF or ENXIO.
 */
int special_check(int fd, int flags, dev_t *devno);
