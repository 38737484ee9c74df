/* Attributes of a path: what is customized, else what its type predefines. */
#include "path_attributes.h"

/* PdPathAt is laid out as PdAt. */
static int find_predefined(const char *uniquetype, const char *attribute, struct PdAt *predefined)
{
	return find_object(PdPathAt_CLASS, predefined, "uniquetype = %s AND attribute = %s",
		uniquetype, attribute);
}

static int find_customized(
	const struct CuPath *path, const char *attribute, struct CuPathAt *customized)
{
	return find_object(CuPathAt_CLASS, customized,
		"name = %s AND attribute = %s AND path_id = %d", path->name, attribute,
		path->path_id);
}

static int merge(const struct CuPath *path, const struct PdAt *predefined, struct CuAt *attribute)
{
	struct CuPathAt customized;
	int found = find_customized(path, predefined->attribute, &customized);
	if (found < 0)
		return -1;

	*attribute = (struct CuAt){.nls_index = predefined->nls_index};
	strcpy(attribute->name, path->name);
	strcpy(attribute->attribute, predefined->attribute);
	strcpy(attribute->type, predefined->type);
	strcpy(attribute->generic, predefined->generic);
	strcpy(attribute->rep, predefined->rep);
	attribute->value = found == 1 ? customized.value : strdup(predefined->deflt);
	return attribute->value != NULL ? 0 : -1;
}

static int compare_attributes(const void *one, const void *other)
{
	return strcmp(
		((const struct CuAt *)one)->attribute, ((const struct CuAt *)other)->attribute);
}

int path_attributes(
	const struct CuPath *path, const char *uniquetype, struct CuAt **list, int *count)
{
	struct listinfo info = {0};
	struct PdAt *predefined =
		list_objects(PdPathAt_CLASS, &info, "uniquetype = %s", uniquetype);
	int result = 0;

	*list = NULL;
	*count = 0;
	if (predefined == ODM_FAILED)
		return -1;
	if (info.num > 0)
		*list = calloc((size_t)info.num, sizeof(**list));
	for (int i = 0; *list != NULL && i < info.num && result == 0; i++) {
		result = merge(path, &predefined[i], &(*list)[i]);
		*count += result == 0;
	}
	if (predefined != NULL)
		odm_free_list(predefined, &info);
	if (*count > 0)
		qsort(*list, (size_t)*count, sizeof(**list), compare_attributes);
	return result;
}

int path_attribute_check(
	const char *uniquetype, const struct attribute_change *change, struct method_output *output)
{
	AUTO_FREE char *reason = NULL;
	struct PdAt predefined;
	int found = find_predefined(uniquetype, change->attribute, &predefined);

	if (found < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	if (found == 0)
		return method_fail(output, E_ATTRVAL, "Paths of %s have no attribute %s.",
			uniquetype, change->attribute);
	bool settable = strchr(predefined.generic, 'U') != NULL;
	bool allowed = value_allowed(&predefined, change->value, &reason);
	odm_free_members(PdPathAt_CLASS, &predefined);
	if (!settable)
		return method_fail(
			output, E_ATTRVAL, "%s is not the user's to set.", change->attribute);
	return allowed ? E_OK
		       : method_fail(output, E_ATTRVAL, "%s.",
				 reason != NULL ? reason : "there is not enough memory");
}

/* The object to store; 1 when the value is the default, so that there should be none. -1. */
static int customize(const struct CuPath *path, const char *uniquetype,
	const struct attribute_change *change, struct CuPathAt *object)
{
	struct PdAt predefined;

	if (find_predefined(uniquetype, change->attribute, &predefined) != 1)
		return -1;
	*object = (struct CuPathAt){.value = change->value,
		.nls_index = predefined.nls_index,
		.path_id = path->path_id};
	strcpy(object->name, path->name);
	strcpy(object->attribute, predefined.attribute);
	strcpy(object->type, predefined.type);
	strcpy(object->generic, predefined.generic);
	strcpy(object->rep, predefined.rep);
	int is_default = strcmp(predefined.deflt, change->value) == 0;
	odm_free_members(PdPathAt_CLASS, &predefined);
	return is_default;
}

int path_putattr(
	const struct CuPath *path, const char *uniquetype, const struct attribute_change *change)
{
	struct CuPathAt object, stored;
	int is_default = customize(path, uniquetype, change, &object);
	int found = is_default >= 0 ? find_customized(path, change->attribute, &stored) : -1;

	if (found < 0)
		return -1;
	if (found == 0)
		return is_default || odm_add_obj(CuPathAt_CLASS, &object) >= 0 ? 0 : -1;
	object._id = stored._id;
	odm_free_members(CuPathAt_CLASS, &stored);
	return is_default ? odm_rm_by_id(CuPathAt_CLASS, (int)object._id)
			  : odm_change_obj(CuPathAt_CLASS, &object);
}
