/* What the commands of the history share. */
#pragma once

#include <odmx.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "cli/shared/history_entry.h"

/* The changes of one or several entries as lines. */
struct change_lines {
	FILE *file;
	const char *device; /* only what is about this one; NULL for all */
	const char *indent;
	long limit; /* lines; -1 for all */
	long count; /* what was or would have been printed */
};

/* Whether a change is of an object that names the device; NULL: any change. */
bool change_is_about(const struct odm_change *change, const char *device);

/* Prints a change: an odm_change_visitor for a struct change_lines. */
int print_change(const struct odm_change *change, void *closure);

/* The history's number that a user gave; false with a message. */
bool history_number(const char *text, long long *number);

/* The same for an entry, of which there is none with the number 0. */
bool history_entry_number(const char *text, long long *number);

/* The newest entry's number, 0 for none, -1 with a message. */
long long newest_entry(void);

/* Says why the history can't be read, by odmerrno. */
void history_unreadable(void);

/* Locks the configuration, when the repository has devices; false with a message. */
bool history_lock(void);
