/* SQLite's check of a repository's file. */
#include "odm_private.h"

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
		foreign_printf(report, "%s/odm.db: %s\n", repository->directory, problem);
		count++;
	}
	return step == SQLITE_DONE ? count : odm_fail_sqlite(repository->database);
}

LIBODM_API int odm_check_integrity(int repair, FILE *report)
{
	LIBRARY_LOCKED;
	int total = 0;

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
