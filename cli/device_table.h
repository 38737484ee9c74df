/* Listings of devices: columns of CuDv and PdDv, and description, status and physloc. */
#pragma once

#include "cfgmethods/device.h"
#include "table.h"

#define CUSTOMIZED_COLUMNS "name status location description"
#define PREDEFINED_COLUMNS "class type subclass description"

/*
 * Adds a row with the format's columns; of a type alone when the device has no name. False without
 * memory, or with a message for a column that does not exist.
 */
bool device_table_add(
	struct table *table, const struct format *format, const struct device *device);
