/* Vital product data as it is printed. For lscfg and errpt. */
#pragma once

#include <stdbool.h>

/* Prints the records of a device, labels filled with dots: how many objects it has, -1 with a
 * message. */
int vpd_print(const char *device);
