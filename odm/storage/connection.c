/*
 * A repository's connection to its SQLite file: opened as all need it, and SQL run on it. Called by
 * repository.c to open, by every floor to run.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "storage/opening.h"

/* SQLite's limit for a path has no error of its own. */
static int fail_open(const struct repository *repository, const char *file)
{
	AUTO_FREE char *whole = realpath(file, NULL);

	if (whole == NULL)
		return odm_fail_errno(errno, ODMI_OPEN_ERR);
	if (strlen(whole) + sizeof("-journal") > (size_t)sqlite3_vfs_find(NULL)->mxPathname)
		return odm_fail(ODMI_PATH_LENGTH);
	return odm_fail_sqlite(repository->database);
}

int connection_open(struct repository *repository, const char *file)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;

	if (eaccess(file, R_OK) < 0)
		return odm_fail_errno(errno, ODMI_CLASS_PERMS);
	repository->writable = eaccess(file, W_OK) == 0;
	if (!repository->writable)
		flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
	if (sqlite3_open_v2(file, &repository->database, flags, NULL) != SQLITE_OK)
		return fail_open(repository, file);
	wait_prepare(repository);
	checkpoint_prepare(repository);
	/*
	 * 16 MB of cache: the upper levels of a million objects' indexes, and a thousand of them.
	 * With any limit the last connection empties the log that it leaves: what a failed commit
	 * wrote there does not come back.
	 */
	if (repository_execute(repository,
		    "PRAGMA synchronous = FULL; PRAGMA cache_size = -16000;"
		    "PRAGMA journal_size_limit = 67108864; PRAGMA cell_size_check = ON") < 0)
		return -1;
	return format_check(repository);
}

int repository_execute(struct repository *repository, const char *sql)
{
	if (sqlite3_exec(repository->database, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return odm_fail_sqlite(repository->database);
}

int repository_execute_text(struct repository *repository, const struct text *sql)
{
	return sql->failed ? odm_fail(ODMI_MALLOC_ERR) : repository_execute(repository, sql->data);
}

int repository_prepare(struct repository *repository, const char *sql, sqlite3_stmt **statement)
{
	if (sqlite3_prepare_v2(repository->database, sql, -1, statement, NULL) == SQLITE_OK)
		return 0;
	return odm_fail_sqlite(repository->database);
}

void auto_finalize(sqlite3_stmt **statement)
{
	sqlite3_finalize(*statement);
}

void auto_database(sqlite3 **database)
{
	sqlite3_close(*database);
}
