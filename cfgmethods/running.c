/* CuRun: lines "attribute=value", written and read. */
#include "running.h"

#include "physical.h"
#include "volume.h"

/* Of an attribute its value with the line ends escaped, so that it is part of one line. */
static void append_line(struct text *text, const char *attribute, const char *value)
{
	text_append(text, attribute);
	text_append_char(text, '=');
	for (size_t length; *value != '\0'; value += length) {
		length = strcspn(value, "\n\\");
		text_append_bytes(text, value, length);
		if (value[length] != '\0')
			text_append(text, value[length++] == '\n' ? "\\n" : "\\\\");
	}
	text_append_char(text, '\n');
}

static void unescape(char *value)
{
	char *to = value;

	for (; *value != '\0'; value++) {
		if (*value == '\\' && value[1] != '\0')
			*to++ = *++value == 'n' ? '\n' : *value;
		else
			*to++ = *value;
	}
	*to = '\0';
}

/* One attribute as lines: the values that `changes` has in their place, all or the last one. */
static void append_changed(
	struct text *text, const struct CuAt *attribute, const struct attribute_changes *changes)
{
	const char *name = attribute->attribute;
	bool many = rep_has_many(attribute->rep);

	for (int i = 0; many && i < changes->count; i++)
		if (strcmp(changes->changes[i].attribute, name) == 0) {
			append_line(text, name, changes->changes[i].value);
		}
	if (many)
		return;
	append_line(text, name, attribute_changes_find(changes, name));
}

/* What takes values away has none itself; others are the database's alone. */
static bool is_no_value(const char *device, const struct CuAt *attribute)
{
	struct PdAt predefined;

	if (strcmp(attribute->attribute, VOLUME_REQUEST) == 0 ||
		strcmp(attribute->attribute, VOLUME_IDENTIFIER) == 0 ||
		strcmp(attribute->attribute, PHYSICAL_ATTRIBUTE) == 0)
		return true;
	if (!rep_has_many(attribute->rep) ||
		attribute_predefined(device, attribute->attribute, &predefined) != 1)
		return false;
	bool removes = attribute_removes(&predefined) != NULL;
	odm_free_members(PdAt_CLASS, &predefined);
	return removes;
}

static char *values_of(const char *device, const struct attribute_changes *changes)
{
	AUTO(text_release) struct text text = {0};
	int count;
	struct CuAt *attributes = getattr(device, "", TRUE, &count);

	for (int i = 0; i < count; i++) {
		const char *name = attributes[i].attribute;
		if (is_no_value(device, &attributes[i]))
			continue;
		if (attribute_changes_find(changes, name) == NULL) {
			append_line(&text, name, attributes[i].value);
		} else if (!attribute_seen(attributes, i)) {
			append_changed(&text, &attributes[i], changes);
		}
	}
	freeattr(attributes, count);
	return text_take(&text);
}

static int write_object(const char *device, char *values)
{
	struct CuRun object = {.values = values}, stored;
	int found = find_object(CuRun_CLASS, &stored, "name = %s", device);

	if (found < 0 || !copy_text(object.name, sizeof(object.name), device))
		return -1;
	if (found == 0)
		return odm_add_obj(CuRun_CLASS, &object) < 0 ? -1 : 0;
	object._id = stored._id;
	odm_free_members(CuRun_CLASS, &stored);
	return odm_change_obj(CuRun_CLASS, &object);
}

int running_store(const char *device, const struct attribute_changes *changes)
{
	AUTO_FREE char *values = values_of(device, changes);
	if (values == NULL)
		return -1;

	int before = odm_pause_history(true);
	int result = write_object(device, values);
	odm_pause_history(before);
	return result;
}

const char *running_failure(void)
{
	/* The one parameter that can be wrong is the length of CuRun's text. */
	return odmerrno == ODMI_PARAMS
		       ? "the values of all its attributes are too long to be noted together"
		       : odm_error_text(odmerrno);
}

int running_remove(const char *device)
{
	int before = odm_pause_history(true);
	int result = remove_objects(CuRun_CLASS, "name = %s", device);

	odm_pause_history(before);
	return result < 0 ? -1 : 0;
}

int running_read(const char *device, struct attribute_changes *running)
{
	struct CuRun object;
	int found = find_object(CuRun_CLASS, &object, "name = %s", device);

	/* In a repository that an older version made nothing is known of it. */
	if (found <= 0)
		return found < 0 && odmerrno != ODMI_CLASS_DNE ? -1 : 0;
	AUTO_FREE char *values = object.values;
	char *rest = values;
	for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
		char *equals = strchr(line, '=');
		if (equals == NULL)
			continue;
		*equals = '\0';
		unescape(equals + 1);
		if (!attribute_changes_add(running, line, equals + 1))
			return -1;
	}
	return 0;
}
