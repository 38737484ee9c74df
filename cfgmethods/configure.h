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
int parent_settle(const struct device *device, struct method_output *output);

/*
 * A child that was detected: defines it unless it is, sets its attributes ("a=v b=w"), and adds
 * its name to output->names.
 */
struct detected {
	const char *uniquetype; /* class/subclass/type */
	const char *connection;
	const char *location;
	const char *attributes;
};
int child_detected(
	const struct device *parent, const struct detected *child, struct method_output *output);

/*
 * After all detected ones: detectable children whose names are not in output->names become
 * MISSING, those that are and were MISSING become SAME.
 */
int children_compare(const struct device *parent, struct method_output *output);

/* Stores attributes "a=v b=w" of a device, without a check: a detecting method knows them. */
int store_attributes(const char *device, const char *assignments, struct method_output *output);
