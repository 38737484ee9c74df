/*
 * Objects found one after the other, by a cursor that each thread has in each class. Between calls
 * it is a position, not a running statement: that would hold on to an old state of the database and
 * forbid later writes.
 *
 * The first objects are fetched one by one. Who asks for more gets their identifiers in batches
 * that grow, because SQLite may have to sort all that matches for each query.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	/* The first object whose id is greater than the last parameter; ids so, and how many; one
	 * by id that still matches. */
	sqlite3_stmt *first, *batch, *by_id;
};

struct cursor {
	struct class_cursor head;
	struct criteria criteria; /* of the search that is going on */
	struct search searches[KEPT_SEARCHES]; /* the present one, then those used before it */
	bool batch_bound; /* its batch and by_id have the criteria's values */
	int fetched; /* objects of this search, as far as they are fetched singly */
	sqlite3_int64 id; /* of the object found last */
	sqlite3_int64 *ids; /* those that come next */
	int count, next, room;
};

static void finalize(struct search *search)
{
	sqlite3_finalize(search->first);
	sqlite3_finalize(search->batch);
	sqlite3_finalize(search->by_id);
	free(search->where);
	*search = (struct search){0};
}

static void release_cursor(struct class_cursor *head)
{
	struct cursor *cursor = (struct cursor *)head;

	for (int i = 0; i < KEPT_SEARCHES; i++)
		finalize(&cursor->searches[i]);
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
	cursor->head.thread = thread_number();
	cursor->head.release = release_cursor;
	class_add_cursor(state, &cursor->head);
	return cursor;
}

/* "SELECT columns FROM class WHERE (criteria) AND rest": rest has %d for a further parameter. */
static int prepare(struct class_state *state, struct cursor *cursor, bool whole, const char *rest,
	sqlite3_stmt **statement)
{
	AUTO(text_release) struct text sql = {0};

	text_append(&sql, "SELECT _id");
	if (whole) {
		text_append(&sql, ", ");
		class_append_columns(&sql, state->symbol);
	}
	text_printf(&sql, " FROM \"%s\" WHERE ", state->symbol->classname);
	if (*cursor->searches[0].where != '\0')
		text_printf(&sql, "(%s) AND ", cursor->searches[0].where);
	/*
	 * Of single objects the planner shall not take the position for a reason to
	 * choose an index: one of two descriptors finds them, and one of a single descriptor all of
	 * a type.
	 */
	text_printf(&sql, "%s ?%d%s",
		!whole          ? "_id >"
		: *rest == '\0' ? "_id ="
				: "+_id >",
		cursor->criteria.count + 1, rest);
	if (sql.failed)
		return odm_fail(ODMI_MALLOC_ERR);
	if (sqlite3_prepare_v3(state->repository->database, sql.data, -1, SQLITE_PREPARE_PERSISTENT,
		    statement, NULL) != SQLITE_OK)
		return class_fail(state);
	return 0;
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

	criteria_release(&cursor->criteria);
	cursor->criteria = *criteria;
	*criteria = (struct criteria){0};
	cursor->id = 0;
	cursor->fetched = cursor->count = cursor->next = 0;
	cursor->batch_bound = false;
	struct search *search = choose_search(cursor, where);
	if (search->where == NULL && (search->where = strdup(where)) == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	if (search->first == NULL &&
		prepare(state, cursor, true, " ORDER BY _id LIMIT 1", &search->first) < 0)
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

static int prepare_batch(struct class_state *state, struct cursor *cursor)
{
	char rest[48];

	if (cursor->batch_bound)
		return 0;
	snprintf(rest, sizeof(rest), " ORDER BY _id LIMIT ?%d", cursor->criteria.count + 2);
	if (cursor->searches[0].batch == NULL &&
		(prepare(state, cursor, false, rest, &cursor->searches[0].batch) < 0 ||
			prepare(state, cursor, true, "", &cursor->searches[0].by_id) < 0))
		return -1;
	if (bind(state, cursor, cursor->searches[0].batch) < 0 ||
		bind(state, cursor, cursor->searches[0].by_id) < 0)
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

	if (size < 0 || prepare_batch(state, cursor) < 0)
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

static void *next_of_batch(struct class_state *state, struct cursor *cursor, void *buffer)
{
	void *object = NULL;

	/* What was removed, or does not match any more, is passed over. */
	while (object == NULL) {
		if (cursor->next == cursor->count && fill_batch(state, cursor) < 0)
			return ODM_FAILED;
		if (cursor->count == 0)
			return NULL;
		sqlite3_int64 id = cursor->ids[cursor->next++];
		if (sqlite3_bind_int64(cursor->searches[0].by_id, cursor->criteria.count + 1, id) !=
			SQLITE_OK) {
			odm_fail_sqlite(state->repository->database);
			return ODM_FAILED;
		}
		object = step_object(state, cursor, cursor->searches[0].by_id, buffer);
		if (object != ODM_FAILED)
			cursor->id = id;
	}
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
