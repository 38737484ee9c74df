/*
 * Transactions over several repositories: each is an SQLite file, and no two commit in one step. So
 * the one that commits first, the coordinator, says in odm_pending what the others have to do. Who
 * opens it next does that for those whose history does not have the transaction, after a crash.
 */
#include "odm_private.h"

#include <sys/random.h>

/* The transaction over several repositories that is being committed; under the library's lock. */
static sqlite3_int64 current;

int pending_prepare(void)
{
	sqlite3_int64 number = 0;
	int count = 0;

	for (struct repository *one = repository_list(); one != NULL; one = one->next) {
		one->across = false;
		count += changes_any(one);
	}
	if (count < 2)
		return 0;
	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return odm_fail(ODMI_INTERNAL_ERR);
	number |= 1;
	current = number;
	for (struct repository *one = repository_list(); one != NULL; one = one->next)
		if (changes_any(one)) {
			one->across = true;
			one->changes.across = number;
		}
	return 0;
}

/* The entry that was stored just now, and its transaction. */
static int newest_entry(struct repository *repository, sqlite3_int64 *entry, sqlite3_int64 *across)
{
	AUTO_FINALIZE sqlite3_stmt *row = NULL;

	if (repository_prepare(repository,
		    "SELECT id, across FROM odm_history ORDER BY id DESC LIMIT 1", &row) < 0)
		return -1;
	if (sqlite3_step(row) != SQLITE_ROW)
		return odm_fail_sqlite(repository->database);
	*entry = sqlite3_column_int64(row, 0);
	*across = sqlite3_column_int64(row, 1);
	return 0;
}

/* Where change sets are copied to. */
struct copying {
	struct repository *coordinator;
	const char *directory;
	sqlite3_int64 across;
	int chunk;
};

static int copy_changeset(const void *bytes, int count, void *closure)
{
	struct copying *copying = closure;
	AUTO_FINALIZE sqlite3_stmt *row = NULL;

	if (repository_prepare(copying->coordinator,
		    "INSERT INTO odm_pending VALUES (?1, ?2, ?3, ?4)", &row) < 0)
		return -1;
	if (sqlite3_bind_int64(row, 1, copying->across) != SQLITE_OK ||
		sqlite3_bind_text(row, 2, copying->directory, -1, SQLITE_STATIC) != SQLITE_OK ||
		sqlite3_bind_int(row, 3, copying->chunk++) != SQLITE_OK ||
		sqlite3_bind_blob(row, 4, bytes, count, SQLITE_STATIC) != SQLITE_OK ||
		sqlite3_step(row) != SQLITE_DONE)
		return odm_fail_sqlite(copying->coordinator->database);
	return 0;
}

/* The first of the path, where classes are created, or else any. */
static struct repository *choose_coordinator(void)
{
	struct repository *first = repository_first(false), *chosen = NULL;

	for (struct repository *one = repository_list(); one != NULL; one = one->next)
		if (one->across && (chosen == NULL || one == first))
			chosen = one;
	return chosen;
}

int pending_note(struct repository **coordinator)
{
	sqlite3_int64 entry = 0, across = 0;

	*coordinator = choose_coordinator();
	if (*coordinator == NULL)
		return 0;
	for (struct repository *one = repository_list(); one != NULL; one = one->next) {
		if (one == *coordinator || !one->across)
			continue;
		AUTO_FREE char *directory = realpath(one->directory, NULL);
		if (directory == NULL)
			return odm_fail(ODMI_INVALID_PATH);
		if (newest_entry(one, &entry, &across) < 0)
			return -1;
		struct copying copying = {*coordinator, directory, across, 0};
		if (history_changesets(one, entry, false, copy_changeset, &copying) < 0)
			return -1;
	}
	return 0;
}

/* A failure does no harm: who opens it next sees that all is done. */
static void forget(struct repository *coordinator, const char *which)
{
	AUTO(text_release) struct text sql = {0};
	int error = odmerrno;

	text_printf(&sql, "DELETE FROM odm_pending%s", which);
	repository_execute_text(coordinator, &sql);
	odmerrno = error;
}

/* Only this transaction's: another may still wait for a repository that is gone. */
void pending_forget(struct repository *coordinator)
{
	char which[48];

	snprintf(which, sizeof(which), " WHERE across = %lld", (long long)current);
	forget(coordinator, which);
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
static sqlite3_int64 enter_like(
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
	sqlite3_int64 entry = enter_like(other, coordinator, across);
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

/* 1 when it has to wait for somebody else: the repository is gone, in use here, or not to be
 * written. */
static int redo(struct repository *coordinator, const char *directory, sqlite3_int64 across)
{
	struct repository *other = repository_open(directory, false);

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

int pending_finish(struct repository *repository)
{
	/* Two repositories may have work for each other. */
	static bool finishing;
	AUTO_FINALIZE sqlite3_stmt *rows = NULL;
	int step, result = 0, count = 0, waiting = 0;

	if (!repository->writable || finishing)
		return 0;
	if (repository_prepare(
		    repository, "SELECT DISTINCT across, directory FROM odm_pending", &rows) < 0)
		return -1;
	finishing = true;
	for (; result >= 0 && (step = sqlite3_step(rows)) == SQLITE_ROW; count++) {
		result = redo(repository, (const char *)sqlite3_column_text(rows, 1),
			sqlite3_column_int64(rows, 0));
		waiting += result > 0;
	}
	finishing = false;
	if (result < 0 || step != SQLITE_DONE)
		return result < 0 ? -1 : odm_fail_sqlite(repository->database);
	sqlite3_reset(rows);
	if (count > 0 && waiting == 0)
		forget(repository, "");
	return 0;
}
