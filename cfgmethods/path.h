/* Paths of multi-path devices: CuPath, and which are switched off. */
#pragma once

#include "device.h"

/* CuPath.path_status */
#define PATH_DEFINED 0
#define PATH_AVAILABLE 1
#define PATH_MISSING 2

/* Whether devices of a type have paths: it has path attributes. 1, 0, -1. */
int path_supported(const char *uniquetype);

/* The device's path to a parent's connection: 1 with *path, 0, -1. */
int path_find(const char *device, const char *parent, const char *connection, struct CuPath *path);

/*
 * Adds a path, or finds that it is there: its lowest free ID. 0 or -1. In a transaction of the
 * caller's, as the next ones.
 */
int path_add(const char *device, const char *parent, const char *connection, int status);
/* The same of a path that is not there yet. */
int path_add_new(const char *device, const char *parent, const char *connection, int status);

/* Of a device that was configured: paths whose parents are Available are, too. 0 or -1. */
int path_configure_all(const char *device);

/* Of a device that was unconfigured: its Available paths are Defined. 0 or -1. */
int path_unconfigure_all(const char *device);

/*
 * Whether a device has a path by another parent than the named one: any, or one that works now,
 * which is what lspath prints Enabled for. 1, 0, -1.
 */
enum path_wanted { PATH_ANY, PATH_ENABLED };
int path_elsewhere(const char *device, const char *parent, enum path_wanted wanted);

/*
 * Whether a parent is the last by which a device can be used: PATH_ENABLED looks at the configured
 * devices with an Available path by it, PATH_ANY at all with a path by it. 1 with the first one's
 * name, 0, -1.
 */
int path_last_user(const char *parent, enum path_wanted wanted, char device[16]);

/*
 * The same of the devices that are entered below it: PATH_ENABLED looks at those that are
 * configured. 1 with the first one's name, 0, -1.
 */
int path_last_child(const char *parent, enum path_wanted wanted, char child[16]);

/* The Available paths through a parent that is unconfigured become Defined. 0 or -1. */
int path_release_all(const char *parent);

/*
 * Removes the paths through a parent; a device that is entered at one of them moves to a path that
 * is left. 0 or -1. In a transaction of the caller's.
 */
int path_remove_all(const char *parent);

/*
 * As these two, of one device's paths only: they become Defined, or with `remove` are removed. How
 * many did, or -1.
 */
int path_take_away(const char *device, const char *parent, bool remove);

/* The parents of the paths by which a device can be configured: 1 when one is Available, 0, -1. */
int path_parent_available(const char *device);

/*
 * Visits the paths that match criteria made by odm_criteria, until the visitor returns another
 * value than 0. That value; -1 when the database fails.
 */
int path_visit(char *crit, int (*visit)(const struct CuPath *path, void *closure), void *closure);

/* Sets a path's status. 0 or -1. */
int path_set_status(const struct CuPath *path, int status);

/*
 * Removes a path and its attributes. A device that is entered there moves to the first path that is
 * left, an Available one if there is one. 0 or -1. In a transaction of the caller's.
 */
int path_remove(const struct CuPath *path);

/*
 * What the path does now: "Enabled", "Disabled", "Defined", "Missing" or, when its parent is not
 * Available or the kernel does not use it, "Failed". "Unmapped" is one by which the kernel reaches
 * a disk that no multipath map has by it: nothing changes over to it.
 */
const char *path_state(const struct CuPath *path);

/*
 * Switches a path on or off until the device is configured anew; of a disk that the kernel drives
 * the kernel's or multipathd's state of it, too. E_OK, or a code with the reason.
 */
int path_switch(const struct CuPath *path, bool on, struct method_output *output);

/* Whether an Available path of a disk that the kernel drives is not Enabled. */
bool path_is_lost(const struct CuPath *path);

/* Switches a path on that was switched off by path_switch; what fails is left. */
void path_reset(const struct CuPath *path);
