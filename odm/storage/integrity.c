/* SQLite's check of a repository's file. */
#include <odmx.h>
#include <stdlib.h>
#include <string.h>

#include "base/foreign.h"
#include "storage/repository.h"
#include "storage/thread.h"

/*
 * Among the problems SQLite also counts the pages that it could not read for another reason than
 * damage, with its result code: it is that which failed.
 */
static bool is_damage(const char *problem)
{
	const char *code = strstr(problem, "error code=");

	switch (code != NULL ? strtol(code + strlen("error code="), NULL, 10) & 0xff
			     : SQLITE_CORRUPT) {
	case SQLITE_NOMEM:
		odm_fail(ODMI_MALLOC_ERR);
		return false;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		odm_fail(ODMI_IO_ERR);
		return false;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		odm_fail(ODMI_BUSY);
		return false;
	default:
		return true;
	}
}

static int count_problems(struct repository *repository, FILE *report)
{
	AUTO_FINALIZE sqlite3_stmt *rows = NULL;
	int count = 0, step;

	if (repository_prepare(repository, "PRAGMA integrity_check", &rows) < 0)
		return -1;
	while ((step = sqlite3_step(rows)) == SQLITE_ROW) {
		const char *problem = (const char *)sqlite3_column_text(rows, 0);
		if (strcmp(problem, "ok") == 0)
			continue;
		if (!is_damage(problem))
			return -1;
		foreign_printf(report, "%s/odm.db: %s\n", repository->directory, problem);
		count++;
	}
	return step == SQLITE_DONE ? count : odm_fail_sqlite(repository->database);
}

LIBODM_API int odm_check_integrity(int repair, FILE *report)
{
	LIBRARY_LOCKED;
	int total = 0;

	/* What is there and can't be opened is not passed over. */
	if (repository_first(false) == NULL && odmerrno != ODMI_CLASS_DNE &&
		odmerrno != ODMI_INVALID_PATH)
		return -1;
	for (struct repository *repository = repository_all(); repository != NULL;
		repository = repository->next) {
		int count = count_problems(repository, report);
		if (count > 0 && repair && repository_execute(repository, "REINDEX") == 0)
			count = count_problems(repository, report);
		if (count < 0)
			return -1;
		total += count;
	}
	return total;
}
