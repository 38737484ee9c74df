/* The procedure that every Configure method follows. */
#pragma once

#include "driver.h"

/*
 * Reads the flags, brings the device to Available and then finds its children, whose names go to
 * output->names. find_children may be NULL; it returns an E_ code. An Available device is
 * configured again only if the extension host does not have it: after a restart the database wins.
 */
int configure(int argc, char **argv,
	int (*find_children)(const struct device *device, struct method_output *output),
	struct method_output *output);

/*
 * Configures the device's parent again if the database has it Available and the extension host,
 * restarted, does not know it. E_OK, or the code of what failed.
 */
int parent_configure(const struct device *device, struct method_output *output);
