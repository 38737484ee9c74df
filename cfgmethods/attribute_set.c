/* A device's attributes from PdAt, CuAt and CuRun, and what is asked of them. */
#include "attribute_set.h"

#include "running.h"

void attribute_set_release(struct attribute_set *set)
{
	if (set->predefined != NULL)
		odm_free_list(set->predefined, &set->predefined_list);
	if (set->stored != NULL)
		odm_free_list(set->stored, &set->stored_list);
	attribute_changes_release(&set->running);
	*set = (struct attribute_set){0};
}

int attribute_set_read(const struct device *device, bool running, struct attribute_set *set)
{
	const char *name = device->cudv.name;

	*set = (struct attribute_set){0};
	struct PdAt *predefined = list_objects(
		PdAt_CLASS, &set->predefined_list, "uniquetype = %s", device->pddv.uniquetype);
	if (predefined == ODM_FAILED)
		return -1;
	set->predefined = predefined;
	set->predefined_count = predefined != NULL ? set->predefined_list.num : 0;

	struct CuAt *stored = list_objects(CuAt_CLASS, &set->stored_list, "name = %s", name);
	if (stored == ODM_FAILED)
		return -1;
	set->stored = stored;
	set->stored_count = stored != NULL ? set->stored_list.num : 0;
	return running ? running_read(name, &set->running) : 0;
}

const struct PdAt *attribute_set_predefined(const struct attribute_set *set, const char *attribute)
{
	for (int i = 0; i < set->predefined_count; i++)
		if (strcmp(set->predefined[i].attribute, attribute) == 0)
			return &set->predefined[i];
	return NULL;
}

bool attribute_is_live(const struct PdAt *predefined)
{
	return strchr(predefined->generic, '+') != NULL;
}

const struct CuAt *attribute_set_stored(const struct attribute_set *set, const char *attribute)
{
	for (int i = 0; i < set->stored_count; i++)
		if (strcmp(set->stored[i].attribute, attribute) == 0)
			return &set->stored[i];
	return NULL;
}

const char *attribute_set_value(const struct attribute_set *set, const char *attribute)
{
	const struct CuAt *stored = attribute_set_stored(set, attribute);

	if (stored != NULL)
		return stored->value;
	const struct PdAt *predefined = attribute_set_predefined(set, attribute);
	return predefined != NULL ? predefined->deflt : NULL;
}

const char *attribute_set_running(const struct attribute_set *set, const char *attribute)
{
	const char *running = attribute_changes_find(&set->running, attribute);

	return running != NULL ? running : attribute_set_value(set, attribute);
}

bool attribute_set_values(
	const struct attribute_set *set, const char *attribute, struct attribute_changes *to)
{
	return values_among(set->stored, set->stored_count, attribute, to);
}
