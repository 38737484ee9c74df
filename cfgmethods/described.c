/* What the description of a device, or the device itself, says of its attributes. */
#include "children.h"

#include "change_store.h"
#include "configure_method.h"
#include "physical.h"
#include "volume.h"

/* What is customized of a device. */
struct customized {
	struct CuAt *list; /* NULL for none */
	struct listinfo info;
};

static void customized_release(struct customized *customized)
{
	if (customized->list != NULL && customized->list != ODM_FAILED)
		odm_free_list(customized->list, &customized->info);
}

static const struct CuAt *find_customized(
	const struct customized *customized, const char *attribute)
{
	for (int i = 0; customized->list != NULL && i < customized->info.num; i++)
		if (strcmp(customized->list[i].attribute, attribute) == 0)
			return &customized->list[i];
	return NULL;
}

/* One that has never been stored, of a device that nothing is stored of: 0 or -1. */
static int add_value(const char *name, const struct PdAt *predefined, const char *value)
{
	struct CuAt attribute = {.nls_index = predefined->nls_index};

	copy_text(attribute.name, sizeof(attribute.name), name);
	strcpy(attribute.attribute, predefined->attribute);
	strcpy(attribute.type, predefined->type);
	strcpy(attribute.generic, predefined->generic);
	strcpy(attribute.rep, predefined->rep);
	attribute.value = strdup(value);
	int result = attribute.value != NULL ? odm_add_obj(CuAt_CLASS, &attribute) : -1;
	free(attribute.value);
	return result < 0 ? -1 : 0;
}

/* Whether the user may set it, himself or by a request. */
static bool is_users(const struct PdAt *predefined)
{
	return strchr(predefined->generic, 'U') != NULL ||
	       strcmp(predefined->attribute, VOLUME_IDENTIFIER) == 0;
}

/* Stores a value that is not what is stored: what the user may set is his, unless he never did. */
static int store_value(const char *name, const struct PdAt *predefined, bool is_new,
	const struct attribute_change *value, bool is_customized, struct method_output *output)
{
	const char *default_value = predefined->deflt != NULL ? predefined->deflt : "";
	struct attribute_change change = *value;
	const struct attribute_changes one = {.changes = &change, .count = 1};
	bool many = rep_has_many(predefined->rep);

	if (!is_new && is_users(predefined))
		return E_OK;
	if (many || is_customized)
		return store_changes(name, &one, output);
	if (strcmp(default_value, value->value) == 0 ||
		add_value(name, predefined, value->value) == 0)
		return E_OK;
	return method_fail(output, E_ODMUPDATE, "%s of %s can't be stored: %s.", value->attribute,
		name, odm_error_text(odmerrno));
}

static int store_described(const char *name, const struct machine_device *described, bool is_new,
	const struct customized *customized, struct method_output *output)
{
	const struct attribute_changes *values = &described->values;
	int code = E_OK;

	for (int i = 0; i < values->count && code == E_OK; i++) {
		const struct attribute_change *value = &values->changes[i];
		const struct CuAt *stored = find_customized(customized, value->attribute);
		struct PdAt predefined;
		if (stored != NULL && strcmp(stored->value, value->value) == 0 &&
			!rep_has_many(stored->rep))
			continue;
		int found = find_object(PdAt_CLASS, &predefined,
			"uniquetype = %s AND attribute = %s", described->type, value->attribute);
		if (found < 0)
			return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
		if (found == 0)
			return method_fail(output, E_NOATTR, "%s has no attribute %s.", name,
				value->attribute);
		code = store_value(name, &predefined, is_new, value, stored != NULL, output);
		odm_free_members(PdAt_CLASS, &predefined);
	}
	return code;
}

/* A code that is new, another, or no more: by a further path to a disk nothing is said of it. */
static int store_physical(const char *name, const struct machine_device *described,
	const struct customized *customized)
{
	AUTO_FREE char *code = strdup(described->physloc);
	struct CuAt place = {
		.attribute = PHYSICAL_ATTRIBUTE, .value = code, .type = "R", .rep = "s"};
	const struct CuAt *stored = find_customized(customized, PHYSICAL_ATTRIBUTE);

	if (*described->physloc == '\0')
		return stored == NULL || attribute_changes_find(&described->values, "unique_id")
			       ? 0
			       : odm_rm_by_id(CuAt_CLASS, (int)stored->_id);
	if (stored != NULL && strcmp(stored->value, described->physloc) == 0)
		return 0;
	if (code == NULL || !copy_text(place.name, sizeof(place.name), name))
		return -1;
	place._id = stored != NULL ? stored->_id : 0;
	return stored != NULL ? odm_change_obj(CuAt_CLASS, &place)
			      : odm_add_obj(CuAt_CLASS, &place);
}

int described_store(const char *name, const struct machine_device *described, bool is_new,
	struct method_output *output)
{
	AUTO(customized_release) struct customized customized = {0};

	customized.list = list_objects(CuAt_CLASS, &customized.info, "name = %s", name);
	if (customized.list == ODM_FAILED)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	if (store_physical(name, described, &customized) < 0)
		return method_fail(output, E_ODMUPDATE, "The physical location of %s: %s.", name,
			odm_error_text(odmerrno));
	return store_described(name, described, is_new, &customized, output);
}
