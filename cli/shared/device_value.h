/* Single values of devices as commands ask for them. */
#pragma once

/*
 * The device's attribute, as it is stored or by default, to be freed; NULL when there is no such
 * device or attribute.
 */
char *device_value(const char *name, const char *attribute);

/* Prints a disk's size in MB, of hdisk0 or /dev/hdisk0; the memory's in KB. Return exit statuses.
 */
int device_print_disk_size(const char *disk);
int device_print_memory(void);
