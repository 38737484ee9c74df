/*
 * Objects found one after the other, by a cursor that each thread has in each class. Between calls
 * it is a position, not a running statement: that would hold on to an old state of the database and
 * forbid later writes.
 *
 * The first objects are fetched one by one. Who asks for more gets their identifiers in batches
 * that grow, because SQLite may have to sort all that matches for each query; of those the objects
 * are read ahead.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "objects/ahead.h"
#include "objects/objects.h"
#include "storage/thread.h"

#define FETCHED_SINGLY 2
#define FIRST_BATCH 64
#define BATCH_GROWTH 8
/* Searches of a class whose statements are kept: the criteria that a program asks with in turn. */
#define KEPT_SEARCHES 8

/* The statements of a search, never left in mid-step. */
struct search {
	char *where; /* what they were prepared for */
	/* The first object whose id is greater than the last parameter; ids so, and how many; those
	 * in a range of ids that still match. */
	sqlite3_stmt *first, *batch, *range;
};

struct cursor {
	struct class_cursor head;
	CLASS_SYMBOL symbol;
	struct criteria criteria; /* of the search that is going on */
	struct search searches[KEPT_SEARCHES]; /* the present one, then those used before it */
	bool batch_bound; /* its batch and range have the criteria's values */
	int fetched; /* objects of this search, as far as they are fetched singly */
	sqlite3_int64 id; /* of the object found last */
	struct ahead ahead; /* of the identifiers before `next` */
	sqlite3_int64 *ids; /* those that come next */
	int count, next, room;
};

static void finalize(struct search *search)
{
	sqlite3_finalize(search->first);
	sqlite3_finalize(search->batch);
	sqlite3_finalize(search->range);
	free(search->where);
	*search = (struct search){0};
}

static void release_cursor(struct class_cursor *head)
{
	struct cursor *cursor = (struct cursor *)head;

	for (int i = 0; i < KEPT_SEARCHES; i++)
		finalize(&cursor->searches[i]);
	ahead_release(&cursor->ahead, cursor->symbol);
	criteria_release(&cursor->criteria);
	free(cursor->ids);
	free(cursor);
}

/* This thread's cursor, NULL when it has none. */
static struct cursor *own_cursor(struct class_state *state)
{
	struct class_cursor *cursor = state->cursors;
	unsigned long thread = thread_number();

	while (cursor != NULL && cursor->thread != thread)
		cursor = cursor->next;
	return (struct cursor *)cursor;
}

static struct cursor *make_cursor(struct class_state *state)
{
	struct cursor *cursor = own_cursor(state);

	if (cursor != NULL)
		return cursor;
	cursor = calloc(1, sizeof(*cursor));
	if (cursor == NULL) {
		odm_fail(ODMI_MALLOC_ERR);
		return NULL;
	}
	cursor->symbol = state->symbol;
	cursor->head.thread = thread_number();
	cursor->head.release = release_cursor;
	class_add_cursor(state, &cursor->head);
	return cursor;
}

/* "SELECT columns FROM class how WHERE (criteria) AND position". */
static int prepare(struct class_state *state, struct cursor *cursor, bool whole, const char *how,
	const char *position, sqlite3_stmt **statement)
{
	AUTO(text_release) struct text sql = {0};

	text_append(&sql, "SELECT _id");
	if (whole) {
		text_append(&sql, ", ");
		class_append_columns(&sql, state->symbol);
	}
	text_printf(&sql, " FROM \"%s\"%s WHERE ", state->symbol->classname, how);
	if (*cursor->searches[0].where != '\0')
		text_printf(&sql, "(%s) AND ", cursor->searches[0].where);
	text_append(&sql, position);
	if (sql.failed)
		return odm_fail(ODMI_MALLOC_ERR);
	if (sqlite3_prepare_v3(state->repository->database, sql.data, -1, SQLITE_PREPARE_PERSISTENT,
		    statement, NULL) != SQLITE_OK)
		return class_fail(state);
	return 0;
}

/*
 * Of single objects the planner shall not take the position for a reason to choose an index: one of
 * two descriptors finds them, and one of a single descriptor all of a type.
 */
