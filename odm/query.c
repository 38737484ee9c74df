/* Objects: found. */
#include "odm_private.h"

int query_prepare(struct class_state *state, const char *verb, const struct criteria *criteria,
	sqlite3_stmt **statement)
{
	AUTO(text_release) struct text sql = {0};

	text_append(&sql, verb);
	if (strcmp(verb, "SELECT") == 0) {
		text_append(&sql, " _id, ");
		class_append_columns(&sql, state->symbol);
	}
	text_printf(&sql, " FROM \"%s\"", state->symbol->classname);
	if (criteria->where.length > 0)
		text_printf(&sql, " WHERE %s", criteria->where.data);
	if (strcmp(verb, "SELECT") == 0)
		text_append(&sql, " ORDER BY _id");
	if (sql.failed)
		return odm_fail(ODMI_MALLOC_ERR);
	if (sqlite3_prepare_v2(state->repository->database, sql.data, -1, statement, NULL) !=
			SQLITE_OK ||
		criteria_bind(criteria, *statement) < 0)
		return odm_fail_sqlite(state->repository->database);
	return 0;
}

/* The cursor's statement: the first match whose id is greater than the last parameter. */
static int prepare_cursor(struct class_state *state, const struct criteria *criteria)
{
	AUTO(text_release) struct text sql = {0};

	text_append(&sql, "SELECT _id, ");
	class_append_columns(&sql, state->symbol);
	text_printf(&sql, " FROM \"%s\" WHERE ", state->symbol->classname);
	if (criteria->where.length > 0)
		text_printf(&sql, "%s AND ", criteria->where.data);
	text_printf(&sql, "_id > ?%d ORDER BY _id LIMIT 1", criteria->count + 1);
	if (sql.failed)
		return odm_fail(ODMI_MALLOC_ERR);
	if (sqlite3_prepare_v3(state->repository->database, sql.data, -1, SQLITE_PREPARE_PERSISTENT,
		    &state->cursor, NULL) != SQLITE_OK)
		return odm_fail_sqlite(state->repository->database);
	return 0;
}

/*
 * Puts the class's cursor before the first match. Between calls it is a place, not a running
 * statement: that would hold on to an old state of the database and forbid later writes.
 */
