/* When the write-ahead log is written back to the file. */
#include "odm_private.h"

/* Pages of the write-ahead log from which on it is written back, and cut off. */
#define LOG_PAGES 250
#define LARGE_LOG_PAGES 4000

/* How long a checkpoint that was asked for waits for readers. */
#define READERS_MILLISECONDS 1000

static int write_back(sqlite3 *database, const char *name, int mode, int patience)
{
	sqlite3_busy_timeout(database, patience);
	int result = sqlite3_wal_checkpoint_v2(database, name, mode, NULL, NULL);
	sqlite3_busy_timeout(database, BUSY_MILLISECONDS);
	return result;
}

/*
 * Every process that opens the repository alone reads the log once: it is kept short. It is not cut
 * off each time, because a file that grows is slower to synchronise.
 */
static int after_commit(void *unused, sqlite3 *database, const char *name, int pages)
{
	(void)unused;
	if (pages < LOG_PAGES)
		return SQLITE_OK;
	/* Not worth waiting for readers: the next commit tries again. */
	write_back(database, name,
		pages < LARGE_LOG_PAGES ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE,
		0);
	return SQLITE_OK;
}

void checkpoint_prepare(sqlite3 *database)
{
	/* The log stays when the last connection ends: who may only read can't make it again. */
	int keep_log = 1;

	sqlite3_file_control(database, "main", SQLITE_FCNTL_PERSIST_WAL, &keep_log);
	sqlite3_wal_hook(database, after_commit, NULL);
}

LIBODM_API int odm_checkpoint(void)
{
	LIBRARY_LOCKED;
	int result = 0;

	for (struct repository *repository = repository_all(); repository != NULL;
		repository = repository->next)
		if (repository->writable &&
			write_back(repository->database, NULL, SQLITE_CHECKPOINT_TRUNCATE,
				READERS_MILLISECONDS) != SQLITE_OK)
			result = odm_fail_sqlite(repository->database);
	return result;
}
