/* Finds in the history who set which attribute of a device. */
#include "attribute_origin.h"

#include <stdlib.h>
#include <string.h>
#include <sys/cfgodm.h>

#include "base/message.h"
#include "cfgmethods/cfg_private.h"

void attribute_origins_release(struct attribute_origins *origins)
{
	for (int i = 0; i < origins->count; i++) {
		free(origins->list[i].command);
		free(origins->list[i].value);
	}
	free(origins->list);
}

const struct attribute_origin *attribute_origins_find(
	const struct attribute_origins *origins, const char *attribute, const char *value)
{
	for (int i = 0; i < origins->count; i++) {
		const struct attribute_origin *origin = &origins->list[i];
		if (strcmp(origin->attribute, attribute) == 0 &&
			(origin->value == NULL || *value == '\0' ||
				strcmp(origin->value, value) == 0))
			return origin;
	}
	return NULL;
}

static int add(struct attribute_origins *origins, const struct CuAt *attribute)
{
	bool many = rep_has_many(attribute->rep);
	struct attribute_origin *longer =
		realloc(origins->list, (size_t)(origins->count + 1) * sizeof(*longer));

	if (longer == NULL)
		return -1;
	origins->list = longer;
	struct attribute_origin *origin = &longer[origins->count];
	*origin = (struct attribute_origin){.command = strdup(origins->entry->command),
		.value = many ? strdup(attribute->value) : NULL};
	origins->count++;
	if (origin->command == NULL || (many && origin->value == NULL))
		return -1;
	copy_text(origin->attribute, sizeof(origin->attribute), attribute->attribute);
	entry_time(origins->entry, origin->when);
	entry_user(origins->entry, origin->user);
	return 0;
}

/* Entries come the newest first: what is known of an attribute already is newer. */
static int note_change(const struct odm_change *change, void *closure)
{
	struct attribute_origins *origins = closure;
	const struct CuAt *attribute =
		change->new_object != NULL ? change->new_object : change->old_object;

	if (strcmp(change->class_name, "CuAt") != 0 || attribute == NULL ||
		strcmp(attribute->name, origins->device) != 0 ||
		attribute_origins_find(origins, attribute->attribute, attribute->value) != NULL)
		return 0;
	return add(origins, attribute);
}

static int read_entry(const struct odm_history_entry *entry, void *closure)
{
	struct attribute_origins *origins = closure;

	origins->entry = entry;
	return odm_history_changes(entry->id - 1, entry->id, note_change, origins);
}

bool attribute_origins_read(struct attribute_origins *origins)
{
	if (odm_history(0, read_entry, origins) == 0)
		return true;
	message("the history can't be read: %s", odm_error_text(odmerrno));
	return false;
}
