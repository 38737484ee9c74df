/*
 * The history of a repository: an entry for every transaction that changed objects or classes, with
 * its change sets. It is written in the same transaction.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "transactions/changes.h"

/* Older entries are forgotten, now and then. */
#define KEPT_ENTRIES 10000
#define FORGET_EVERY 256

#define COMMAND_LENGTH 1024

/* The program and its arguments, as the user gave them. */
static const char *command_line(void)
{
	static char command[COMMAND_LENGTH];
	AUTO_FREE char *path = NULL;
	if (*command != '\0' || asprintf(&path, "/proc/%d/cmdline", one_entry_process()) < 0)
		return command;

	AUTO_FCLOSE FILE *file = fopen(path, "re");
	if (file == NULL)
		return command;
	size_t length = fread(command, 1, sizeof(command) - 1, file);
	while (length > 0 && command[length - 1] == '\0')
		length--;
	command[length] = '\0';
	const char *name_end = command + strlen(command);
	const char *slash = memrchr(command, '/', (size_t)(name_end - command));
	for (size_t i = 0; i < length; i++)
		if (command[i] == '\0' || command[i] == '\n')
			command[i] = ' ';
	if (slash != NULL)
		memmove(command, slash + 1, length - (size_t)(slash - command));
	return command;
}

/* Who logged in, also behind su and sudo; where nobody did, the real user. */
static unsigned responsible_user(void)
{
	static const unsigned nobody_logged_in = (unsigned)-1;
	static unsigned user = (unsigned)-1;
	AUTO_FCLOSE FILE *file =
		user == nobody_logged_in ? fopen("/proc/self/loginuid", "re") : NULL;

	if (file != NULL && fscanf(file, "%u", &user) != 1)
		user = nobody_logged_in;
	if (user == nobody_logged_in)
		user = getuid();
	return user;
}

/* Several changes of one object become one; the result is to be freed by sqlite3_free. */
static int merge(const void *bytes, int length, void **merged, int *merged_length)
{
	sqlite3_changegroup *group = NULL;
	int result = sqlite3changegroup_new(&group);

	if (result == SQLITE_OK)
		result = sqlite3changegroup_add(group, length, (void *)(uintptr_t)bytes);
	if (result == SQLITE_OK)
		result = sqlite3changegroup_output(group, merged_length, merged);
	sqlite3changegroup_delete(group);
	if (result == SQLITE_OK)
		return 0;
	return odm_fail(result == SQLITE_NOMEM ? ODMI_MALLOC_ERR : ODMI_INTERNAL_ERR);
}

static bool may_repeat_keys(const struct changes *changes)
{
	const unsigned both = 1U << SQLITE_INSERT | 1U << SQLITE_DELETE;

	if (changes->kinds & 1U << SQLITE_UPDATE)
		return changes->count > 1;
	return (changes->kinds & both) == both;
}

/* The entry's number: no other process can take it, the transaction is a writing one. */
static int choose_entry(struct repository *repository)
{
	AUTO_FINALIZE sqlite3_stmt *row = NULL;

	if (repository->changes->entry != 0)
		return 0;
	if (repository_prepare(repository, "SELECT ifnull(max(id), 0) + 1 FROM odm_history", &row) <
			0 ||
		sqlite3_step(row) != SQLITE_ROW)
		return odm_fail_sqlite(repository->database);
	repository->changes->entry = sqlite3_column_int64(row, 0);
	return 0;
}

static int insert_chunk(struct repository *repository, const void *bytes, int length)
{
	struct changes *changes = repository->changes;
	AUTO_FINALIZE sqlite3_stmt *row = NULL;

	if (choose_entry(repository) < 0 ||
		repository_prepare(
			repository, "INSERT INTO odm_changeset VALUES (?1, ?2, ?3)", &row) < 0)
		return -1;
	if (sqlite3_bind_int64(row, 1, changes->entry) != SQLITE_OK ||
		sqlite3_bind_int(row, 2, changes->chunks) != SQLITE_OK ||
		sqlite3_bind_blob(row, 3, bytes, length, SQLITE_STATIC) != SQLITE_OK ||
		sqlite3_step(row) != SQLITE_DONE)
		return odm_fail_sqlite(repository->database);
	changes->chunks++;
	return 0;
}

