/* A device that a program has open through the file system. For devfs.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct open_device;
struct fuse_pollhandle;

/* Starts what tells waiting polls; once, after the process is in the background. 0 or an errno. */
int open_devices_begin(void);

/* Opens by the special file's name. Returns 0 and *device, to be closed, or an errno. */
int open_device_create(const char *name, int oflag, struct open_device **device);
void open_device_close(struct open_device *device);

/* Each returns bytes or 0, or the negative errno, as FUSE wants it. */
int open_device_read(struct open_device *device, char *buffer, size_t size);
int open_device_write(struct open_device *device, const char *buffer, size_t size);
int open_device_ioctl(struct open_device *device, unsigned cmd, void *data, bool privileged);

/*
 * The events that are true now in *revents. `handle`, unless NULL, is taken over and told later
 * when there was none.
 */
int open_device_poll(struct open_device *device, struct fuse_pollhandle *handle, unsigned *revents);
