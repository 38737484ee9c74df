/* The DDS of drivers that have no layout of their own: all attributes, as text. */
#include <sys/text_dds.h>

#include "base/text.h"
#include "driver.h"
#include "value_list.h"

/* A line for each value of an attribute that adds; none for the one that takes them away. */
static void append_values(struct dds_source *source, const char *device, const char *attribute,
	const char *prefix, struct text *text)
{
	AUTO(attribute_changes_release) struct attribute_changes values = {0};
	attribute_name remover;
	int adds = adding_attribute(device, attribute, remover);

	if (adds < 0 || (adds == 1 && source_values(source, device, attribute, &values) < 0))
		source->code =
			method_fail(source->output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	for (int i = 0; i < values.count; i++)
		text_printf(text, "%s%s=%s\n", prefix, attribute, values.changes[i].value);
	if (adds == 1 && values.count == 0)
		text_printf(text, "%s%s=\n", prefix, attribute);
}

/* Lines for all attributes, with the values that the DDS of any driver would have. */
static bool append_attributes(
	struct dds_source *source, const char *device, const char *prefix, struct text *text)
{
	int count = 0;
	struct CuAt *attributes = getattr(device, NULL, TRUE, &count);

	for (int i = 0; i < count && source->code == E_OK; i++) {
		const char *name = attributes[i].attribute;
		if (rep_has_many(attributes[i].rep)) {
			if (!attribute_seen(attributes, i))
				append_values(source, device, name, prefix, text);
			continue;
		}
		char value[TEXT_DDS_ROOM] = "";
		source_text(source, device, name, value, sizeof(value));
		text_printf(text, "%s%s=%s\n", prefix, name, value);
	}
	freeattr(attributes, count);
	return source->code == E_OK;
}

static void build(struct dds_source *source, void *dds)
{
	struct text_dds *to = dds;
	const struct CuDv *device = &source->device->cudv;
	AUTO(device_release) struct device parent = {0};
	AUTO(text_release) struct text text = {0};
	dev_t devno = 0;

	if (device->parent[0] != '\0') {
		source->code = device_find(device->parent, &parent, source->output);
		if (source->code != E_OK ||
			!append_attributes(source, device->parent, "parent.", &text))
			return;
		strcpy(to->parent, device->parent);
		if (device_devno(&parent, &devno))
			to->parent_devno = devno;
	}
	if (!append_attributes(source, device->name, "", &text))
		return;
	if (text.failed || text.length >= sizeof(to->text))
		source->code = method_fail(source->output, E_DDS,
			"The attributes of %s take more than %zu bytes.", device->name,
			sizeof(to->text) - 1);
	else if (text.length > 0)
		memcpy(to->text, text.data, text.length + 1);
}

static bool check(const void *dds, size_t length, char reason[DDS_REASON])
{
	if (text_dds_check(dds, length, reason))
		return true;
	snprintf(reason, DDS_REASON, "not a text DDS");
	return false;
}

const struct driver_type text_driver = {.build = build,
	.check = check,
	.dds_length = sizeof(struct text_dds),
	.dds_version = TEXT_DDS_VERSION,
	.files = {{"", 0}},
	.minors = 1};