int changes_store_chunk(struct repository *repository, size_t limit)
{
	struct changes *changes = repository->changes;
	void *merged = NULL;
	int length = (int)changes->bytes.length;

	if (changes->bytes.failed)
		return odm_fail(ODMI_MALLOC_ERR);
	/* What an outer transaction noted may not go before: change sets are kept in their order.
	 */
	if (repository->depth > 0 && changes->marks[repository->depth - 1] > 0)
		return 0;
	if (changes->bytes.length < limit || changes->bytes.length == 0)
		return 0;
	if (may_repeat_keys(changes) && merge(changes->bytes.data, length, &merged, &length) < 0)
		return -1;
	int result =
		insert_chunk(repository, merged != NULL ? merged : changes->bytes.data, length);
	sqlite3_free(merged);
	changes_clear(changes);
	return result;
}

static int forget_old(struct repository *repository, sqlite3_int64 entry)
{
	char sql[160];

	snprintf(sql, sizeof(sql),
		"DELETE FROM odm_changeset WHERE history <= %lld;"
		"DELETE FROM odm_history WHERE id <= %lld",
		(long long)entry - KEPT_ENTRIES, (long long)entry - KEPT_ENTRIES);
	return repository_execute(repository, sql);
}

static int insert_entry(struct repository *repository, const void *bytes, int length)
{
	struct changes *changes = repository->changes;
	sqlite3_stmt *row;

	if (changes->insert == NULL &&
		repository_prepare(repository,
			"INSERT INTO odm_history VALUES (?1, ?2, ?3, ?4, ?5, nullif(?6, 0), ?7,"
			" nullif(?8, 0))",
			&changes->insert) < 0)
		return -1;
	row = changes->insert;
	bool stored =
		(changes->entry == 0 || sqlite3_bind_int64(row, 1, changes->entry) == SQLITE_OK) &&
		sqlite3_bind_int64(row, 2, clock_read(CLOCK_REALTIME) / CLOCK_MILLISECOND) ==
			SQLITE_OK &&
		sqlite3_bind_int64(row, 3, responsible_user()) == SQLITE_OK &&
		sqlite3_bind_int(row, 4, one_entry_process()) == SQLITE_OK &&
		sqlite3_bind_text(row, 5, command_line(), -1, SQLITE_STATIC) == SQLITE_OK &&
		sqlite3_bind_int64(row, 6, changes->undoes) == SQLITE_OK &&
		sqlite3_bind_blob(row, 7, bytes, length, SQLITE_STATIC) == SQLITE_OK &&
		sqlite3_bind_int64(row, 8, changes->across) == SQLITE_OK &&
		sqlite3_step(row) == SQLITE_DONE;
	int result = stored ? 0 : odm_fail_sqlite(repository->database);
	sqlite3_reset(row);
	sqlite3_clear_bindings(row);
	sqlite3_int64 entry = sqlite3_last_insert_rowid(repository->database);
	if (result == 0 && entry % FORGET_EVERY == 0)
		result = forget_old(repository, entry);
	return result;
}

int changes_store(struct repository *repository)
{
	struct changes *changes = repository->changes;
	void *merged = NULL;
	int result = 0;

	if (changes == NULL)
		return 0;
	int length = (int)changes->bytes.length;
	if (changes->bytes.failed)
		return odm_fail(ODMI_MALLOC_ERR);
	if (length > 0 && may_repeat_keys(changes) &&
		merge(changes->bytes.data, length, &merged, &length) < 0)
		return -1;
	const void *bytes = merged != NULL ? merged : changes->bytes.data;
	if (changes_any(repository))
		result = one_entry_extend(repository, bytes, length);
	if (changes_any(repository) && result == 0)
		result = insert_entry(repository, bytes, length);
	sqlite3_free(merged);

	changes_end_entry(changes);
	return result < 0 ? -1 : 0;
}
