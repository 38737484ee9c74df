/* What the path commands share: which paths are meant, and how their options are read. */
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

/* Prints "path" or "paths", and what the selected ones are now. */
/* For a listing that found nothing: says which device does not exist. */
void path_explain_nothing(const struct path_selection *selection);

void path_selection_print(const struct path_selection *selection, const char *state);

/* What mkpath and rmpath are asked for. */
struct path_request {
	struct path_selection paths;
	bool definition; /* -d: mkpath does no more than define, rmpath removes the definition */
	bool quiet;
	bool locked_too; /* rmpath -g: says nothing here, no device is locked */
};
void path_request_release(struct path_request *request);

/* Reads their options, by their letters. Returns -1 to go on, or the exit status. */
int path_request_read(int argc, char **argv, const char *usage, const char *letters,
	struct path_request *request);
