/* Lists of values of one attribute: from the database, compared, and their difference. */
#include "value_list.h"

#include "running.h"

bool values_append(
	const struct attribute_changes *from, const char *attribute, struct attribute_changes *to)
{
	for (int i = 0; i < from->count; i++)
		if (strcmp(from->changes[i].attribute, attribute) == 0 &&
			from->changes[i].value[0] != '\0' &&
			!attribute_changes_add(to, attribute, from->changes[i].value))
			return false;
	return true;
}

bool values_among(
	const struct CuAt *objects, int count, const char *attribute, struct attribute_changes *to)
{
	bool ok = true;

	for (int i = 0; i < count && ok; i++)
		ok = strcmp(objects[i].attribute, attribute) != 0 || objects[i].value[0] == '\0' ||
		     values_find(to, attribute, objects[i].value, false) >= 0 ||
		     attribute_changes_add(to, attribute, objects[i].value);
	return ok;
}

int values_stored(const char *device, const char *attribute, struct attribute_changes *to)
{
	struct listinfo info;
	struct CuAt *list =
		list_objects(CuAt_CLASS, &info, "name = %s AND attribute = %s", device, attribute);

	if (list == ODM_FAILED)
		return -1;
	if (list == NULL)
		return 0;
	bool ok = values_among(list, info.num, attribute, to);
	odm_free_list(list, &info);
	return ok ? 0 : -1;
}

int values_running(const char *device, const char *attribute, struct attribute_changes *to)
{
	AUTO(attribute_changes_release) struct attribute_changes running = {0};

	if (running_read(device, &running) < 0)
		return -1;
	if (attribute_changes_find(&running, attribute) == NULL)
		return values_stored(device, attribute, to);
	return values_append(&running, attribute, to) ? 0 : -1;
}

static bool same_value(const char *one, const char *other, bool numeric)
{
	long long first, second;

	if (strcmp(one, other) == 0)
		return true;
	return numeric && parse_number(one, &first) && parse_number(other, &second) &&
	       first == second;
}

int values_find(const struct attribute_changes *values, const char *attribute, const char *value,
	bool numeric)
{
	for (int i = 0; i < values->count; i++)
		if (strcmp(values->changes[i].attribute, attribute) == 0 &&
			same_value(values->changes[i].value, value, numeric))
			return i;
	return -1;
}

/* Whether the other list has all that the one has. */
static bool within(const struct attribute_changes *one, const struct attribute_changes *other,
	const char *attribute)
{
	for (int i = 0; i < one->count; i++) {
		const struct attribute_change *entry = &one->changes[i];
		if (strcmp(entry->attribute, attribute) == 0 && entry->value[0] != '\0' &&
			values_find(other, attribute, entry->value, false) < 0)
			return false;
	}
	return true;
}

bool values_same(const struct attribute_changes *one, const struct attribute_changes *other,
	const char *attribute)
{
	return within(one, other, attribute) && within(other, one, attribute);
}

/* Adds, by a name, what the one list has and the other has not. */
static bool add_missing(const struct attribute_changes *one, const struct attribute_changes *other,
	const char *attribute, const char *name, struct attribute_changes *changes)
{
	for (int i = 0; i < one->count; i++) {
		const struct attribute_change *entry = &one->changes[i];
		if (strcmp(entry->attribute, attribute) == 0 && entry->value[0] != '\0' &&
			values_find(other, attribute, entry->value, false) < 0 &&
			!attribute_changes_add(changes, name, entry->value))
			return false;
	}
	return true;
}

bool values_difference(const struct attribute_changes *from, const struct attribute_changes *to,
	const char *attribute, const char *remover, struct attribute_changes *changes)
{
	return add_missing(from, to, attribute, remover, changes) &&
	       add_missing(to, from, attribute, attribute, changes);
}

/* The attribute of a type that takes another's values away: 1, 0, -1. */
static int find_remover(const char *uniquetype, const char *attribute, attribute_name remover)
{
	struct listinfo info;
	struct PdAt *list = list_objects(
		PdAt_CLASS, &info, "uniquetype = %s AND width = %s", uniquetype, attribute);
	int found = 0;

	if (list == ODM_FAILED)
		return -1;
	for (int i = 0; list != NULL && i < info.num && found == 0; i++)
		if (attribute_removes(&list[i]) != NULL) {
			strcpy(remover, list[i].attribute);
			found = 1;
		}
	if (list != NULL)
		odm_free_list(list, &info);
	return found;
}

int adding_attribute(const char *device, const char *attribute, attribute_name remover)
{
	struct PdAt predefined;
	int found = attribute_predefined(device, attribute, &predefined);

	if (found != 1)
		return found;
	found = attribute_adds(&predefined);
	if (found)
		found = find_remover(predefined.uniquetype, attribute, remover) < 0 ? -1 : 1;
	odm_free_members(PdAt_CLASS, &predefined);
	return found;
}
