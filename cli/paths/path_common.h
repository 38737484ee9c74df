/* What the path commands share: which paths are meant. */
#pragma once

#include "cfgmethods/path.h"
#include "cli/shared/device_command.h"

struct path_selection {
	const char *name, *parent, *connection; /* NULL: any; the name may be a glob pattern */
	int id; /* -1: any */
	struct CuPath *list; /* by natural name and ID */
	int count;
};
void path_selection_release(struct path_selection *selection);

/* Takes one of -l -p -w -i: false for any other option, or an ID that is none. */
bool path_selection_option(struct path_selection *selection, int option, const char *value);

/* Finds the paths. False with a message; none is no failure. */
bool path_selection_read(struct path_selection *selection);

/* Says that a device has no such path. Returns false. */
bool path_missing(const struct path_selection *selection);

/* The type of a path's device. False with a message. */
bool path_type(const struct CuPath *path, char uniquetype[48]);
