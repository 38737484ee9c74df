#include "cfg_private.h"

/* The type of a device: 1, 0 when there is no such device, -1. */
static int uniquetype_of(const char *device, char *uniquetype, size_t size)
{
	struct CuDv cudv;
	int found = find_object(CuDv_CLASS, &cudv, "name = %s", device);

	if (found == 1 && !copy_text(uniquetype, size, cudv.PdDvLn_Lvalue))
		return -1;
	return found;
}

/* A predefined attribute with its default, in the form of a customized one. */
static int from_default(struct CuAt *attribute, const char *device, const struct PdAt *predefined)
{
	*attribute = (struct CuAt){.nls_index = predefined->nls_index};
	copy_text(attribute->name, sizeof(attribute->name), device);
	strcpy(attribute->attribute, predefined->attribute);
	strcpy(attribute->type, predefined->type);
	strcpy(attribute->generic, predefined->generic);
	strcpy(attribute->rep, predefined->rep);
	attribute->value = strdup(predefined->deflt != NULL ? predefined->deflt : "");
	return attribute->value != NULL ? 0 : -1;
}

/* Attributes being collected. */
struct collection {
	struct CuAt *attributes;
	int count;
};

static void collection_release(struct collection *collection)
{
	freeattr(collection->attributes, collection->count);
}

/* Room for one more; NULL without memory. */
static struct CuAt *collection_next(struct collection *collection)
{
	struct CuAt *longer = realloc(collection->attributes,
		(size_t)(collection->count + 1) * sizeof(*collection->attributes));

	if (longer == NULL)
		return NULL;
	collection->attributes = longer;
	longer[collection->count] = (struct CuAt){0};
	return &longer[collection->count++];
}

static const struct CuAt *collection_find(const struct collection *collection, const char *name)
{
	for (int i = 0; i < collection->count; i++)
		if (strcmp(collection->attributes[i].attribute, name) == 0)
			return &collection->attributes[i];
	return NULL;
}

/* Takes the object's value over: the library frees what is left. */
static int take_customized(void *object, void *closure)
{
	struct CuAt *place = collection_next(closure), *customized = object;

	if (place == NULL)
		return -1;
	*place = *customized;
	customized->value = NULL;
	return 0;
}

static int collect_customized(struct collection *collection, const char *device)
{
	AUTO_FREE char *crit = odm_criteria("name = %s", device);

	return crit != NULL ? odm_visit(CuAt_CLASS, crit, NULL, take_customized, collection) : -1;
}

/* Defaults being added to what is customized. */
struct defaults {
	struct collection *collection;
	const char *device;
};

static int take_default(void *object, void *closure)
{
	const struct defaults *defaults = closure;
	const struct PdAt *predefined = object;

	if (collection_find(defaults->collection, predefined->attribute) != NULL)
		return 0;
	struct CuAt *place = collection_next(defaults->collection);
	return place != NULL ? from_default(place, defaults->device, predefined) : -1;
}

static int collect_defaults(
	struct collection *collection, const char *device, const char *uniquetype)
{
	static const char *const wanted[] = {
		"attribute", "deflt", "type", "generic", "rep", "nls_index", NULL};
	AUTO_FREE char *crit = odm_criteria("uniquetype = %s", uniquetype);
	struct defaults defaults = {collection, device};

	return crit != NULL ? odm_visit(PdAt_CLASS, crit, wanted, take_default, &defaults) : -1;
}

static struct CuAt *get_all(const char *device, int *how_many)
{
	char uniquetype[sizeof(((struct PdDv *)0)->uniquetype)];
	AUTO(collection_release) struct collection collection = {0};

	if (uniquetype_of(device, uniquetype, sizeof(uniquetype)) != 1 ||
		collect_customized(&collection, device) < 0 ||
		collect_defaults(&collection, device, uniquetype) < 0)
		return NULL;
	*how_many = collection.count;
	collection.count = 0;
	return TAKE(collection.attributes);
}

static int get_one(const char *device, const char *attr, struct CuAt *attribute)
{
	char uniquetype[sizeof(((struct PdDv *)0)->uniquetype)];
	struct PdAt predefined;

	int found =
		find_object(CuAt_CLASS, attribute, "name = %s AND attribute = %s", device, attr);
	if (found != 0)
		return found;
	if (uniquetype_of(device, uniquetype, sizeof(uniquetype)) != 1)
		return -1;
	found = find_object(
		PdAt_CLASS, &predefined, "uniquetype = %s AND attribute = %s", uniquetype, attr);
	if (found != 1)
		return found;
	int result = from_default(attribute, device, &predefined);
	odm_free_members(PdAt_CLASS, &predefined);
	return result == 0 ? 1 : -1;
}

LIBCFG_API struct CuAt *getattr(const char *device, const char *attr, int getall, int *how_many)
{
	*how_many = 0;
	if (getall)
		return get_all(device, how_many);

	AUTO_FREE struct CuAt *attribute = calloc(1, sizeof(*attribute));
	if (attribute == NULL || get_one(device, attr, attribute) != 1)
		return NULL;
	*how_many = 1;
	return TAKE(attribute);
}

LIBCFG_API void freeattr(struct CuAt *attributes, int how_many)
{
	for (int i = 0; attributes != NULL && i < how_many; i++)
		odm_free_members(CuAt_CLASS, &attributes[i]);
	free(attributes);
}

/* 1 when the value is the predefined default, 0 when not, -1. */
static int is_default(const struct CuAt *attribute)
{
	char uniquetype[sizeof(((struct PdDv *)0)->uniquetype)];
	struct PdAt predefined;

	if (uniquetype_of(attribute->name, uniquetype, sizeof(uniquetype)) != 1)
		return -1;
	int found = find_object(PdAt_CLASS, &predefined, "uniquetype = %s AND attribute = %s",
		uniquetype, attribute->attribute);
	if (found != 1)
		return found;
	const char *default_value = predefined.deflt != NULL ? predefined.deflt : "";
	int same = strcmp(default_value, attribute->value) == 0;
	odm_free_members(PdAt_CLASS, &predefined);
	return same;
}

LIBCFG_API int putattr(struct CuAt *attribute)
{
	struct CuAt stored;
	int unchanged = is_default(attribute);
	int found = unchanged < 0 ? -1
				  : find_object(CuAt_CLASS, &stored, "name = %s AND attribute = %s",
					    attribute->name, attribute->attribute);

	if (found < 0)
		return -1;
	if (found == 0)
		return unchanged || odm_add_obj(CuAt_CLASS, attribute) >= 0 ? 0 : -1;

	long id = stored._id;
	odm_free_members(CuAt_CLASS, &stored);
	if (unchanged)
		return odm_rm_by_id(CuAt_CLASS, (int)id);
	attribute->_id = id;
	return odm_change_obj(CuAt_CLASS, attribute);
}
