/*
 * Whether a repository is as it was when something was read, told without a read of the file: every
 * commit of any process changes the header of the write-ahead log's index, which is in memory that
 * all of them share (sqlite.org/walformat.html), and SQLite counts the rows that this one changes.
 */
#include <string.h>

#include "storage/repository.h"

/* The part of the index that is mapped at a time: its header is in the first. */
#define INDEX_REGION 32768

/* The header's first copy; NULL where this process has not read the file yet, or may not. */
static const volatile uint64_t *index_header(const struct repository *repository)
{
	sqlite3_file *file = NULL;
	void volatile *region = NULL;

	if (sqlite3_file_control(repository->database, "main", SQLITE_FCNTL_FILE_POINTER, &file) !=
			SQLITE_OK ||
		file == NULL || file->pMethods == NULL || file->pMethods->iVersion < 2)
		return NULL;
	int result = file->pMethods->xShmMap(file, 0, INDEX_REGION, 0, &region);
	return result == SQLITE_OK || result == SQLITE_READONLY ? region : NULL;
}

struct repository_stamp repository_stamp(const struct repository *repository)
{
	const volatile uint64_t *header = index_header(repository);
	struct repository_stamp stamp = {.known = header != NULL,
		.rows = sqlite3_total_changes64(repository->database),
		.undone = repository->undone};

	/* One that is written meanwhile is another than any that was read. */
	for (size_t i = 0; header != NULL && i < sizeof(stamp.index) / sizeof(*stamp.index); i++)
		stamp.index[i] = header[i];
	return stamp;
}

bool repository_unchanged(const struct repository *repository, const struct repository_stamp *since)
{
	struct repository_stamp now = repository_stamp(repository);

	return now.known && since->known && now.rows == since->rows &&
	       now.undone == since->undone &&
	       memcmp(now.index, since->index, sizeof(now.index)) == 0;
}
