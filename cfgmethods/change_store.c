/* Attribute values become what is stored: one object, or one for each value. */
#include "change_store.h"

#include "value_list.h"

/* The values of an attribute that adds become those of the changes, and no others. */
static int store_list(struct CuAt *attribute, const struct attribute_changes *changes)
{
	static const char away[] = "";
	AUTO(attribute_changes_release) struct attribute_changes stored = {0};
	AUTO(attribute_changes_release) struct attribute_changes steps = {0};
	const char *device = attribute->name, *name = attribute->attribute;
	int result = 0;

	if (values_stored(device, name, &stored) < 0 ||
		!values_difference(&stored, changes, name, away, &steps))
		return -1;
	for (int i = 0; i < steps.count && result >= 0; i++) {
		const struct attribute_change *step = &steps.changes[i];
		if (strcmp(step->attribute, away) == 0) {
			result = remove_objects(CuAt_CLASS,
				"name = %s AND attribute = %s AND value = %s", device, name,
				step->value);
			continue;
		}
		free(attribute->value);
		attribute->value = strdup(step->value);
		result = attribute->value != NULL ? putattr(attribute) : -1;
	}
	return result < 0 ? -1 : 0;
}

/* The only value that an attribute has. */
static int store_value(struct CuAt *attribute, const char *value)
{
	free(attribute->value);
	attribute->value = strdup(value);
	return attribute->value != NULL ? putattr(attribute) : -1;
}

int store_changes(
	const char *device, const struct attribute_changes *changes, struct method_output *output)
{
	attribute_name remover;
	int count;

	for (int i = 0; i < changes->count; i++) {
		const struct attribute_change *change = &changes->changes[i];
		bool again =
			i > 0 && strcmp(changes->changes[i - 1].attribute, change->attribute) == 0;
		struct CuAt *attribute = getattr(device, change->attribute, FALSE, &count);
		if (attribute == NULL)
			return method_fail(output, E_NOATTR, "%s has no attribute %s.", device,
				change->attribute);
		int result = adding_attribute(device, change->attribute, remover);
		/* All values of a list are stored at its first. */
		if (result == 1)
			result = again ? 0 : store_list(attribute, changes);
		else if (result == 0)
			result = store_value(attribute, change->value);
		freeattr(attribute, count);
		if (result < 0)
			return method_fail(output, E_ODMUPDATE, "%s of %s can't be stored: %s.",
				change->attribute, device, odm_error_text(odmerrno));
	}
	return E_OK;
}
