/* The entry points of both special files, for the driver's description in config.c. */
#pragma once

#include <sys/device.h>

/* The driver's line of the device switch table. */
extern const struct devsw tmscsi_entry_points;
