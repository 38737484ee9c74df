/*
 * The transactions of one command as one entry of the history. The environment says which command
 * it is, so that those of the programs that it starts are in the entry, too.
 */
#include <odmx.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "storage/thread.h"
#include "transactions/changes.h"

/* "<entry>:<process>": the newest entry when the command began, and whose it is. */
#define COMMAND_VARIABLE "ODM_ONE_ENTRY"

static bool read_command(long long *newest, int *process)
{
	const char *command = getenv(COMMAND_VARIABLE);

	return command != NULL && sscanf(command, "%lld:%d", newest, process) == 2;
}

static int newest_entry(struct repository *repository, long long *newest)
{
	AUTO_FINALIZE sqlite3_stmt *row = NULL;

	if (repository_prepare(repository, "SELECT ifnull(max(id), 0) FROM odm_history", &row) < 0)
		return -1;
	if (sqlite3_step(row) != SQLITE_ROW)
		return odm_fail_sqlite(repository->database);
	*newest = sqlite3_column_int64(row, 0);
	return 0;
}

LIBODM_API int odm_one_entry(void)
{
	LIBRARY_LOCKED;
	struct repository *repository = history_repository();
	char command[48];
	long long newest = 0;

	if (repository == NULL || newest_entry(repository, &newest) < 0)
		return -1;
	snprintf(command, sizeof(command), "%lld:%d", newest, (int)getpid());
	return setenv(COMMAND_VARIABLE, command, 1) == 0 ? 0 : odm_fail(ODMI_MALLOC_ERR);
}

int one_entry_process(void)
{
	long long newest;
	int process;

	return read_command(&newest, &process) ? process : getpid();
}

/* The command's entry; 0 when it has none yet, or others wrote one since. */
static sqlite3_int64 find_entry(struct repository *repository)
{
	AUTO_FINALIZE sqlite3_stmt *row = NULL;
	long long newest;
	int process;

	if (!read_command(&newest, &process) || repository != repository_first(false) ||
		repository_prepare(repository,
			"SELECT id FROM odm_history WHERE id = (SELECT max(id) FROM odm_history)"
			" AND id > ?1 AND pid = ?2 AND undoes IS NULL AND across IS NULL",
			&row) < 0)
		return 0;
	sqlite3_bind_int64(row, 1, newest);
	sqlite3_bind_int(row, 2, process);
	return sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_int64(row, 0) : 0;
}

static int run(struct repository *repository, const char *sql, sqlite3_int64 entry,
	const void *bytes, int length)
{
	AUTO_FINALIZE sqlite3_stmt *statement = NULL;

	if (repository_prepare(repository, sql, &statement) < 0)
		return -1;
	if (sqlite3_bind_int64(statement, 1, entry) != SQLITE_OK ||
		(bytes != NULL && sqlite3_bind_blob(statement, 2, bytes, length, SQLITE_STATIC) !=
					  SQLITE_OK) ||
		sqlite3_step(statement) != SQLITE_DONE)
		return odm_fail_sqlite(repository->database);
	return 0;
}

/* What the entry has becomes a chunk of it; the last change set is stored with the entry itself. */
int one_entry_extend(struct repository *repository, const void *bytes, int length)
{
	const struct changes *changes = repository->changes;
	bool plain = changes->chunks == 0 && changes->undoes == 0 && changes->across == 0;
	sqlite3_int64 entry = plain ? find_entry(repository) : 0;

	if (entry == 0)
		return 0;
	if (run(repository,
		    "INSERT INTO odm_changeset SELECT ?1, (SELECT ifnull(max(chunk), -1) + 1"
		    " FROM odm_changeset WHERE history = ?1), changes FROM odm_history"
		    " WHERE id = ?1",
		    entry, NULL, 0) < 0 ||
		run(repository, "UPDATE odm_history SET changes = ?2 WHERE id = ?1", entry, bytes,
			length) < 0)
		return -1;
	return 1;
}
