/* Attributes for a DDS: read when they are asked for, and kept. */
#include "dds_source.h"

#include <stdint.h>

void dds_source_release(struct dds_source *source)
{
	if (source->parent != NULL)
		device_release(source->parent);
	free(source->parent);
	attribute_set_release(&source->own);
	attribute_set_release(&source->parents);
}

const struct device *source_parent(struct dds_source *source)
{
	if (source->code != E_OK || source->parent != NULL)
		return source->code == E_OK ? source->parent : NULL;
	source->parent = calloc(1, sizeof(*source->parent));
	if (source->parent == NULL)
		source->code = method_fail(source->output, E_MALLOC, "There is not enough memory.");
	else
		source->code =
			device_find(source->device->cudv.parent, source->parent, source->output);
	return source->code == E_OK ? source->parent : NULL;
}

const struct attribute_set *source_attributes(struct dds_source *source, enum dds_owner owner)
{
	bool parents = owner == DDS_PARENTS;
	struct attribute_set *set = parents ? &source->parents : &source->own;
	bool *has = parents ? &source->has_parents : &source->has_own;
	const struct device *device = parents ? source_parent(source) : source->device;

	/* What a parent runs with counts: a value that is only stored for its next configuration is
	 * not yet true. */
	if (source->code == E_OK && !*has) {
		*has = attribute_set_read(device, parents, set) == 0;
		if (!*has)
			source->code = method_fail(
				source->output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	}
	return source->code == E_OK ? set : NULL;
}

bool source_values(struct dds_source *source, enum dds_owner owner, const char *attribute,
	struct attribute_changes *values)
{
	const struct attribute_set *set = source_attributes(source, owner);
	const struct attribute_changes *before = source->changes;

	if (set == NULL)
		return true;
	if (owner == DDS_PARENTS)
		before = &set->running;
	return attribute_changes_find(before, attribute) != NULL
		       ? values_append(before, attribute, values)
		       : attribute_set_values(set, attribute, values);
}

static const char *name_of(const struct dds_source *source, enum dds_owner owner)
{
	return owner == DDS_PARENTS ? source->parent->cudv.name : source->device->cudv.name;
}

const char *source_text(
	struct dds_source *source, enum dds_owner owner, const char *attribute, size_t size)
{
	const struct attribute_set *set = source_attributes(source, owner);

	if (set == NULL)
		return NULL;
	const char *value =
		owner == DDS_OWN ? attribute_changes_find(source->changes, attribute) : NULL;
	if (value == NULL)
		value = attribute_set_running(set, attribute);
	if (value == NULL)
		source->code = method_fail(source->output, E_NOATTR, "%s has no attribute %s.",
			name_of(source, owner), attribute);
	else if (strlen(value) >= size)
		source->code =
			method_fail(source->output, E_BADATTR, "%s of %s is longer than %zu bytes.",
				attribute, name_of(source, owner), size - 1);
	return source->code == E_OK ? value : NULL;
}

uint32_t source_number(struct dds_source *source, enum dds_owner owner, const char *attribute)
{
	const char *value = source_text(source, owner, attribute, SIZE_MAX);
	long long number;

	if (value == NULL)
		return 0;
	if (parse_number(value, &number) && number >= 0 && number <= UINT32_MAX)
		return (uint32_t)number;
	source->code =
		method_fail(source->output, E_BADATTR, "%s of %s is '%s', which is not a number.",
			attribute, name_of(source, owner), value);
	return 0;
}

void source_copy(struct dds_source *source, enum dds_owner owner, const char *attribute, char *room,
	size_t size)
{
	const char *value = source_text(source, owner, attribute, size);

	if (value != NULL)
		strcpy(room, value);
}

#define YES_OR_NO 8 /* bytes */

static uint32_t field_value(struct dds_source *source, const struct dds_field *field)
{
	if (!field->yes)
		return source_number(source, field->owner, field->attribute);
	const char *value = source_text(source, field->owner, field->attribute, YES_OR_NO);
	return value != NULL && strcmp(value, "yes") == 0;
}

static void fill_from(
	struct dds_source *source, const struct dds_layout *layout, enum dds_owner owner, char *dds)
{
	for (size_t i = 0; i < layout->field_count; i++) {
		const struct dds_field *field = &layout->fields[i];
		if (field->attribute == NULL || field->owner != owner)
			continue;
		uint32_t value = field_value(source, field);
		memcpy(dds + field->offset, &value, sizeof(value));
	}
}

void source_fill(struct dds_source *source, const struct dds_layout *layout, void *dds)
{
	fill_from(source, layout, DDS_PARENTS, dds);
	fill_from(source, layout, DDS_OWN, dds);
}
