/* What the kernel has now becomes what is stored. */
#include <string.h>

#include "base/message.h"
#include "base/words.h"
#include "import_sources.h"

/* The value of an attribute in a class of them, to be freed; NULL for none. */
static char *stored_value(const struct kernel_device *device, const char *attribute)
{
	struct CuAt object;

	return find_object(CuAt_CLASS, &object, "name = %s AND attribute = %s", device->name,
		       attribute) == 1
		       ? object.value
		       : NULL;
}

static char *original_value(const struct kernel_device *device, const char *attribute)
{
	struct CuKern object;

	return find_object(CuKern_CLASS, &object, "name = %s AND attribute = %s", device->name,
		       attribute) == 1
		       ? object.value
		       : NULL;
}

/* Whether somebody gave the attribute its value: it is neither as stored nor as at first. */
static bool is_changed(const struct kernel_device *device, const struct kernel_attribute *attribute,
	const char *now)
{
	const char *name = attribute->predefined.attribute;
	AUTO_FREE char *stored = stored_value(device, name);
	AUTO_FREE char *original = original_value(device, name);

	if (stored != NULL && *stored != '\0')
		return !tunable_equal(&attribute->tunable, stored, now);
	return original != NULL && !tunable_equal(&attribute->tunable, original, now);
}

static bool is_named(char *const *names, const char *attribute)
{
	for (; *names != NULL; names++)
		if (strcmp(*names, attribute) == 0)
			return true;
	return false;
}

static bool take_device(
	const struct kernel_device *device, char *const *names, struct wishes *wishes)
{
	char now[TUNABLE_VALUE];

	for (int i = 0; i < device->type->count; i++) {
		const struct kernel_attribute *attribute = &device->type->attributes[i];
		const char *name = attribute->predefined.attribute;
		if ((names != NULL && !is_named(names, name)) ||
			tunable_read(device->tree, device->directory, &attribute->tunable, now,
				sizeof(now)) < 0)
			continue;
		if ((names != NULL || is_changed(device, attribute, now)) &&
			!wishes_set(wishes, device->name, name, now))
			return false;
	}
	return true;
}

/* A name that no device has is a mistake. */
static void tell_unknown(
	const struct inventory *inventory, char *const *names, struct wishes *wishes)
{
	for (; *names != NULL; names++) {
		bool known = false;
		for (int i = 0; i < inventory->count && !known; i++)
			known = kernel_attribute_find(inventory->list[i].kernel.type, *names) !=
				NULL;
		if (!known)
			wishes_leave(wishes, "the kernel keeps no %s of these devices", *names);
	}
}

bool import_now(const struct inventory *inventory, const char *attributes, struct wishes *wishes)
{
	int count;
	AUTO_FREE char **names = attributes != NULL ? words_split(attributes, &count) : NULL;

	if (attributes != NULL && names == NULL) {
		message("-a takes names of attributes, not '%s'", attributes);
		return false;
	}
	for (int i = 0; i < inventory->count; i++)
		if (!take_device(&inventory->list[i].kernel, names, wishes))
			return false;
	if (names != NULL)
		tell_unknown(inventory, names, wishes);
	else if (wishes->count == 0)
		message("nothing differs from what is stored, or was before the first change; -a "
			"names attributes to take in any case");
	return true;
}
