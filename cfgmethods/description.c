/* Reads settings of machine.cfg one by one, and notes what is wrong with them. */
#include "description.h"

#include <stdarg.h>

#include "base/foreign.h"

bool description_mistaken(
	struct description *description, const config_setting_t *where, const char *format, ...)
{
	AUTO(text_release) struct text text = {0};
	va_list arguments;

	text_printf(&text, "%s:%u: ", description->path, config_setting_source_line(where));
	va_start(arguments, format);
	text_vprintf(&text, format, arguments);
	va_end(arguments);
	description->mistake = text_take(&text);
	return false;
}

/* Whether a group has no other keys than those of the list, which ends with NULL. */
bool description_only_keys(
	struct description *description, config_setting_t *group, const char *const *keys)
{
	if (!config_setting_is_group(group))
		return description_mistaken(description, group, "a group in braces is expected");
	for (int i = 0; i < config_setting_length(group); i++) {
		config_setting_t *member = config_setting_get_elem(group, (unsigned)i);
		const char *const *key = keys;
		while (*key != NULL && strcmp(*key, config_setting_name(member)) != 0)
			key++;
		if (*key == NULL)
			return description_mistaken(description, member, "'%s' is not known here",
				config_setting_name(member));
	}
	return true;
}

bool description_number(struct description *description, config_setting_t *group, const char *key,
	long low, long high, long *value)
{
	config_setting_t *member = config_setting_get_member(group, key);

	if (member == NULL)
		return description_mistaken(description, group, "'%s' is missing", key);
	if (config_setting_type(member) != CONFIG_TYPE_INT &&
		config_setting_type(member) != CONFIG_TYPE_INT64)
		return description_mistaken(description, member, "'%s' is not a number", key);
	long long number = config_setting_get_int64(member);
	if (number < low || number > high)
		return description_mistaken(description, member, "%s = %lld: allowed is %ld to %ld",
			key, number, low, high);
	*value = (long)number;
	return true;
}

bool description_shown(const char *text)
{
	return foreign_shown(text, strlen(text)) == strlen(text);
}

bool description_string(struct description *description, config_setting_t *group, const char *key,
	char *room, size_t size)
{
	config_setting_t *member = config_setting_get_member(group, key);

	if (member == NULL)
		return description_mistaken(description, group, "'%s' is missing", key);
	const char *value = config_setting_get_string(member);
	if (value == NULL || *value == '\0' || !copy_text(room, size, value))
		return description_mistaken(
			description, member, "'%s' is not a text of 1 to %zu bytes", key, size - 1);
	return description_shown(value) || description_mistaken(description, member,
						   "'%s' has characters that can't be shown", key);
}

bool description_word(struct description *description, config_setting_t *group, const char *key,
	char *room, size_t size)
{
	if (!description_string(description, group, key, room, size))
		return false;
	return device_word_valid(room) ||
	       description_mistaken(description, config_setting_get_member(group, key),
		       "%s = \"%s\": it has %s", key, room, DEVICE_WORD_RULE);
}

/* The members of a list, and room for each; *list NULL and 0 when the group has no such list. */
bool description_list(struct description *description, config_setting_t *group, const char *key,
	size_t size, config_setting_t **list, void *room, int *count)
{
	void *memory = NULL;

	*count = 0;
	*list = config_setting_get_member(group, key);
	if (*list != NULL && !config_setting_is_list(*list))
		return description_mistaken(
			description, *list, "'%s' is not a list in parentheses", key);
	int length = *list != NULL ? config_setting_length(*list) : 0;
	if (length > 0) {
		memory = calloc((size_t)length, size);
		if (memory == NULL)
			return description_mistaken(
				description, group, "there is not enough memory");
	}
	memcpy(room, &memory, sizeof(memory));
	*count = length;
	return true;
}

char *description_scalar(config_setting_t *member)
{
	char *text = NULL;

	switch (config_setting_type(member)) {
	case CONFIG_TYPE_STRING:
		return strdup(config_setting_get_string(member));
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		return asprintf(&text, "%lld", config_setting_get_int64(member)) < 0 ? NULL : text;
	default:
		return NULL;
	}
}

bool description_values(
	struct description *description, config_setting_t *group, struct attribute_changes *values)
{
	config_setting_t *list = config_setting_get_member(group, "values");

	if (list == NULL)
		return true;
	if (!config_setting_is_group(list))
		return description_mistaken(description, list, "'values' is not a group in braces");
	for (int i = 0; i < config_setting_length(list); i++) {
		config_setting_t *member = config_setting_get_elem(list, (unsigned)i);
		AUTO_FREE char *text = description_scalar(member);
		if (text == NULL || strlen(text) > 255 || !description_shown(text))
			return description_mistaken(description, member,
				"%s is no text of at most 255 bytes that can be shown, and "
				"no number",
				config_setting_name(member));
		if (!attribute_changes_add(values, config_setting_name(member), text))
			return description_mistaken(
				description, list, "there is not enough memory");
	}
	return true;
}
