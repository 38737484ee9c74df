/* Reading a table around its damage. Only files of this folder. */
#pragma once

#include <stdbool.h>

#include "storage/sqlite.h"

/* A table of a damaged file, and the one of a new file that its rows go to. */
struct walk {
	sqlite3 *from, *to;
	const char *table;
	const char *columns; /* separated by commas, the key first: a number that is unique */
	sqlite3_stmt *up, *down, *insert;
	sqlite3_int64 saved;
	sqlite3_int64 lost; /* -1: that is not known */
	long probes; /* how often it is still tried to read on behind damage */
	bool damaged; /* not all of it could be read */
};

/*
 * Saves what can be read of a table whose names, columns and so on are set. 0, also when there is
 * no such table, which is damage; -1 and odmerrno when it could not be written, or memory ran out.
 */
int walk_table(struct walk *walk);
