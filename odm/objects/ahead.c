/* Objects of a search that are read before they are asked for, and dropped when anything changed.
 */
#include "objects/ahead.h"

#include <odmx.h>
#include <stdlib.h>
#include <string.h>

/* A scan passes over a row in a fraction of the time that a search for one takes. */
#define DENSE 4

static char *object_at(const struct ahead *ahead, CLASS_SYMBOL symbol, int place)
{
	return ahead->objects + (size_t)place * (size_t)symbol->structsize;
}

static void drop(struct ahead *ahead, CLASS_SYMBOL symbol)
{
	for (; ahead->next < ahead->count; ahead->next++)
		odm_free_members(symbol, object_at(ahead, symbol, ahead->next));
	ahead->count = ahead->next = 0;
}

void ahead_release(struct ahead *ahead, CLASS_SYMBOL symbol)
{
	drop(ahead, symbol);
	free(ahead->objects);
	*ahead = (struct ahead){0};
}

/* How many of the ids are so close together that a scan from the first to the last is no waste. */
static int dense_run(const sqlite3_int64 *ids, int count)
{
	int run = 1;

	while (run < count && ids[run] - ids[0] <= DENSE * (sqlite3_int64)run)
		run++;
	return run;
}

/* The objects of these ids that a scan of their range finds. */
static int read_run(struct ahead *ahead, struct class_state *state, const struct ahead_rows *rows,
	const sqlite3_int64 *ids, int count)
{
	int step, next = 0;

	if (sqlite3_bind_int64(rows->range, rows->from, ids[0]) != SQLITE_OK ||
		sqlite3_bind_int64(rows->range, rows->from + 1, ids[count - 1]) != SQLITE_OK)
		return odm_fail_sqlite(state->repository->database);
	while ((step = sqlite3_step(rows->range)) == SQLITE_ROW) {
		while (next < count && ids[next] < sqlite3_column_int64(rows->range, 0))
			next++;
		/* What matches since the ids were read comes with the next ones, or not. */
		if (next == count || ids[next] != sqlite3_column_int64(rows->range, 0))
			continue;
		if (object_from_row(state->symbol, rows->range,
			    object_at(ahead, state->symbol, ahead->count)) < 0) {
			sqlite3_reset(rows->range);
			return -1;
		}
		ahead->count++;
	}
	/* It may release the cursor, and all that it has. */
	if (step != SQLITE_DONE)
		return class_fail(state);
	sqlite3_reset(rows->range);
	return 0;
}

/* A transaction of its own around the reads, unless one is going on. */
static int read_all(struct ahead *ahead, struct class_state *state, const struct ahead_rows *rows,
	const sqlite3_int64 *ids, int count)
{
	struct repository *repository = state->repository;
	/* A single scan is its own. */
	bool alone =
		dense_run(ids, count) < count && sqlite3_get_autocommit(repository->database) != 0;
	int result = alone ? repository_execute(repository, "BEGIN") : 0, run;

	if (result < 0)
		return -1;
	for (int i = 0; i < count && result == 0; i += run) {
		run = dense_run(ids + i, count - i);
		result = read_run(ahead, state, rows, ids + i, run);
	}
	/* A failing file may have ended it already. */
	if (!alone || sqlite3_get_autocommit(repository->database) != 0)
		return result;
	int error = odmerrno;
	if (repository_execute(repository, "ROLLBACK") < 0)
		return -1;
	odmerrno = error;
	return result;
}

int ahead_read(struct ahead *ahead, struct class_state *state, const struct ahead_rows *rows,
	const sqlite3_int64 *ids, int count)
{
	ahead->count = ahead->next = 0;
	if (ahead->objects == NULL)
		ahead->objects = calloc(MOST_AHEAD, (size_t)state->symbol->structsize);
	if (ahead->objects == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	ahead->stamp = repository_stamp(state->repository);
	int wanted = !ahead->stamp.known || ahead->wanted == 0 ? 1 : ahead->wanted;
	ahead->wanted = wanted < MOST_AHEAD ? 2 * wanted : MOST_AHEAD;
	wanted = count < wanted ? count : wanted;
	return read_all(ahead, state, rows, ids, wanted) < 0 ? -1 : wanted;
}

bool ahead_has(struct ahead *ahead, const struct class_state *state)
{
	if (ahead->next == ahead->count)
		return false;
	if (repository_unchanged(state->repository, &ahead->stamp))
		return true;
	drop(ahead, state->symbol);
	ahead->wanted = 0;
	return false;
}

void *ahead_take(struct ahead *ahead, CLASS_SYMBOL symbol, void *buffer)
{
	void *object = buffer != NULL ? buffer : malloc((size_t)symbol->structsize);

	if (object == NULL) {
		odm_fail(ODMI_MALLOC_ERR);
		return ODM_FAILED;
	}
	memcpy(object, object_at(ahead, symbol, ahead->next++), (size_t)symbol->structsize);
	return object;
}
