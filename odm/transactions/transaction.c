/*
 * Transactions over the repositories of the path, nested by savepoints. While one is open its
 * thread keeps the library's lock: other threads' calls wait.
 */
#include "transactions/transaction.h"

#include <odmx.h>

#include "storage/thread.h"
#include "transactions/changes.h"

/* Whose the transactions of odm_begin are; under the library's lock. */
static unsigned long owner;

int transaction_enter(struct repository *repository)
{
	if (changes_prepare(repository) < 0 ||
		(repository->depth > 0 &&
			changes_store_chunk(repository, CHANGES_CHUNK_BYTES) < 0) ||
		nesting_enter(repository) < 0)
		return -1;
	changes_mark(repository->changes, repository->depth - 1);
	return 0;
}

/* The changes are stored in the transaction that they are of. */
static int keep_level(struct repository *repository)
{
	if (nesting_lost(repository))
		return odm_fail(ODMI_NO_SPACE);
	if (repository->depth == 1 && changes_store(repository) < 0)
		return -1;
	return nesting_keep(repository);
}

int transaction_leave(struct repository *repository, bool keep)
{
	if (keep && keep_level(repository) == 0)
		return 0;
	if (repository->changes != NULL)
		changes_forget(repository->changes, repository->depth - 1);
	nesting_undo(repository);
	return -1;
}

int write_begin(struct repository *repository)
{
	if (!repository->writable)
		return odm_fail(ODMI_CLASS_PERMS);
	if (repository->depth > 0)
		return nesting_lost(repository) ? odm_fail(ODMI_NO_SPACE)
						: changes_prepare(repository);
	return transaction_enter(repository);
}

int write_end(struct repository *repository, int result)
{
	if (nesting_level() == 0 && repository->depth == 1)
		return transaction_leave(repository, result >= 0) < 0 ? -1 : result;
	if (result < 0)
		return -1;
	return changes_store_chunk(repository, CHANGES_CHUNK_BYTES) < 0 ? -1 : result;
}

static int join(struct repository *repository)
{
	while (repository->depth < nesting_level())
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
		if (repository == coordinator || repository->depth < nesting_level())
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
		repository_recover(coordinator);
	return 0;
}

static int leave_all(bool keep)
{
	int result = keep && nesting_level() == 1 ? commit_all() : leave_each(keep, NULL);

	nesting_set_level(nesting_level() - 1);
	library_unlock();
	return result;
}

/* What a thread left open that ended is rolled back. */
static void end_thread(unsigned long thread)
{
	while (nesting_level() > 0 && owner == thread)
		leave_all(false);
}

LIBODM_API int odm_begin(void)
{
	LIBRARY_LOCKED;
	struct repository *repository = repository_all();

	library_lock();
	nesting_set_level(nesting_level() + 1);
	owner = thread_number();
	thread_on_end(end_thread);
	for (; repository != NULL; repository = repository->next) {
		if (join(repository) == 0)
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
	return nesting_level() > 0 ? leave_all(true) : odm_fail(ODMI_PARAMS);
}

LIBODM_API int odm_rollback(void)
{
	LIBRARY_LOCKED;
	return nesting_level() > 0 ? leave_all(false) : odm_fail(ODMI_PARAMS);
}

int transaction_abandon(void)
{
	int error = odmerrno;

	odm_rollback();
	return odm_fail(error);
}
