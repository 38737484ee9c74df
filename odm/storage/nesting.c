/*
 * The nested transactions of a repository's file, as SQLite has them: a transaction and savepoints
 * in it. What they have to do with the history is the matter of transactions/.
 */
#include <stdio.h>

#include "storage/opening.h"

/* Under the library's lock. */
static int level;

int nesting_level(void)
{
	return level;
}

void nesting_set_level(int new_level)
{
	level = new_level;
}

bool nesting_lost(const struct repository *repository)
{
	return sqlite3_get_autocommit(repository->database) != 0;
}

int nesting_enter(struct repository *repository)
{
	char sql[32];

	if (repository->depth >= MAX_NESTING)
		return odm_fail(ODMI_PARAMS);
	/* What can't be written is only read: the transaction may be about others. */
	if (repository->depth == 0)
		snprintf(sql, sizeof(sql), repository->writable ? "BEGIN IMMEDIATE" : "BEGIN");
	else
		snprintf(sql, sizeof(sql), "SAVEPOINT odm_%d", repository->depth);
	if (repository_execute(repository, sql) < 0)
		return -1;
	repository->depth++;
	return 0;
}

int nesting_keep(struct repository *repository)
{
	char sql[32] = "COMMIT";

	if (repository->depth > 1)
		snprintf(sql, sizeof(sql), "RELEASE odm_%d", repository->depth - 1);
	if (repository_execute(repository, sql) < 0)
		return -1;
	repository->depth--;
	return 0;
}

void nesting_undo(struct repository *repository)
{
	char sql[64] = "ROLLBACK";
	int error = odmerrno;

	repository->depth--;
	repository->undone++;
	if (repository->depth > 0)
		snprintf(sql, sizeof(sql), "ROLLBACK TO odm_%d; RELEASE odm_%d", repository->depth,
			repository->depth);
	if (!nesting_lost(repository))
		repository_execute(repository, sql);
	odmerrno = error;
}

int nesting_join(struct repository *repository)
{
	while (repository->depth < level)
		if (nesting_enter(repository) < 0)
			return -1;
	return 0;
}
