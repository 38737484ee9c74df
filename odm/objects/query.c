/* The SELECT of compiled criteria, the object of its row, and odm_get_by_id. */
#include <stdlib.h>

#include "objects/objects.h"
#include "storage/thread.h"

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
