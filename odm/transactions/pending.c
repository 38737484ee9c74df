/*
 * Transactions over several repositories: each is an SQLite file, and no two commit in one step. So
 * the one that commits first, the coordinator, says in odm_pending what the others have to do. Who
 * opens it next does that for those whose history does not have the transaction, after a crash.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "transactions/changes.h"
#include "transactions/transaction.h"

/* The transaction over several repositories that is being committed; under the library's lock. */
static sqlite3_int64 current;

int pending_prepare(void)
{
	sqlite3_int64 number = 0;
	int count = 0;

	for (struct repository *one = repository_list(); one != NULL; one = one->next) {
		if (one->changes != NULL)
			one->changes->one_of_several = false;
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
			one->changes->one_of_several = true;
			one->changes->across = number;
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

static bool takes_part(const struct repository *repository)
{
	return repository->changes != NULL && repository->changes->one_of_several;
}

/* The first of the path, where classes are created, or else any. */
static struct repository *choose_coordinator(void)
{
	struct repository *first = repository_first(false), *chosen = NULL;

	for (struct repository *one = repository_list(); one != NULL; one = one->next)
		if (takes_part(one) && (chosen == NULL || one == first))
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
		if (one == *coordinator || !takes_part(one))
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

/* Only this transaction's: another may still wait for a repository that is gone. */
void pending_forget(struct repository *coordinator)
{
	char which[48];

	snprintf(which, sizeof(which), " WHERE across = %lld", (long long)current);
	recovery_forget(coordinator, which);
}
