#include "odm_private.h"

/* Carries one statement out in every repository of the path. */
static int in_all(const char *first, const char *nested, int change)
{
	char sql[64];

	for (struct repository *repository = repository_all(); repository != NULL;
		repository = repository->next) {
		int level = change > 0 ? repository->depth : repository->depth - 1;
		if (level < 0)
			return odm_fail(ODMI_PARAMS);
		if (level == 0)
			snprintf(sql, sizeof(sql), "%s", first);
		else
			snprintf(sql, sizeof(sql), nested, level, level);
		if (repository_execute(repository, sql) < 0)
			return -1;
		repository->depth += change;
	}
	return 0;
}

LIBODM_API int odm_begin(void)
{
	LIBRARY_LOCKED;
	return in_all("BEGIN IMMEDIATE", "SAVEPOINT odm_%d", 1);
}

LIBODM_API int odm_commit(void)
{
	LIBRARY_LOCKED;
	return in_all("COMMIT", "RELEASE odm_%d", -1);
}

LIBODM_API int odm_rollback(void)
{
	LIBRARY_LOCKED;
	return in_all("ROLLBACK", "ROLLBACK TO odm_%d; RELEASE odm_%d", -1);
}

int transaction_abandon(void)
{
	int error = odmerrno;

	odm_rollback();
	return odm_fail(error);
}