static int start_cursor(struct class_state *state, const struct criteria *criteria)
{
	const char *where = criteria->where.length > 0 ? criteria->where.data : "";

	state->cursor_id = 0;
	state->cursor_values = criteria->count;
	if (state->cursor == NULL || strcmp(state->cursor_where, where) != 0) {
		sqlite3_finalize(state->cursor);
		free(state->cursor_where);
		state->cursor = NULL;
		state->cursor_where = strdup(where);
		if (state->cursor_where == NULL)
			return odm_fail(ODMI_MALLOC_ERR);
		if (prepare_cursor(state, criteria) < 0)
			return -1;
	}
	return criteria_bind(criteria, state->cursor) == 0
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

static void *next_object(struct class_state *state, void *buffer)
{
	void *object = NULL;

	if (state->cursor == NULL)
		return NULL;
	if (sqlite3_bind_int64(state->cursor, state->cursor_values + 1, state->cursor_id) !=
		SQLITE_OK) {
		odm_fail_sqlite(state->repository->database);
		return ODM_FAILED;
	}
	int result = sqlite3_step(state->cursor);
	if (result == SQLITE_ROW) {
		state->cursor_id = sqlite3_column_int64(state->cursor, 0);
		object = take_row(state->symbol, state->cursor, buffer);
	} else if (result != SQLITE_DONE) {
		odm_fail_sqlite(state->repository->database);
		object = ODM_FAILED;
	}
	sqlite3_reset(state->cursor);
	return object;
}

LIBODM_API void *odm_get_obj(CLASS_SYMBOL class_symbol, char *crit, void *buffer, int first_next)
{
	LIBRARY_LOCKED;
	struct class_state *state = class_use(class_symbol, false);
	if (state == NULL)
		return ODM_FAILED;

	if (first_next == ODM_FIRST) {
		AUTO(criteria_release) struct criteria criteria = {0};
		if (criteria_compile(class_symbol, crit, &criteria) < 0 ||
			start_cursor(state, &criteria) < 0)
			return ODM_FAILED;
	}
	return next_object(state, buffer);
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
	if (query_prepare(state, "SELECT", &criteria, &statement) < 0)
		return ODM_FAILED;
	if (sqlite3_step(statement) == SQLITE_ROW)
		return take_row(class_symbol, statement, buffer);
	odm_fail(ODMI_NO_OBJECT);
	return ODM_FAILED;
}

/* An array that grows, with the class that says how to free it. */
struct object_array {
	CLASS_SYMBOL symbol;
	char *objects;
	int count, room;
};

static void array_release(struct object_array *array)
{
	for (int i = 0; i < array->count; i++)
		odm_free_members(array->symbol,
			array->objects + (size_t)i * (size_t)array->symbol->structsize);
	free(array->objects);
}

static int array_append(struct object_array *array, sqlite3_stmt *row)
{
	size_t size = (size_t)array->symbol->structsize;

	if (array->count == array->room) {
		int room = array->room > 0 ? 2 * array->room : 8;
		char *objects = realloc(array->objects, (size_t)room * size);
		if (objects == NULL)
			return odm_fail(ODMI_MALLOC_ERR);
		array->objects = objects;
		array->room = room;
	}
	if (object_from_row(array->symbol, row, array->objects + (size_t)array->count * size) < 0)
		return -1;
	array->count++;
	return 0;
}

static int collect(struct class_state *state, char *crit, struct object_array *array)
{
	AUTO(criteria_release) struct criteria criteria = {0};
	AUTO_FINALIZE sqlite3_stmt *statement = NULL;
	int result;

	if (criteria_compile(state->symbol, crit, &criteria) < 0 ||
		query_prepare(state, "SELECT", &criteria, &statement) < 0)
		return -1;
	while ((result = sqlite3_step(statement)) == SQLITE_ROW)
		if (array_append(array, statement) < 0)
			return -1;
	return result == SQLITE_DONE ? 0 : odm_fail_sqlite(state->repository->database);
}

/* Fills in the linked objects of one link descriptor. */
static int follow_link(const struct ClassElem *elem, void *object, int link_depth)
{
	struct link_members *link = (struct link_members *)(void *)((char *)object + elem->offset);
	CLASS_SYMBOL symbol = odm_mount_class(elem->linked_class);
	AUTO_FREE char *pattern = NULL;

	if (symbol == ODM_FAILED)
		return odm_fail(ODMI_LINK_NOT_FOUND);
	AUTO_FREE char *crit = odm_criteria("%s", link->value);
	if (crit == NULL || asprintf(&pattern, "%s = %s", elem->linked_column, crit) < 0)
		return odm_fail(ODMI_MALLOC_ERR);
	link->info = calloc(1, sizeof(*link->info));
	if (link->info == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	link->objects = odm_get_list(symbol, pattern, link->info, 1, link_depth);
	if (link->objects != ODM_FAILED)
		return 0;
	link->objects = NULL;
	free(link->info);
	link->info = NULL;
	return -1;
}

static int follow_links(struct object_array *array, int link_depth)
{
	for (int i = 0; i < array->count; i++) {
		char *object = array->objects + (size_t)i * (size_t)array->symbol->structsize;
		for (int e = 0; e < array->symbol->nelem; e++)
			if (array->symbol->elem[e].type == ODM_LINK &&
				follow_link(&array->symbol->elem[e], object, link_depth) < 0)
				return -1;
	}
	return 0;
}

LIBODM_API void *odm_get_list(CLASS_SYMBOL class_symbol, char *crit, struct listinfo *info,
	int max_return, int link_depth)
{
	LIBRARY_LOCKED;
	struct class_state *state = class_use(class_symbol, false);
	AUTO(array_release) struct object_array array = {.symbol = class_symbol};

	(void)max_return;
	if (state == NULL || collect(state, crit, &array) < 0)
		return ODM_FAILED;
	*info = (struct listinfo){.num = array.count, .valid = ODMI_MAGIC, .class = class_symbol};
	snprintf(info->classname, sizeof(info->classname), "%s", class_symbol->classname);
	snprintf(info->crit, sizeof(info->crit), "%s", crit != NULL ? crit : "");
	if (link_depth > 1 && follow_links(&array, link_depth - 1) < 0)
		return ODM_FAILED;
	array.count = 0;
	return TAKE(array.objects);
}

LIBODM_API int odm_free_list(void *list, struct listinfo *info)
{
	LIBRARY_LOCKED;
	if (info == NULL || info->valid != ODMI_MAGIC || !class_valid(info->class))
		return odm_fail(ODMI_PARAMS);

	CLASS_SYMBOL symbol = info->class;
	for (int i = 0; list != NULL && i < info->num; i++) {
		char *object = (char *)list + (size_t)i * (size_t)symbol->structsize;
		for (int e = 0; e < symbol->nelem; e++) {
			if (symbol->elem[e].type != ODM_LINK)
				continue;
			struct link_members *link =
				(struct link_members *)(void *)(object + symbol->elem[e].offset);
			if (link->info != NULL)
				odm_free_list(link->objects, link->info);
			free(link->info);
		}
		odm_free_members(symbol, object);
	}
	free(list);
	info->valid = 0;
	return 0;
}
