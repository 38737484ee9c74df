/* Objects: found, one after the other, by a cursor that each thread has in each class. */
#include "odm_private.h"

void query_append_from(struct text *sql, struct class_state *state, const struct criteria *criteria)
{
	text_printf(sql, " FROM \"%s\"", state->symbol->classname);
	if (criteria->where.length > 0)
		text_printf(sql, " WHERE %s", criteria->where.data);
}

int query_finish(struct class_state *state, const struct text *sql, const struct criteria *criteria,
	sqlite3_stmt **statement)
{
	if (sql->failed)
		return odm_fail(ODMI_MALLOC_ERR);
	if (sqlite3_prepare_v2(state->repository->database, sql->data, -1, statement, NULL) !=
			SQLITE_OK ||
		criteria_bind(criteria, *statement) < 0)
		return class_fail(state);
	return 0;
}

int query_prepare(
	struct class_state *state, const struct criteria *criteria, sqlite3_stmt **statement)
{
	AUTO(text_release) struct text sql = {0};

	text_append(&sql, "SELECT _id, ");
	class_append_columns(&sql, state->symbol);
	query_append_from(&sql, state, criteria);
	text_append(&sql, " ORDER BY _id");
	return query_finish(state, &sql, criteria, statement);
}

/* Frees a thread's cursors, or those of all threads: 0. */
void cursor_free_all(struct cursor **cursors, unsigned long thread)
{
	while (*cursors != NULL) {
		struct cursor *gone = *cursors;
		if (thread != 0 && gone->thread != thread) {
			cursors = &gone->next;
			continue;
		}
		*cursors = gone->next;
		sqlite3_finalize(gone->statement);
		free(gone->where);
		free(gone);
	}
}

/* This thread's cursor, NULL when it has none. */
static struct cursor *own_cursor(struct class_state *state)
{
	struct cursor *cursor = state->cursors;
	unsigned long thread = thread_number();

	while (cursor != NULL && cursor->thread != thread)
		cursor = cursor->next;
	return cursor;
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
	cursor->thread = thread_number();
	cursor->next = state->cursors;
	state->cursors = cursor;
	return cursor;
}

/* The cursor's statement: the first match whose id is greater than the last parameter. */
static int prepare_cursor(
	struct class_state *state, struct cursor *cursor, const struct criteria *criteria)
{
	AUTO(text_release) struct text sql = {0};

	text_append(&sql, "SELECT _id, ");
	class_append_columns(&sql, state->symbol);
	text_printf(&sql, " FROM \"%s\" WHERE ", state->symbol->classname);
	if (criteria->where.length > 0)
		text_printf(&sql, "(%s) AND ", criteria->where.data);
	text_printf(&sql, "_id > ?%d ORDER BY _id LIMIT 1", criteria->count + 1);
	if (sql.failed)
		return odm_fail(ODMI_MALLOC_ERR);
	if (sqlite3_prepare_v3(state->repository->database, sql.data, -1, SQLITE_PREPARE_PERSISTENT,
		    &cursor->statement, NULL) != SQLITE_OK)
		return class_fail(state);
	return 0;
}

/*
 * Puts the cursor before the first match. Between calls it is a place, not a running statement:
 * that would hold on to an old state of the database and forbid later writes.
 */
static int start_cursor(
	struct class_state *state, struct cursor *cursor, const struct criteria *criteria)
{
	const char *where = criteria->where.length > 0 ? criteria->where.data : "";

	cursor->id = 0;
	cursor->values = criteria->count;
	if (cursor->statement == NULL || strcmp(cursor->where, where) != 0) {
		sqlite3_finalize(cursor->statement);
		free(cursor->where);
		cursor->statement = NULL;
		cursor->where = strdup(where);
		if (cursor->where == NULL)
			return odm_fail(ODMI_MALLOC_ERR);
		if (prepare_cursor(state, cursor, criteria) < 0)
			return -1;
	}
	return criteria_bind(criteria, cursor->statement) == 0
		       ? 0
		       : odm_fail_sqlite(state->repository->database);
}

/* The object of a row: in the buffer, or malloc'ed. */
static void *take_row(CLASS_SYMBOL symbol, sqlite3_stmt *row, void *buffer)
{
	void *object = buffer != NULL ? buffer : malloc((size_t)symbol->structsize);

	if (object == NULL) {
		odm_fail(ODMI_MALLOC_ERR);
		return ODM_FAILED;
	}
	if (object_from_row(symbol, row, object) == 0)
		return object;
	if (buffer == NULL)
		free(object);
	return ODM_FAILED;
}

static void *next_object(struct class_state *state, struct cursor *cursor, void *buffer)
{
	sqlite3_stmt *statement = cursor->statement;
	void *object = NULL;

	if (sqlite3_bind_int64(statement, cursor->values + 1, cursor->id) != SQLITE_OK) {
		odm_fail_sqlite(state->repository->database);
		return ODM_FAILED;
	}
	int result = sqlite3_step(statement);
	if (result == SQLITE_ROW) {
		cursor->id = sqlite3_column_int64(statement, 0);
		object = take_row(state->symbol, statement, buffer);
	} else if (result != SQLITE_DONE) {
		class_fail(state);
		return ODM_FAILED;
	}
	sqlite3_reset(statement);
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
			start_cursor(state, cursor, &criteria) < 0)
			return ODM_FAILED;
	}
	return cursor != NULL && cursor->statement != NULL ? next_object(state, cursor, buffer)
							   : NULL;
}

LIBODM_API void *odm_get_first(CLASS_SYMBOL class_symbol, char *crit, void *buffer)
{
	return odm_get_obj(class_symbol, crit, buffer, ODM_FIRST);
}

LIBODM_API void *odm_get_next(CLASS_SYMBOL class_symbol, void *buffer)
{
	return odm_get_obj(class_symbol, NULL, buffer, ODM_NEXT);
}

LIBODM_API void *odm_get_by_id(CLASS_SYMBOL class_symbol, int id, void *buffer)
{
	LIBRARY_LOCKED;
	struct class_state *state = class_use(class_symbol, false);
	AUTO(criteria_release) struct criteria criteria = {0};
	AUTO_FINALIZE sqlite3_stmt *statement = NULL;

	if (state == NULL)
		return ODM_FAILED;
	text_printf(&criteria.where, "_id = %d", id);
	if (query_prepare(state, &criteria, &statement) < 0)
		return ODM_FAILED;
	if (sqlite3_step(statement) == SQLITE_ROW)
		return take_row(class_symbol, statement, buffer);
	odm_fail(ODMI_NO_OBJECT);
	return ODM_FAILED;
}
