/* What the device commands share: the lock, and methods with their messages. For commands. */
#pragma once

#include <stdbool.h>

#include "cfgmethods/device.h"
#include "cfgmethods/method.h"

/*
 * Prepares a command: the database, and when `changes` the configuration lock until the end and a
 * warning if the extension host died. False with a message.
 */
bool device_command_begin(bool changes);

/*
 * Ends a command after which the database is one whole file: writes the write-ahead log back. A
 * failure is only warned of, for nothing is lost by it.
 */
void device_command_checkpoint(void);

/* The same, and keeps a copy of it when something changed since the newest one. */
void device_command_keep_copy(void);

/*
 * Runs a device's method; a failure is reported as "Method error (path):" with the number and
 * text. Returns the method's code.
 */
int device_command_method(
	const char *path, const char *const *arguments, struct method_output *output);

/* Runs a device's method with -l Name only. False with a message. */
bool device_command_run(const char *path, const char *name);

/* Prints a method's failure; returns its code. */
int device_command_report(const char *path, int code, const struct method_output *output);

/* Finds a device and its type. False with a message. */
bool device_command_find(const char *name, struct device *device);

/* Whether a name matches the glob pattern, which may be a plain name. */
bool name_matches(const char *pattern, const char *name);

/* What PdCn calls a device as a child: its type's subclass. False with a message. */
bool connection_key(const char *child, char key[16]);

/* The list of objects that match; to be freed by odm_free_list. False with a message. */
bool list_devices(struct CuDv **list, struct listinfo *info, const char *crit);
