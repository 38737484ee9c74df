/* Single values of devices as commands ask for them. */
#pragma once

#include <stdbool.h>

/*
 * The device's attribute, as it is stored or by default, to be freed; NULL when there is no such
 * device or attribute.
 */
char *device_value(const char *name, const char *attribute);

/* A disk's size in MB, of hdisk0 or /dev/hdisk0. False with a message. */
bool device_disk_size(const char *name, long long *megabytes);
