/* Vital product data as it is printed. For lscfg and errpt. */
#pragma once

#include <stddef.h>

/*
 * Prints a label, dots, and the value of some bytes, which goes on below itself when it is long.
 */
void vpd_print_line(const char *label, const char *value, size_t length);

/* Prints the records of a device, labels filled with dots: how many objects it has, -1 with a
 * message. */
int vpd_print(const char *device);
