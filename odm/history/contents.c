/*
 * The version of what an application keeps in a repository: its classes and its predefined objects.
 * The format of the catalogue has a number of its own, in user_version; what the classes mean only
 * the application knows.
 */
#include <odmx.h>

#include "catalogue/catalogue.h"
#include "history/history.h"
#include "storage/thread.h"
#include "transactions/transaction.h"

/* A number from a query of the table; 0 where there is no table yet. */
static int look_up(struct repository *repository, const char *sql, sqlite3_int64 parameter,
	sqlite3_int64 *value)
{
	AUTO_FINALIZE sqlite3_stmt *row = NULL;

	*value = 0;
	if (!format_has_contents(repository))
		return 0;
	if (repository_prepare(repository, sql, &row) < 0)
		return -1;
	if (sqlite3_bind_parameter_count(row) > 0)
		sqlite3_bind_int64(row, 1, parameter);
	if (sqlite3_step(row) != SQLITE_ROW)
		return odm_fail_sqlite(repository->database);
	*value = sqlite3_column_int64(row, 0);
	return 0;
}

static int read_version(struct repository *repository)
{
	sqlite3_int64 version;

	if (look_up(repository, "SELECT ifnull(max(version), 0) FROM odm_contents", 0, &version) <
		0)
		return -1;
	return (int)version;
}

LIBODM_API int odm_contents_version(CLASS_SYMBOL class_symbol)
{
	LIBRARY_LOCKED;
	const struct class_state *state = class_use(class_symbol, false);

	return state != NULL ? read_version(state->repository) : -1;
}

/* What a rollback takes away with the rest: the catalogue's format, too. */
static int enter_version(struct repository *repository, int version)
{
	AUTO_FINALIZE sqlite3_stmt *row = NULL;

	if (format_add_contents(repository) < 0 ||
		repository_prepare(repository,
			"INSERT INTO odm_contents VALUES (?1, unixepoch(),"
			" (SELECT ifnull(max(id), 0) FROM odm_history))",
			&row) < 0)
		return -1;
	if (sqlite3_bind_int(row, 1, version) != SQLITE_OK || sqlite3_step(row) != SQLITE_DONE)
		return odm_fail_sqlite(repository->database);
	return 0;
}

LIBODM_API int odm_set_contents_version(int version)
{
	LIBRARY_LOCKED;
	struct repository *repository = repository_first(false);

	if (repository == NULL || write_begin(repository) < 0)
		return -1;
	int present = read_version(repository);
	int result = present < 0 || present == version ? present
		     : present < version               ? enter_version(repository, version)
						       : odm_fail(ODMI_VERSION_ERROR);
	return write_end(repository, result) < 0 ? -1 : 0;
}

bool contents_newer_than_entry(struct repository *repository, sqlite3_int64 entry)
{
	sqlite3_int64 found;

	return look_up(repository, "SELECT count(*) FROM odm_contents WHERE history >= ?1", entry,
		       &found) == 0 &&
	       found > 0;
}
