/* Checkpoints: when the write-ahead log is written back to the repository's file. */
#include <odmx.h>

#include "storage/opening.h"
#include "storage/thread.h"

/* Pages of the write-ahead log from which on it is written back, and cut off. */
#define LOG_PAGES 250
#define LARGE_LOG_PAGES 4000

/* How long a checkpoint that was asked for waits for readers. */
#define READERS_MILLISECONDS 1000

static int write_back(struct repository *repository, int mode, int milliseconds)
{
	sqlite3_busy_timeout(repository->database, milliseconds);
	int result = sqlite3_wal_checkpoint_v2(repository->database, "main", mode, NULL, NULL);
	wait_prepare(repository);
	return result;
}

/*
 * Every process that opens the repository alone reads the log once: it is kept short. It is not cut
 * off each time, because a file that grows is slower to synchronise.
 */
static int after_commit(void *repository, sqlite3 *database, const char *name, int pages)
{
	(void)database;
	(void)name;
	/* Not worth waiting for readers: the next commit tries again. */
	if (pages >= LOG_PAGES)
		write_back(repository,
			pages < LARGE_LOG_PAGES ? SQLITE_CHECKPOINT_PASSIVE
						: SQLITE_CHECKPOINT_TRUNCATE,
			0);
	return SQLITE_OK;
}

void checkpoint_prepare(struct repository *repository)
{
	/* The log stays when the last connection ends: who may only read can't make it again. */
	int keep_log = 1;

	sqlite3_file_control(repository->database, "main", SQLITE_FCNTL_PERSIST_WAL, &keep_log);
	sqlite3_wal_hook(repository->database, after_commit, repository);
}

LIBODM_API int odm_checkpoint(void)
{
	LIBRARY_LOCKED;
	int result = 0;

	for (struct repository *repository = repository_all(); repository != NULL;
		repository = repository->next)
		if (repository->writable && write_back(repository, SQLITE_CHECKPOINT_TRUNCATE,
						    READERS_MILLISECONDS) != SQLITE_OK)
			result = odm_fail_sqlite(repository->database);
	return result;
}
