/* odm_get_list: all objects that match at once, with what their links point to. */
#include <odmx.h>
#include <stdio.h>
#include <stdlib.h>

#include "objects/objects.h"
#include "storage/thread.h"

/* Frees objects of one class, with what their links hold. */
static void objects_free(CLASS_SYMBOL symbol, char *objects, int count)
{
	for (int i = 0; i < count; i++) {
		char *object = objects + (size_t)i * (size_t)symbol->structsize;
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
	free(objects);
}

/* An array that grows, with the class that says how to free it. */
struct object_array {
	CLASS_SYMBOL symbol;
	char *objects;
	int count, room;
};

static void array_release(struct object_array *array)
{
	objects_free(array->symbol, array->objects, array->count);
}

/* Room for the first objects: as many as the caller expects, within reason. */
static int array_reserve(struct object_array *array, int expected)
{
	enum { MOST = 1024 };

	array->room = expected < 1 ? 1 : expected > MOST ? MOST : expected;
	array->objects = calloc((size_t)array->room, (size_t)array->symbol->structsize);
	return array->objects != NULL ? 0 : odm_fail(ODMI_MALLOC_ERR);
}

static int array_append(struct object_array *array, sqlite3_stmt *row)
{
	size_t size = (size_t)array->symbol->structsize;

	if (array->count == array->room) {
		int room = 2 * array->room;
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
		query_prepare(state, &criteria, &statement) < 0)
		return -1;
	while ((result = sqlite3_step(statement)) == SQLITE_ROW)
		if (array_append(array, statement) < 0)
			return -1;
	if (result != SQLITE_DONE)
		return class_fail(state);
	query_keep(state, &statement);
	return 0;
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

	if (info == NULL)
		odm_fail(ODMI_PARAMS);
	if (info == NULL || state == NULL || array_reserve(&array, max_return) < 0 ||
		collect(state, crit, &array) < 0)
		return ODM_FAILED;
	*info = (struct listinfo){.num = array.count, .valid = ODMI_MAGIC, .class = class_symbol};
	snprintf(info->classname, sizeof(info->classname), "%s", class_symbol->classname);
	snprintf(info->crit, sizeof(info->crit), "%s", crit != NULL ? crit : "");
	if (link_depth > 1 && follow_links(&array, link_depth - 1) < 0)
		return ODM_FAILED;
	if (array.count == 0)
		return NULL;
	array.count = 0;
	return TAKE(array.objects);
}

LIBODM_API int odm_free_list(void *list, struct listinfo *info)
{
	LIBRARY_LOCKED;
	if (info == NULL || info->valid != ODMI_MAGIC || !class_valid(info->class))
		return odm_fail(ODMI_PARAMS);

	objects_free(info->class, list, list != NULL ? info->num : 0);
	info->valid = 0;
	return 0;
}
