/* The content of a device special file, for kexd and libkex. */
#pragma once

#include <sys/types.h>

#define SPECIAL_FILE_FORMAT "odmcfg device %u %u\n"

/*
 * Reads the device number from an open special file, whatever way it is open. Returns 0, or -1 and
 * errno: ENXIO when it is not a special file.
 */
int special_file_parse(int fd, dev_t *devno);
