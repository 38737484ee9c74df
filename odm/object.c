/* Objects: added, changed, removed. */
#include "odm_private.h"

/* Binds an object's descriptors to ?1, ?2, ... */
static int bind_members(CLASS_SYMBOL symbol, sqlite3_stmt *statement, const void *object)
{
	for (int i = 0; i < symbol->nelem; i++) {
		const struct ClassElem *elem = &symbol->elem[i];
		const char *string = elem_is_string(elem) ? member_string(elem, object) : "";
		int result;
		if (elem->type == ODM_BINARY)
			result = sqlite3_bind_blob(
				statement, i + 1, string, elem->size, SQLITE_STATIC);
		else if (elem->type == ODM_VCHAR)
			result = sqlite3_bind_text(statement, i + 1, string, -1, SQLITE_STATIC);
		else if (elem_is_string(elem))
			result = sqlite3_bind_text(statement, i + 1, string,
				(int)strnlen(string, (size_t)elem->size - 1), SQLITE_STATIC);
		else
			result = sqlite3_bind_int64(statement, i + 1, member_integer(elem, object));
		if (result != SQLITE_OK)
			return -1;
	}
	return 0;
}

/* Values that are longer than their descriptor allows are refused, never cut. */
static int check_lengths(CLASS_SYMBOL symbol, const void *object)
{
	for (int i = 0; i < symbol->nelem; i++) {
		const struct ClassElem *elem = &symbol->elem[i];
		if (elem->type == ODM_VCHAR &&
			strlen(member_string(elem, object)) >= (size_t)elem->size)
			return odm_fail(ODMI_PARAMS);
	}
	return 0;
}

/* Prepares a statement that is kept with the class. */
static int keep_prepared(struct class_state *state, sqlite3_stmt **kept, const struct text *sql)
{
	if (*kept != NULL)
		return 0;
	if (sql->failed)
		return odm_fail(ODMI_MALLOC_ERR);
	if (sqlite3_prepare_v3(state->repository->database, sql->data, -1,
		    SQLITE_PREPARE_PERSISTENT, kept, NULL) != SQLITE_OK)
		return odm_fail_sqlite(state->repository->database);
	return 0;
}

static int run_once(struct class_state *state, sqlite3_stmt *statement, const void *object)
{
	int result = bind_members(state->symbol, statement, object);

	if (result == 0 && sqlite3_step(statement) != SQLITE_DONE)
		result = -1;
	if (result < 0)
		odm_fail_sqlite(state->repository->database);
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return result;
}

LIBODM_API int odm_add_obj(CLASS_SYMBOL class_symbol, void *object)
{
	LIBRARY_LOCKED;
	struct class_state *state = class_use(class_symbol, true);
	AUTO(text_release) struct text sql = {0};

	if (state == NULL || check_lengths(class_symbol, object) < 0)
		return -1;
	if (state->insert == NULL) {
		text_printf(&sql, "INSERT INTO \"%s\" (", class_symbol->classname);
		class_append_columns(&sql, class_symbol);
		for (int i = 0; i < class_symbol->nelem; i++)
			text_append(&sql, i == 0 ? ") VALUES (?" : ", ?");
		text_append(&sql, ")");
	}
	if (keep_prepared(state, &state->insert, &sql) < 0 ||
		run_once(state, state->insert, object) < 0)
		return -1;
	return (int)sqlite3_last_insert_rowid(state->repository->database);
}

LIBODM_API int odm_change_obj(CLASS_SYMBOL class_symbol, void *object)
{
	LIBRARY_LOCKED;
	struct class_state *state = class_use(class_symbol, true);
	AUTO(text_release) struct text sql = {0};

	if (state == NULL || check_lengths(class_symbol, object) < 0)
		return -1;
	if (state->update == NULL) {
		text_printf(&sql, "UPDATE \"%s\" SET ", class_symbol->classname);
		for (int i = 0; i < class_symbol->nelem; i++)
			text_printf(&sql, "%s\"%s\" = ?%d", i > 0 ? ", " : "",
				class_symbol->elem[i].elemname, i + 1);
		text_printf(&sql, " WHERE _id = ?%d", class_symbol->nelem + 1);
	}
	if (keep_prepared(state, &state->update, &sql) < 0)
		return -1;
	long id = ((const struct object_head *)object)->_id;
	if (sqlite3_bind_int64(state->update, class_symbol->nelem + 1, id) != SQLITE_OK)
		return odm_fail_sqlite(state->repository->database);
	if (run_once(state, state->update, object) < 0)
		return -1;
	if (sqlite3_changes(state->repository->database) == 0)
		return odm_fail(ODMI_NO_OBJECT);
	return 0;
}

LIBODM_API int odm_rm_obj(CLASS_SYMBOL class_symbol, char *crit)
{
	LIBRARY_LOCKED;
	struct class_state *state = class_use(class_symbol, true);
	AUTO(criteria_release) struct criteria criteria = {0};
	AUTO_FINALIZE sqlite3_stmt *statement = NULL;

	if (state == NULL || criteria_compile(class_symbol, crit, &criteria) < 0 ||
		query_prepare(state, "DELETE", &criteria, &statement) < 0)
		return -1;
	if (sqlite3_step(statement) != SQLITE_DONE)
		return odm_fail_sqlite(state->repository->database);
	return sqlite3_changes(state->repository->database);
}

LIBODM_API int odm_rm_by_id(CLASS_SYMBOL class_symbol, int id)
{
	LIBRARY_LOCKED;
	struct class_state *state = class_use(class_symbol, true);
	AUTO(text_release) struct text sql = {0};

	if (state == NULL)
		return -1;
	text_printf(&sql, "DELETE FROM \"%s\" WHERE _id = %d", class_symbol->classname, id);
	if (sql.failed)
		return odm_fail(ODMI_MALLOC_ERR);
	if (repository_execute(state->repository, sql.data) < 0)
		return -1;
	if (sqlite3_changes(state->repository->database) == 0)
		return odm_fail(ODMI_NO_OBJECT);
	return 0;
}
