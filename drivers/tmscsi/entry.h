#pragma once

#include <sys/device.h>

/* The driver's line of the device switch table. */
extern const struct devsw tmscsi_entry_points;
