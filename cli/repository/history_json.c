/* Makes JSON of changes: what an object was, what it is, and which descriptors differ. */
#include "history_json.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/shared/json_output.h"
#include "history_common.h"

/* The members of an object, as odmget --json has them. A new reference, NULL on failure. */
static json_t *object_json(CLASS_SYMBOL symbol, const void *object)
{
	AUTO_FREE char *text = NULL;
	size_t length;
	FILE *memory = open_memstream(&text, &length);
	if (memory == NULL)
		return NULL;
	int written = odm_write_json(symbol, object, memory);
	if (fclose(memory) != 0 || written < 0)
		return NULL;
	AUTO(json_release) json_t *whole = json_loads(text, 0, NULL);
	return json_incref(json_object_get(whole, symbol->classname));
}

/* Names of the descriptors that differ. */
static json_t *differences(const struct odm_change *change)
{
	json_t *names = json_array();

	for (int i = 0; names != NULL && i < change->class_symbol->nelem; i++)
		if (change->differs[i] &&
			json_array_append_new(
				names, json_text(change->class_symbol->elem[i].elemname)) < 0) {
			json_decref(names);
			return NULL;
		}
	return names;
}

static bool set_objects(json_t *object, const struct odm_change *change)
{
	CLASS_SYMBOL symbol = change->class_symbol;

	if (symbol == NULL)
		return true;
	if (change->old_object != NULL &&
		!json_set(object, "old", object_json(symbol, change->old_object)))
		return false;
	if (change->new_object != NULL &&
		!json_set(object, "new", object_json(symbol, change->new_object)))
		return false;
	return change->kind != ODM_CHANGED || json_set(object, "differs", differences(change));
}

int collect_change(const struct odm_change *change, void *closure)
{
	static const char *const kinds[] = {[ODM_ADDED] = "added",
		[ODM_CHANGED] = "changed",
		[ODM_DELETED] = "deleted",
		[ODM_CLASS_ADDED] = "class added",
		[ODM_CLASS_DELETED] = "class deleted"};
	struct change_array *changes = closure;
	AUTO(json_release) json_t *object = json_object();

	if (!change_is_about(change, changes->device))
		return 0;
	if (!json_set(object, "class", json_text(change->class_name)) ||
		!json_set(object, "kind", json_string(kinds[change->kind])) ||
		!set_objects(object, change))
		return -1;
	return json_array_append(changes->array, object) < 0 ? -1 : 0;
}
