/* The values that an attribute with several will have, made from what is added and removed. */
#include "change_lists.h"

/* Lists being worked on, and what they were made from. */
struct lists {
	const struct device *device;
	enum change_reach reach;
	struct attribute_changes names; /* of the attributes, without values */
	struct attribute_changes values; /* of all of them */
	struct attribute_changes others; /* the changes of attributes with one value */
	struct method_output *output;
};

static void lists_release(struct lists *lists)
{
	attribute_changes_release(&lists->names);
	attribute_changes_release(&lists->values);
	attribute_changes_release(&lists->others);
}

static int no_memory(struct method_output *output)
{
	return method_fail(output, E_MALLOC, "There is not enough memory.");
}

static int unreadable(struct method_output *output)
{
	return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
}

int change_lists_base(const char *device, enum change_reach reach, const char *attribute,
	struct attribute_changes *to)
{
	return reach == CHANGE_DEVICE ? values_running(device, attribute, to)
				      : values_stored(device, attribute, to);
}

/* Begins an attribute's list, unless it was begun. */
static int begin(struct lists *lists, const char *attribute)
{
	if (attribute_changes_find(&lists->names, attribute) != NULL)
		return E_OK;
	if (!attribute_changes_add(&lists->names, attribute, ""))
		return no_memory(lists->output);
	return change_lists_base(
		       lists->device->cudv.name, lists->reach, attribute, &lists->values) < 0
		       ? unreadable(lists->output)
		       : E_OK;
}

/* "en0's alias4 has no value b; it has a; c." */
static int refuse_removal(struct lists *lists, const char *attribute, const char *value)
{
	AUTO(text_release) struct text present = {0};

	for (int i = 0; i < lists->values.count; i++)
		if (strcmp(lists->values.changes[i].attribute, attribute) == 0)
			text_printf(&present, "%s%s", present.length > 0 ? "; " : "",
				lists->values.changes[i].value);
	if (present.length == 0)
		return method_fail(lists->output, E_ATTRVAL,
			"%s of %s has no value %s; it has none.", attribute,
			lists->device->cudv.name, value);
	return method_fail(lists->output, E_ATTRVAL, "%s of %s has no value %s; it has %s.",
		attribute, lists->device->cudv.name, value, present.data);
}

static void take_out(struct attribute_changes *values, int place)
{
	free(values->changes[place].attribute);
	values->count--;
	memmove(&values->changes[place], &values->changes[place + 1],
		(size_t)(values->count - place) * sizeof(*values->changes));
}

/* One change of a list. */
static int carry_out(
	struct lists *lists, const struct PdAt *predefined, const struct attribute_change *change)
{
	const char *removes = attribute_removes(predefined);
	const char *attribute = removes != NULL ? removes : change->attribute;
	bool numeric = strchr(predefined->rep, 'n') != NULL;
	int code = begin(lists, attribute);
	if (code != E_OK)
		return code;

	int place = values_find(&lists->values, attribute, change->value, numeric);
	if (removes != NULL && place < 0)
		return refuse_removal(lists, attribute, change->value);
	if (removes != NULL)
		take_out(&lists->values, place);
	else if (place < 0 && !attribute_changes_add(&lists->values, attribute, change->value))
		return no_memory(lists->output);
	return E_OK;
}

static int take_change(struct lists *lists, const struct attribute_change *change)
{
	struct PdAt predefined;
	int found = attribute_predefined(lists->device->cudv.name, change->attribute, &predefined);
	int code = E_OK;

	if (found < 0)
		return unreadable(lists->output);
	bool many = found == 1 && rep_has_many(predefined.rep);
	if (many)
		code = carry_out(lists, &predefined, change);
	else if (!attribute_changes_add(&lists->others, change->attribute, change->value))
		code = no_memory(lists->output);
	if (found == 1)
		odm_free_members(PdAt_CLASS, &predefined);
	return code;
}

/* Whether neither the database nor the device would have other values: 1, 0, -1. */
static int stays(const struct lists *lists, const char *attribute)
{
	AUTO(attribute_changes_release) struct attribute_changes stored = {0};
	AUTO(attribute_changes_release) struct attribute_changes running = {0};
	const char *device = lists->device->cudv.name;
	bool in_database = lists->reach != CHANGE_DEVICE;
	bool in_device = lists->reach != CHANGE_DATABASE && lists->device->cudv.status != DEFINED;

	if ((in_database && values_stored(device, attribute, &stored) < 0) ||
		(in_device && values_running(device, attribute, &running) < 0))
		return -1;
	return (!in_database || values_same(&lists->values, &stored, attribute)) &&
	       (!in_device || values_same(&lists->values, &running, attribute));
}

/* A list becomes entries, behind the changes of the other attributes. */
static int finish(struct lists *lists, const char *attribute)
{
	int same = stays(lists, attribute), before = lists->others.count;

	if (same != 0)
		return same < 0 ? unreadable(lists->output) : E_OK;
	if (!values_append(&lists->values, attribute, &lists->others) ||
		(lists->others.count == before &&
			!attribute_changes_add(&lists->others, attribute, "")))
		return no_memory(lists->output);
	return E_OK;
}

int change_lists(const struct device *device, enum change_reach reach,
	struct attribute_changes *changes, struct method_output *output)
{
	AUTO(lists_release)
	struct lists lists = {.device = device, .reach = reach, .output = output};
	int code = E_OK;

	for (int i = 0; i < changes->count && code == E_OK; i++)
		code = take_change(&lists, &changes->changes[i]);
	for (int i = 0; i < lists.names.count && code == E_OK; i++)
		code = finish(&lists, lists.names.changes[i].attribute);
	if (code != E_OK)
		return code;
	struct attribute_changes before = *changes;
	*changes = lists.others;
	lists.others = before;
	return E_OK;
}
