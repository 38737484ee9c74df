/* The SELECT of compiled criteria, the object of its row, and odm_get_by_id. */
#include <stdlib.h>
#include <string.h>

#include "objects/objects.h"
#include "storage/thread.h"

void query_append_from(struct text *sql, struct class_state *state, const struct criteria *criteria)
{
	text_append(sql, " FROM \"");
	text_append(sql, state->symbol->classname);
	text_append_char(sql, '"');
	if (criteria->where.length == 0)
		return;
	text_append(sql, " WHERE ");
	text_append(sql, criteria->where.data);
}

/* A kept statement of that text, which is the caller's then; NULL for none. */
static sqlite3_stmt *take_kept(struct class_state *state, const char *sql)
{
	for (int i = 0; i < QUERIES_KEPT; i++) {
		sqlite3_stmt *kept = state->queries[i];
		if (kept != NULL && strcmp(sqlite3_sql(kept), sql) == 0) {
			state->queries[i] = NULL;
			return kept;
		}
	}
	return NULL;
}

void query_keep(struct class_state *state, sqlite3_stmt **statement)
{
	int place = 0;

	/* What was visited may have let go of the repository. */
	if (state->repository == NULL ||
		sqlite3_db_handle(*statement) != state->repository->database)
		return;
	sqlite3_reset(*statement);
	while (place < QUERIES_KEPT - 1 && state->queries[place] != NULL)
		place++;
	sqlite3_finalize(state->queries[place]);
	memmove(&state->queries[1], &state->queries[0], (size_t)place * sizeof(*state->queries));
	state->queries[0] = *statement;
	*statement = NULL;
}

int query_finish(struct class_state *state, const struct text *sql, const struct criteria *criteria,
	sqlite3_stmt **statement)
{
	if (sql->failed)
		return odm_fail(ODMI_MALLOC_ERR);
	*statement = take_kept(state, sql->data);
	if ((*statement == NULL &&
		    sqlite3_prepare_v3(state->repository->database, sql->data, -1,
			    SQLITE_PREPARE_PERSISTENT, statement, NULL) != SQLITE_OK) ||
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

/* The object of a row: in the buffer, or malloc'ed. */
void *query_take_row(CLASS_SYMBOL symbol, sqlite3_stmt *row, void *buffer)
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

LIBODM_API void *odm_get_by_id(CLASS_SYMBOL class_symbol, int id, void *buffer)
{
	LIBRARY_LOCKED;
	struct class_state *state = class_use(class_symbol, false);
	void *object = ODM_FAILED;

	if (state == NULL || class_prepare_by_id(state) < 0)
		return ODM_FAILED;
	if (sqlite3_bind_int64(state->by_id, 1, id) != SQLITE_OK) {
		odm_fail_sqlite(state->repository->database);
		return ODM_FAILED;
	}
	int step = sqlite3_step(state->by_id);
	if (step == SQLITE_ROW)
		object = query_take_row(class_symbol, state->by_id, buffer);
	else if (step == SQLITE_DONE)
		odm_fail(ODMI_NO_OBJECT);
	else
		class_fail(state);
	if (state->by_id != NULL)
		sqlite3_reset(state->by_id);
	return object;
}
