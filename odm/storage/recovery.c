/*
 * After a crash between the commits of a transaction over several repositories: who opens the one
 * that committed first does in the others what its odm_pending says. transactions/pending.c writes
 * that table.
 */
#include <stdint.h>

#include "storage/opening.h"

/* A failure does no harm: who opens it next sees that all is done. */
void recovery_forget(struct repository *coordinator, const char *which)
{
	AUTO(text_release) struct text sql = {0};
	int error = odmerrno;

	text_printf(&sql, "DELETE FROM odm_pending%s", which);
	repository_execute_text(coordinator, &sql);
	odmerrno = error;
}

/* What changed since then stays: it is newer. */
static int keep_newer(void *unused, int conflict, sqlite3_changeset_iter *change)
{
	(void)unused;
	(void)conflict;
	(void)change;
	return SQLITE_CHANGESET_OMIT;
}

/* One change set of another repository: applied there, and entered in its history. */
static int redo_changeset(struct repository *other, sqlite3_stmt *pending, sqlite3_int64 entry)
{
	AUTO_FINALIZE sqlite3_stmt *row = NULL;
	const void *bytes = sqlite3_column_blob(pending, 1);
	int count = sqlite3_column_bytes(pending, 1);

	if (sqlite3changeset_apply(other->database, count, (void *)(uintptr_t)bytes, NULL,
		    keep_newer, NULL) != SQLITE_OK ||
		repository_prepare(other, "INSERT INTO odm_changeset VALUES (?1, ?2, ?3)", &row) <
			0 ||
		sqlite3_bind_int64(row, 1, entry) != SQLITE_OK ||
		sqlite3_bind_int(row, 2, sqlite3_column_int(pending, 0)) != SQLITE_OK ||
		sqlite3_bind_blob(row, 3, bytes, count, SQLITE_STATIC) != SQLITE_OK ||
		sqlite3_step(row) != SQLITE_DONE)
		return odm_fail_sqlite(other->database);
	return 0;
}

/* An entry like the coordinator's; 0 when the repository has the transaction, -1 on failure. */
static sqlite3_int64 copy_entry(
	struct repository *other, struct repository *coordinator, sqlite3_int64 across)
{
	AUTO_FINALIZE sqlite3_stmt *there = NULL, *like = NULL, *row = NULL;

	if (repository_prepare(other, "SELECT 1 FROM odm_history WHERE across = ?1", &there) < 0 ||
		repository_prepare(coordinator,
			"SELECT time, uid, pid, command FROM odm_history WHERE across = ?1",
			&like) < 0 ||
		repository_prepare(other,
			"INSERT INTO odm_history (time, uid, pid, command, across, changes)"
			" VALUES (?1, ?2, ?3, ?4, ?5, x'')",
			&row) < 0)
		return -1;
	sqlite3_bind_int64(there, 1, across);
	sqlite3_bind_int64(like, 1, across);
	sqlite3_bind_int64(row, 5, across);
	if (sqlite3_step(there) == SQLITE_ROW)
		return 0;
	if (sqlite3_step(like) == SQLITE_ROW)
		for (int i = 0; i < 4; i++)
			sqlite3_bind_value(row, i + 1, sqlite3_column_value(like, i));
	if (sqlite3_step(row) != SQLITE_DONE)
		return odm_fail_sqlite(other->database);
	return sqlite3_last_insert_rowid(other->database);
}

static int redo_locked(struct repository *other, struct repository *coordinator,
	const char *directory, sqlite3_int64 across)
{
	AUTO_FINALIZE sqlite3_stmt *pending = NULL;
	sqlite3_int64 entry = copy_entry(other, coordinator, across);
	int step;

	if (entry <= 0)
		return (int)entry;
	if (repository_prepare(coordinator,
		    "SELECT chunk, changes FROM odm_pending WHERE across = ?1 AND directory = ?2"
		    " ORDER BY chunk",
		    &pending) < 0)
		return -1;
	sqlite3_bind_int64(pending, 1, across);
	sqlite3_bind_text(pending, 2, directory, -1, SQLITE_STATIC);
	while ((step = sqlite3_step(pending)) == SQLITE_ROW)
		if (redo_changeset(other, pending, entry) < 0)
			return -1;
	return step == SQLITE_DONE ? 0 : odm_fail_sqlite(coordinator->database);
}

/* 1 when another process has to do it: the repository is gone, in use here, or not writable. */
static int redo(struct repository *coordinator, const char *directory, sqlite3_int64 across,
	repository_opener *open_other)
{
	struct repository *other = open_other(directory, false);

	if (other == NULL || !other->writable || other->depth > 0)
		return 1;
	if (repository_execute(other, "BEGIN IMMEDIATE") < 0)
		return -1;
	int result = redo_locked(other, coordinator, directory, across);
	if (result == 0)
		result = repository_execute(other, "COMMIT");
	if (result < 0) {
		int error = odmerrno;
		repository_execute(other, "ROLLBACK");
		return odm_fail(error);
	}
	return 0;
}

/* Nearly never: 1, 0, or -1 and odmerrno. */
static int has_pending(struct repository *repository)
{
	AUTO_FINALIZE sqlite3_stmt *row = NULL;

	if (repository_prepare(repository, "SELECT 1 FROM odm_pending LIMIT 1", &row) < 0)
		return -1;
	int step = sqlite3_step(row);
	if (step != SQLITE_ROW && step != SQLITE_DONE)
		return odm_fail_sqlite(repository->database);
	return step == SQLITE_ROW;
}

int recovery_finish(struct repository *repository, repository_opener *open_other)
{
	/* Two repositories may have work for each other. */
	static bool finishing;
	AUTO_FINALIZE sqlite3_stmt *rows = NULL;
	int step, result = 0, count = 0, waiting = 0;

	if (!repository->writable || finishing)
		return 0;
	int pending = has_pending(repository);
	if (pending <= 0)
		return pending;
	if (repository_prepare(
		    repository, "SELECT DISTINCT across, directory FROM odm_pending", &rows) < 0)
		return -1;
	finishing = true;
	for (; result >= 0 && (step = sqlite3_step(rows)) == SQLITE_ROW; count++) {
		result = redo(repository, (const char *)sqlite3_column_text(rows, 1),
			sqlite3_column_int64(rows, 0), open_other);
		waiting += result > 0;
	}
	finishing = false;
	if (result < 0 || step != SQLITE_DONE)
		return result < 0 ? -1 : odm_fail_sqlite(repository->database);
	sqlite3_reset(rows);
	if (count > 0 && waiting == 0)
		recovery_forget(repository, "");
	return 0;
}
