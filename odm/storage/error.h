/* How a routine of libodm fails: it sets odmerrno; any floor. */
#pragma once

#include <odmi.h>

#include "storage/sqlite.h"

#define LIBODM_API __attribute__((visibility("default")))

/* What a routine that returns a pointer answers on failure. */
#define ODM_FAILED ((void *)-1)

/* Sets odmerrno; returns -1. */
int odm_fail(int code);
/* The same from the system's error: `otherwise` for one that says nothing of its own. */
int odm_fail_errno(int error, int otherwise);
/* The same from an SQLite error of the database. */
int odm_fail_sqlite(sqlite3 *database);
