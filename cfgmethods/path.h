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

/* Of a device that was configured: paths whose parents are Available are, too. 0 or -1. */
int path_configure_all(const char *device);

/* Of a device that was unconfigured: its Available paths are Defined. 0 or -1. */
int path_unconfigure_all(const char *device);

/*
 * Before a parent is unconfigured: the Available paths through it become Defined. 1 with the name
 * of a configured device that would have none left, and nothing changed; 0, -1.
 */
int path_release_all(const char *parent, char device[16]);

/* Removes the paths through a parent that is undefined. 0 or -1. */
int path_remove_all(const char *parent);

/* Sets a path's status. 0 or -1. */
int path_set_status(const struct CuPath *path, int status);

/* Removes a path and its attributes. 0 or -1. */
int path_remove(const struct CuPath *path);

/*
 * What the path does now: "Enabled", "Disabled", "Defined", "Missing" or, when its parent is not
 * Available, "Failed".
 */
const char *path_state(const struct CuPath *path);

/* Switches a path on or off until the device is configured anew. 0, or -1 and errno. */
int path_switch(const struct CuPath *path, bool on);

/* Names of multi-path devices by their unique_id, sorted. */
struct path_names;
struct path_names *path_names_read(void); /* NULL without memory, or when the database fails */
const char *path_names_find(const struct path_names *names, const char *unique_id);
void path_names_free(struct path_names *names);