static int prepare_first(struct class_state *state, struct cursor *cursor, sqlite3_stmt **statement)
{
	char position[64];

	snprintf(position, sizeof(position), "+_id > ?%d ORDER BY _id LIMIT 1",
		cursor->criteria.count + 1);
	return prepare(state, cursor, true, "", position, statement);
}

/* The ids are known: they, and no index, find the rows. */
static int prepare_batches(struct class_state *state, struct cursor *cursor, struct search *search)
{
	int parameter = cursor->criteria.count + 1;
	char batch[64], range[64];

	snprintf(
		batch, sizeof(batch), "_id > ?%d ORDER BY _id LIMIT ?%d", parameter, parameter + 1);
	snprintf(range, sizeof(range), "_id BETWEEN ?%d AND ?%d ORDER BY _id", parameter,
		parameter + 1);
	if (prepare(state, cursor, false, "", batch, &search->batch) < 0)
		return -1;
	return prepare(state, cursor, true, " NOT INDEXED", range, &search->range);
}

static int bind(struct class_state *state, struct cursor *cursor, sqlite3_stmt *statement)
{
	return criteria_bind(&cursor->criteria, statement) == 0
		       ? 0
		       : odm_fail_sqlite(state->repository->database);
}

/* Brings the statements for a WHERE to the front, or makes room for them by dropping the oldest. */
static struct search *choose_search(struct cursor *cursor, const char *where)
{
	int i = 0;

	while (i < KEPT_SEARCHES - 1 && cursor->searches[i].where != NULL &&
		strcmp(cursor->searches[i].where, where) != 0)
		i++;
	struct search chosen = cursor->searches[i];
	if (chosen.where != NULL && strcmp(chosen.where, where) != 0)
		finalize(&chosen);
	memmove(&cursor->searches[1], &cursor->searches[0], (size_t)i * sizeof(*cursor->searches));
	cursor->searches[0] = chosen;
	return &cursor->searches[0];
}

