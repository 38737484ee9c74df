/* What the database says of a device that the kernel drives, when the kernel says something else.
 */
#pragma once

#include "kernel.h"

/*
 * Takes over the size of a block device that is there: a disk that was made larger, or a loop
 * device that has another file now. 1 when it is another one, with *size (to be freed) in
 * megabytes; 0 when it is the same, or none of such a device; -1 and odmerrno.
 */
int kernel_refresh_size(const char *name, char **size);
