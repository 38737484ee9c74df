/* The DDS of drivers that have no layout of their own: all attributes, as text. */
#include <sys/text_dds.h>

#include "base/text.h"
#include "driver.h"

/* A line for each value of an attribute that adds; none for the one that takes them away. */
static void append_values(struct dds_source *source, enum dds_owner owner,
	const struct PdAt *predefined, const char *prefix, struct text *text)
{
	AUTO(attribute_changes_release) struct attribute_changes values = {0};
	const char *name = predefined->attribute;

	if (!attribute_adds(predefined))
		return;
	if (!source_values(source, owner, name, &values))
		source->code = method_fail(source->output, E_MALLOC, "There is not enough memory.");
	for (int i = 0; i < values.count; i++)
		text_printf(text, "%s%s=%s\n", prefix, name, values.changes[i].value);
	if (values.count == 0)
		text_printf(text, "%s%s=\n", prefix, name);
}

/* The lines of one attribute, with the values that the DDS of any driver would have. */
static void append_attribute(struct dds_source *source, enum dds_owner owner,
	const struct CuAt *stored, const struct PdAt *predefined, const char *prefix,
	struct text *text)
{
	const char *name = stored != NULL ? stored->attribute : predefined->attribute;
	bool many = rep_has_many(predefined != NULL ? predefined->rep : stored->rep);

	if (many && predefined != NULL)
		append_values(source, owner, predefined, prefix, text);
	if (many)
		return;
	const char *value = source_text(source, owner, name, TEXT_DDS_ROOM);
	if (value != NULL)
		text_printf(text, "%s%s=%s\n", prefix, name, value);
}

/* Lines for all attributes: what is stored first, then the defaults. */
static bool append_attributes(
	struct dds_source *source, enum dds_owner owner, const char *prefix, struct text *text)
{
	const struct attribute_set *set = source_attributes(source, owner);

	for (int i = 0; set != NULL && i < set->stored_count && source->code == E_OK; i++) {
		const struct CuAt *stored = &set->stored[i];
		if (!attribute_seen(set->stored, i))
			append_attribute(source, owner, stored,
				attribute_set_predefined(set, stored->attribute), prefix, text);
	}
	for (int i = 0; set != NULL && i < set->predefined_count && source->code == E_OK; i++) {
		const struct PdAt *predefined = &set->predefined[i];
		if (attribute_set_stored(set, predefined->attribute) == NULL)
			append_attribute(source, owner, NULL, predefined, prefix, text);
	}
	return source->code == E_OK;
}

static void build(struct dds_source *source, void *dds)
{
	struct text_dds *to = dds;
	const struct CuDv *device = &source->device->cudv;
	AUTO(text_release) struct text text = {0};
	dev_t devno = 0;

	if (device->parent[0] != '\0') {
		if (!append_attributes(source, DDS_PARENTS, "parent.", &text))
			return;
		strcpy(to->parent, device->parent);
		if (device_devno(source->parent, &devno))
			to->parent_devno = devno;
	}
	if (!append_attributes(source, DDS_OWN, "", &text))
		return;
	if (text.failed || text.length >= sizeof(to->text))
		source->code = method_fail(source->output, E_DDS,
			"The attributes of %s take more than %zu bytes.", device->name,
			sizeof(to->text) - 1);
	else if (text.length > 0)
		memcpy(to->text, text.data, text.length + 1);
}

static const struct dds_layout layout = {sizeof(struct text_dds), TEXT_DDS_VERSION, 0, NULL};

const struct driver_type text_driver = {.build = build,
	.check = text_dds_check,
	.layout = &layout,
	.files = {{"", 0}},
	.minors = 1};
