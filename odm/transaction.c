/*
 * Transactions over the repositories of the path, nested by savepoints. While one is open its
 * thread keeps the library's lock: other threads' calls wait.
 */
#include "odm_private.h"

/* Of odm_begin, and whose it is; under the library's lock. */
static int depth;
static unsigned long owner;

int transaction_enter(struct repository *repository)
{
	char sql[32];

	if (repository->depth >= MAX_NESTING)
		return odm_fail(ODMI_PARAMS);
	/* What can't be written is only read: the transaction may be about others. */
	if (repository->depth == 0)
		snprintf(sql, sizeof(sql), repository->writable ? "BEGIN IMMEDIATE" : "BEGIN");
	else
		snprintf(sql, sizeof(sql), "SAVEPOINT odm_%d", repository->depth);
	if (repository->depth > 0 && changes_store_chunk(repository, CHANGES_SURPLUS) < 0)
		return -1;
	if (repository_execute(repository, sql) < 0)
		return -1;
	changes_mark(repository);
	repository->depth++;
	return 0;
}

/* A full disk or a failing one makes SQLite end the whole transaction by itself. */
static bool transaction_lost(const struct repository *repository)
{
	return sqlite3_get_autocommit(repository->database) != 0;
}

static int undo_level(struct repository *repository)
{
	char sql[64] = "ROLLBACK";
	int error = odmerrno;

	changes_forget(repository);
	if (repository->depth > 0)
		snprintf(sql, sizeof(sql), "ROLLBACK TO odm_%d; RELEASE odm_%d", repository->depth,
			repository->depth);
	if (!transaction_lost(repository))
		repository_execute(repository, sql);
	return odm_fail(error);
}

int transaction_leave(struct repository *repository, bool keep)
{
	char sql[32] = "COMMIT";

	repository->depth--;
	if (!keep)
		return undo_level(repository);
	if (transaction_lost(repository)) {
		odm_fail(ODMI_NO_SPACE);
		return undo_level(repository);
	}
	if (repository->depth == 0 && changes_store(repository) < 0)
		return undo_level(repository);
	if (repository->depth > 0)
		snprintf(sql, sizeof(sql), "RELEASE odm_%d", repository->depth);
	return repository_execute(repository, sql) == 0 ? 0 : undo_level(repository);
}

int write_begin(struct repository *repository)
{
	if (!repository->writable)
		return odm_fail(ODMI_CLASS_PERMS);
	if (repository->depth > 0)
		return transaction_lost(repository) ? odm_fail(ODMI_NO_SPACE) : 0;
	return transaction_enter(repository);
}

int write_end(struct repository *repository, int result)
{
	if (depth == 0 && repository->depth == 1)
		return transaction_leave(repository, result >= 0) < 0 ? -1 : result;
	if (result < 0)
		return -1;
	return changes_store_chunk(repository, CHANGES_SURPLUS) < 0 ? -1 : result;
}

int transaction_join(struct repository *repository)
{
	while (repository->depth < depth)
		if (transaction_enter(repository) < 0)
			return -1;
	return 0;
}

/* What can fail without a commit comes before the first commit. */
static bool store_all(void)
{
	for (struct repository *repository = repository_list(); repository != NULL;
		repository = repository->next)
		if (changes_store(repository) < 0)
			return false;
	return true;
}

/* Ends the innermost level in every repository that has reached it and is not the coordinator. */
static int leave_each(bool keep, const struct repository *coordinator)
{
	int result = 0;

	for (struct repository *repository = repository_list(); repository != NULL;
		repository = repository->next) {
		if (repository == coordinator || repository->depth < depth)
			continue;
		if (transaction_leave(repository, keep) < 0 && keep)
			result = -1;
	}
	return result;
}

/*
 * Several repositories can't commit in one step. The first to commit says what the others have to
 * do, and who opens it after a crash finishes that.
 */
static int commit_all(void)
{
	struct repository *coordinator = NULL;

	if (pending_prepare() < 0 || !store_all() || pending_note(&coordinator) < 0 ||
		(coordinator != NULL && transaction_leave(coordinator, true) < 0)) {
		int error = odmerrno;
		leave_each(false, NULL);
		return odm_fail(error);
	}
	int result = leave_each(true, coordinator);
	if (coordinator == NULL)
		return result;
	if (result == 0)
		pending_forget(coordinator);
	else
		pending_finish(coordinator);
	return 0;
}

static int leave_all(bool keep)
{
	int result = keep && depth == 1 ? commit_all() : leave_each(keep, NULL);

	depth--;
	library_unlock();
	return result;
}

LIBODM_API int odm_begin(void)
{
	LIBRARY_LOCKED;
	struct repository *repository = repository_all();

	library_lock();
	depth++;
	owner = thread_number();
	for (; repository != NULL; repository = repository->next) {
		if (transaction_join(repository) == 0)
			continue;
		int error = odmerrno;
		leave_all(false);
		return odm_fail(error);
	}
	return 0;
}

int transaction_expect_many(void)
{
	for (struct repository *repository = repository_list(); repository != NULL;
		repository = repository->next)
		if (repository->depth > 0 && changes_store_chunk(repository, 1) < 0)
			return -1;
	return 0;
}

LIBODM_API int odm_commit(void)
{
	LIBRARY_LOCKED;
	return depth > 0 ? leave_all(true) : odm_fail(ODMI_PARAMS);
}

LIBODM_API int odm_rollback(void)
{
	LIBRARY_LOCKED;
	return depth > 0 ? leave_all(false) : odm_fail(ODMI_PARAMS);
}

void transaction_end_thread(unsigned long thread)
{
	while (depth > 0 && owner == thread)
		leave_all(false);
}

int transaction_abandon(void)
{
	int error = odmerrno;

	odm_rollback();
	return odm_fail(error);
}
