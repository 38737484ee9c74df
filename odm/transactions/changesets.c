/* The change sets of an entry of the history, read: to show, undo or copy them. */
#include <stdlib.h>
#include <string.h>

#include "transactions/changes.h"

struct repository *history_repository(void)
{
	struct repository *repository = repository_first(false);

	if (repository != NULL && !format_has_history(repository)) {
		odm_fail(ODMI_VERSION_ERROR);
		return NULL;
	}
	return repository;
}

/*
 * Visits one change set, or none when it is missing. The visitor gets a copy: no statement is open
 * while it works, because SQLite would not let it drop a table then.
 */
static int visit_one(struct repository *repository, const char *sql, sqlite3_int64 entry, int chunk,
	changeset_visitor *visit, void *closure)
{
	AUTO_FINALIZE sqlite3_stmt *row = NULL;

	if (repository_prepare(repository, sql, &row) < 0)
		return -1;
	if (sqlite3_bind_int64(row, 1, entry) != SQLITE_OK ||
		sqlite3_bind_int(row, 2, chunk) != SQLITE_OK)
		return odm_fail_sqlite(repository->database);
	int step = sqlite3_step(row);
	if (step != SQLITE_ROW)
		return step == SQLITE_DONE ? 0 : odm_fail_sqlite(repository->database);
	const void *bytes = sqlite3_column_blob(row, 0);
	int count = sqlite3_column_bytes(row, 0);
	if (count == 0)
		return 0;
	AUTO_FREE void *copy = malloc((size_t)count);
	if (copy == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	memcpy(copy, bytes, (size_t)count);
	sqlite3_reset(row);
	return visit(copy, count, closure);
}

/* The highest number of an entry's chunks; -1 when it has none, -2 on failure. */
static int last_chunk(struct repository *repository, sqlite3_int64 entry)
{
	AUTO_FINALIZE sqlite3_stmt *row = NULL;

	if (repository_prepare(repository,
		    "SELECT ifnull(max(chunk), -1) FROM odm_changeset WHERE history = ?1",
		    &row) < 0 ||
		sqlite3_bind_int64(row, 1, entry) != SQLITE_OK || sqlite3_step(row) != SQLITE_ROW) {
		odm_fail_sqlite(repository->database);
		return -2;
	}
	return sqlite3_column_int(row, 0);
}

int history_changesets(struct repository *repository, sqlite3_int64 entry, bool backwards,
	changeset_visitor *visit, void *closure)
{
	static const char one_chunk[] = "SELECT changes FROM odm_changeset WHERE history = ?1"
					" AND chunk = ?2";
	static const char rest[] = "SELECT changes FROM odm_history WHERE id = ?1 AND ?2 >= 0";
	int chunks = last_chunk(repository, entry) + 1, result = 0;

	if (chunks < 0)
		return -1;
	/* What was stored with the entry itself is the last. */
	for (int i = 0; i <= chunks && result == 0; i++) {
		int chunk = backwards ? chunks - i : i;
		result = visit_one(repository, chunk == chunks ? rest : one_chunk, entry, chunk,
			visit, closure);
	}
	return result;
}
