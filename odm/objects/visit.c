/* odm_visit: objects visited by one query, for listings of many of which few descriptors are
 * wanted. */
#include <odmx.h>
#include <stdlib.h>
#include <string.h>

#include "objects/objects.h"
#include "storage/thread.h"

/* The descriptors that are read, as indexes of the class's. */
struct selection {
	int *elems;
	int count;
};

static void selection_release(struct selection *selection)
{
	free(selection->elems);
}

static bool is_wanted(const char *const *descriptors, const char *name)
{
	if (descriptors == NULL)
		return true;
	while (*descriptors != NULL && strcmp(*descriptors, name) != 0)
		descriptors++;
	return *descriptors != NULL;
}

static int select_elems(
	CLASS_SYMBOL symbol, const char *const *descriptors, struct selection *selection)
{
	selection->elems = calloc((size_t)symbol->nelem + 1, sizeof(*selection->elems));
	if (selection->elems == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	for (int i = 0; i < symbol->nelem; i++)
		if (is_wanted(descriptors, symbol->elem[i].elemname))
			selection->elems[selection->count++] = i;
	return 0;
}

static int prepare(struct class_state *state, const struct criteria *criteria,
	const struct selection *selection, sqlite3_stmt **statement)
{
	AUTO(text_release) struct text sql = {0};

	text_append(&sql, "SELECT _id");
	for (int i = 0; i < selection->count; i++) {
		text_append(&sql, ", \"");
		text_append(&sql, state->symbol->elem[selection->elems[i]].elemname);
		text_append_char(&sql, '"');
	}
	query_append_from(&sql, state, criteria);
	text_append(&sql, " ORDER BY _id");
	return query_finish(state, &sql, criteria, statement);
}

static int take_row(
	CLASS_SYMBOL symbol, const struct selection *selection, sqlite3_stmt *row, void *object)
{
	((struct object_head *)object)->_id = (long)sqlite3_column_int64(row, 0);
	for (int i = 0; i < selection->count; i++)
		if (!member_from_column(&symbol->elem[selection->elems[i]], row, i + 1, object))
			return odm_fail(ODMI_INVALID_CLASS);
	return 0;
}

LIBODM_API int odm_visit(CLASS_SYMBOL class_symbol, char *crit, const char *const *descriptors,
	odm_object_visitor *visit, void *closure)
{
	LIBRARY_LOCKED;
	if (visit == NULL)
		return odm_fail(ODMI_PARAMS);
	struct class_state *state = class_use(class_symbol, false);
	AUTO(criteria_release) struct criteria criteria = {0};
	AUTO(selection_release) struct selection selection = {0};
	AUTO_FINALIZE sqlite3_stmt *statement = NULL;
	if (state == NULL || criteria_compile(class_symbol, crit, &criteria) < 0 ||
		select_elems(class_symbol, descriptors, &selection) < 0 ||
		prepare(state, &criteria, &selection, &statement) < 0)
		return -1;

	AUTO_FREE void *object = calloc(1, (size_t)class_symbol->structsize);
	if (object == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	int step, result = 0;
	while (result == 0 && (step = sqlite3_step(statement)) == SQLITE_ROW) {
		result = take_row(class_symbol, &selection, statement, object);
		if (result == 0)
			result = visit(object, closure);
		odm_free_members(class_symbol, object);
	}
	if (result == 0 && step != SQLITE_DONE)
		return class_fail(state);
	query_keep(state, &statement);
	return result;
}
