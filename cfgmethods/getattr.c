/* getattr() and putattr(): attributes as PdAt and CuAt have them together. */
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

/* By criteria as of odm_criteria. */
static int collect_customized(struct collection *collection, char *crit)
{
	AUTO_FREE char *criteria = crit;

	return criteria != NULL ? odm_visit(CuAt_CLASS, criteria, NULL, take_customized, collection)
				: -1;
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
	struct collection *collection = defaults->collection;
	bool customized = false;

	for (int i = 0; i < collection->count; i++) {
		struct CuAt *attribute = &collection->attributes[i];
		if (strcmp(attribute->attribute, predefined->attribute) != 0)
			continue;
		/* One that has several values by now may have been stored when it had one. */
		if (rep_has_many(predefined->rep))
			strcpy(attribute->rep, predefined->rep);
		customized = true;
	}
	if (customized)
		return 0;
	struct CuAt *place = collection_next(collection);
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
		collect_customized(&collection, odm_criteria("name = %s", device)) < 0 ||
		collect_defaults(&collection, device, uniquetype) < 0)
		return NULL;
	*how_many = collection.count;
	collection.count = 0;
	return TAKE(collection.attributes);
}

int attribute_predefined(const char *device, const char *attribute, struct PdAt *predefined)
{
	char uniquetype[sizeof(((struct PdDv *)0)->uniquetype)];

	if (uniquetype_of(device, uniquetype, sizeof(uniquetype)) != 1)
		return -1;
	return find_object(PdAt_CLASS, predefined, "uniquetype = %s AND attribute = %s", uniquetype,
		attribute);
}

static struct CuAt *get_one(const char *device, const char *attr, int *how_many)
{
	AUTO(collection_release) struct collection collection = {0};
	struct PdAt predefined;

	if (collect_customized(
		    &collection, odm_criteria("name = %s AND attribute = %s", device, attr)) < 0)
		return NULL;
	if (collection.count == 0 && attribute_predefined(device, attr, &predefined) == 1) {
		struct CuAt *place = collection_next(&collection);
		int result = place != NULL ? from_default(place, device, &predefined) : -1;
		odm_free_members(PdAt_CLASS, &predefined);
		if (result < 0)
			return NULL;
	}
	*how_many = collection.count;
	collection.count = 0;
	return TAKE(collection.attributes);
}

bool attribute_seen(const struct CuAt *attributes, int place)
{
	for (int i = 0; i < place; i++)
		if (strcmp(attributes[i].attribute, attributes[place].attribute) == 0)
			return true;
	return false;
}

LIBCFG_API struct CuAt *getattr(const char *device, const char *attr, int getall, int *how_many)
{
	*how_many = 0;
	return getall ? get_all(device, how_many) : get_one(device, attr, how_many);
}

LIBCFG_API void freeattr(struct CuAt *attributes, int how_many)
{
	for (int i = 0; attributes != NULL && i < how_many; i++)
		odm_free_members(CuAt_CLASS, &attributes[i]);
	free(attributes);
}

/* The one object of an attribute, which exists while its value is not the default. */
static int put_value(struct CuAt *attribute, bool is_default)
{
	struct CuAt stored;
	int found = find_object(CuAt_CLASS, &stored, "name = %s AND attribute = %s",
		attribute->name, attribute->attribute);

	if (found < 0)
		return -1;
	if (found == 0)
		return is_default || odm_add_obj(CuAt_CLASS, attribute) >= 0 ? 0 : -1;

	long id = stored._id;
	odm_free_members(CuAt_CLASS, &stored);
	if (is_default)
		return odm_rm_by_id(CuAt_CLASS, (int)id);
	attribute->_id = id;
	return odm_change_obj(CuAt_CLASS, attribute);
}

/* One value more; the empty one is the default, which is none. */
static int add_value(struct CuAt *attribute)
{
	struct CuAt stored;

	if (attribute->value[0] == '\0')
		return remove_objects(CuAt_CLASS, "name = %s AND attribute = %s", attribute->name,
			       attribute->attribute) < 0
			       ? -1
			       : 0;
	int found = find_object(CuAt_CLASS, &stored, "name = %s AND attribute = %s AND value = %s",
		attribute->name, attribute->attribute, attribute->value);
	if (found == 1)
		odm_free_members(CuAt_CLASS, &stored);
	return found == 1 || (found == 0 && odm_add_obj(CuAt_CLASS, attribute) >= 0) ? 0 : -1;
}

static int take_value_away(const struct CuAt *attribute, const char *target)
{
	int removed = remove_objects(CuAt_CLASS, "name = %s AND attribute = %s AND value = %s",
		attribute->name, target, attribute->value);

	if (removed == 0)
		odmerrno = ODMI_NO_OBJECT;
	return removed > 0 ? 0 : -1;
}

static int put_predefined(struct CuAt *attribute, const struct PdAt *predefined)
{
	const char *default_value = predefined->deflt != NULL ? predefined->deflt : "";
	const char *target = attribute_removes(predefined);

	if (target != NULL)
		return take_value_away(attribute, target);
	if (attribute_adds(predefined)) {
		strcpy(attribute->rep, predefined->rep);
		return add_value(attribute);
	}
	return put_value(attribute, strcmp(default_value, attribute->value) == 0);
}

LIBCFG_API int putattr(struct CuAt *attribute)
{
	struct PdAt predefined;
	int found = attribute_predefined(attribute->name, attribute->attribute, &predefined);

	if (found <= 0)
		return found < 0 ? -1 : put_value(attribute, false);
	int result = put_predefined(attribute, &predefined);
	odm_free_members(PdAt_CLASS, &predefined);
	return result;
}