/* Puts the cursor before the first match; takes the criteria over. */
static int start(struct class_state *state, struct cursor *cursor, struct criteria *criteria)
{
	const char *where = criteria->where.length > 0 ? criteria->where.data : "";

	ahead_release(&cursor->ahead, cursor->symbol);
	criteria_release(&cursor->criteria);
	cursor->criteria = *criteria;
	*criteria = (struct criteria){0};
	cursor->id = 0;
	cursor->fetched = cursor->count = cursor->next = 0;
	cursor->batch_bound = false;
	struct search *search = choose_search(cursor, where);
	if (search->where == NULL && (search->where = strdup(where)) == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	if (search->first == NULL && prepare_first(state, cursor, &search->first) < 0)
		return -1;
	return bind(state, cursor, search->first);
}

/* Steps a statement for one object: it, NULL when there is none, ODM_FAILED. */
static void *step_object(
	struct class_state *state, struct cursor *cursor, sqlite3_stmt *statement, void *buffer)
{
	void *object = NULL;
	int result = sqlite3_step(statement);

	if (result == SQLITE_ROW) {
		cursor->id = sqlite3_column_int64(statement, 0);
		object = query_take_row(state->symbol, statement, buffer);
	} else if (result != SQLITE_DONE) {
		class_fail(state);
		return ODM_FAILED;
	}
	sqlite3_reset(statement);
	return object;
}

static void *next_singly(struct class_state *state, struct cursor *cursor, void *buffer)
{
	if (sqlite3_bind_int64(cursor->searches[0].first, cursor->criteria.count + 1, cursor->id) !=
		SQLITE_OK) {
		odm_fail_sqlite(state->repository->database);
		return ODM_FAILED;
	}
	cursor->fetched++;
	return step_object(state, cursor, cursor->searches[0].first, buffer);
}

static int bind_batches(struct class_state *state, struct cursor *cursor)
{
	struct search *search = &cursor->searches[0];

	if (cursor->batch_bound)
		return 0;
	if (search->batch == NULL && prepare_batches(state, cursor, search) < 0)
		return -1;
	if (bind(state, cursor, search->batch) < 0 || bind(state, cursor, search->range) < 0)
		return -1;
	cursor->batch_bound = true;
	return 0;
}

/* Room for the next batch: how many identifiers it may have, -1 without memory. */
static int grow(struct cursor *cursor)
{
	int size = cursor->count == 0 ? FIRST_BATCH : cursor->count * BATCH_GROWTH;

	if (size <= cursor->room)
		return size;
	sqlite3_int64 *ids = realloc(cursor->ids, (size_t)size * sizeof(*ids));
	if (ids == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	cursor->ids = ids;
	cursor->room = size;
	return size;
}

/* The identifiers that come next: 0 or -1. */
static int fill_batch(struct class_state *state, struct cursor *cursor)
{
	int parameter = cursor->criteria.count + 1, step;
	int size = grow(cursor);

	if (size < 0 || bind_batches(state, cursor) < 0)
		return -1;
	cursor->count = cursor->next = 0;
	if (sqlite3_bind_int64(cursor->searches[0].batch, parameter, cursor->id) != SQLITE_OK ||
		sqlite3_bind_int(cursor->searches[0].batch, parameter + 1, size) != SQLITE_OK)
		return odm_fail_sqlite(state->repository->database);
	while ((step = sqlite3_step(cursor->searches[0].batch)) == SQLITE_ROW)
		cursor->ids[cursor->count++] = sqlite3_column_int64(cursor->searches[0].batch, 0);
	if (step != SQLITE_DONE)
		return class_fail(state);
	sqlite3_reset(cursor->searches[0].batch);
	return 0;
}

/* Reads the next of the identifiers. What was removed, or does not match any more, is passed over.
 */
static int read_ahead(struct class_state *state, struct cursor *cursor)
{
	/* What changed since it was read is read again. */
	while (cursor->next > 0 && cursor->ids[cursor->next - 1] > cursor->id)
		cursor->next--;
	if (cursor->next == cursor->count && fill_batch(state, cursor) < 0)
		return -1;
	if (cursor->count == 0)
		return 0;
	const struct ahead_rows rows = {cursor->searches[0].range, cursor->criteria.count + 1};
	int done = ahead_read(&cursor->ahead, state, &rows, cursor->ids + cursor->next,
		cursor->count - cursor->next);
	if (done < 0)
		return -1;
	cursor->next += done;
	return done;
}

static void *next_of_batch(struct class_state *state, struct cursor *cursor, void *buffer)
{
	while (!ahead_has(&cursor->ahead, state)) {
		int done = read_ahead(state, cursor);
		if (done <= 0)
			return done < 0 ? ODM_FAILED : NULL;
		if (cursor->ahead.count == 0)
			cursor->id = cursor->ids[cursor->next - 1];
	}
	void *object = ahead_take(&cursor->ahead, cursor->symbol, buffer);
	if (object != ODM_FAILED)
		cursor->id = ((const struct object_head *)object)->_id;
	return object;
}

LIBODM_API void *odm_get_obj(CLASS_SYMBOL class_symbol, char *crit, void *buffer, int first_next)
{
	LIBRARY_LOCKED;
	struct class_state *state = class_use(class_symbol, false);
	if (state == NULL)
		return ODM_FAILED;

	struct cursor *cursor = own_cursor(state);
	if (first_next == ODM_FIRST) {
		AUTO(criteria_release) struct criteria criteria = {0};
		if (criteria_compile(class_symbol, crit, &criteria) < 0 ||
			(cursor = make_cursor(state)) == NULL ||
			start(state, cursor, &criteria) < 0)
			return ODM_FAILED;
	}
	if (cursor == NULL || cursor->searches[0].first == NULL)
		return NULL;
	return cursor->fetched < FETCHED_SINGLY ? next_singly(state, cursor, buffer)
						: next_of_batch(state, cursor, buffer);
}

LIBODM_API void *odm_get_first(CLASS_SYMBOL class_symbol, char *crit, void *buffer)
{
	return odm_get_obj(class_symbol, crit, buffer, ODM_FIRST);
}

LIBODM_API void *odm_get_next(CLASS_SYMBOL class_symbol, void *buffer)
{
	return odm_get_obj(class_symbol, NULL, buffer, ODM_NEXT);
}
