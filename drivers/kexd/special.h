/* Device special files as the host sees them. For client.c, when a device is opened. */
#pragma once

#include <sys/types.h>

#define SPECIAL_NAME 32 /* bytes of a file's name with its NUL */

/*
 * Finds the device number and name of an open special file that a client passed. The descriptor
 * proves what the file's owner and mode let the client do: `flags` (DREAD, DWRITE) must be within
 * it, and a path's descriptor (O_PATH) proves nothing. It must be of the file that has its name in
 * the root's special directory. Who may write the file may write another number into it: the device
 * must have been published by both. Returns 0, EACCES, EBADF, ENOMEM or ENXIO.
 */
int special_check(int fd, int flags, dev_t *devno, char name[SPECIAL_NAME]);
