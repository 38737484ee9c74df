/* What the description of a device, or the device itself, says of its attributes. */
#include "children.h"

#include "change_store.h"
#include "configure_method.h"

/* Whether the value is stored already. */
static bool is_stored(
	const struct CuAt *stored, int count, const struct attribute_change *described)
{
	for (int i = 0; i < count; i++)
		if (strcmp(stored[i].attribute, described->attribute) == 0 &&
			!rep_has_many(stored[i].rep))
			return strcmp(stored[i].value, described->value) == 0;
	return false;
}

static int store_described(const char *name, const struct machine_device *described, bool is_new,
	const struct CuAt *stored, int count, struct method_output *output)
{
	const struct attribute_changes *values = &described->values;

	for (int i = 0; i < values->count; i++) {
		struct attribute_changes one = {.changes = &values->changes[i], .count = 1};
		struct PdAt predefined;
		if (is_stored(stored, count, &values->changes[i]))
			continue;
		int found = is_new ? 0
				   : find_object(PdAt_CLASS, &predefined,
					     "uniquetype = %s AND attribute = %s", described->type,
					     values->changes[i].attribute);
		bool users = found == 1 && strchr(predefined.generic, 'U') != NULL;
		if (found == 1)
			odm_free_members(PdAt_CLASS, &predefined);
		int code = users ? E_OK : store_changes(name, &one, output);
		if (code != E_OK)
			return code;
	}
	return E_OK;
}

int described_store(const char *name, const struct machine_device *described, bool is_new,
	struct method_output *output)
{
	int count;
	struct CuAt *stored = getattr(name, "", TRUE, &count);
	int code = store_described(name, described, is_new, stored, count, output);

	freeattr(stored, count);
	return code;
}
