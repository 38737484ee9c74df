/* Makes JSON of a schema file's settings, and of the lines that tell its mistakes. */
#include "schema_json.h"

#include <libconfig.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "cli/shared/json_output.h"

/* "FILE:LINE: text" in its parts; the text alone where no file is named. NULL without memory. */
static json_t *mistake_json(const char *line, char *const *files, size_t count)
{
	AUTO(json_release) json_t *object = json_object();
	const char *text = line;
	bool ok = true;

	for (size_t i = 0; i < count && text == line; i++) {
		size_t length = strlen(files[i]);
		if (strncmp(line, files[i], length) != 0 || line[length] != ':')
			continue;
		char *end;
		const char *behind = line + length + 1;
		unsigned long number = strtoul(behind, &end, 10);
		ok = json_set(object, "file", json_text(files[i]));
		if (ok && end > behind && *end == ':') {
			ok = json_set(object, "line", json_integer((json_int_t)number));
			behind = end + 1;
		}
		text = behind + strspn(behind, " ");
	}
	ok = ok && json_set(object, "text", json_text(text));
	return ok ? json_incref(object) : NULL;
}

bool schema_print_mistakes(const char *lines, char *const *files, size_t count)
{
	AUTO(json_release) json_t *array = json_array();
	AUTO_FREE char *copy = strdup(lines != NULL ? lines : "");
	char *rest = copy;
	bool ok = copy != NULL;

	for (char *line = strsep(&rest, "\n"); line != NULL && ok; line = strsep(&rest, "\n"))
		if (*line != '\0')
			ok = json_array_append_new(array, mistake_json(line, files, count)) == 0;
	return json_output(ok ? array : NULL);
}

static json_t *setting_json(const config_setting_t *setting);

static json_t *members_json(const config_setting_t *setting)
{
	bool named = config_setting_is_group(setting);
	json_t *whole = named ? json_object() : json_array();

	for (int i = 0; i < config_setting_length(setting); i++) {
		const config_setting_t *member = config_setting_get_elem(setting, (unsigned)i);
		json_t *value = setting_json(member);
		if ((named ? json_object_set_new(whole, config_setting_name(member), value)
			   : json_array_append_new(whole, value)) < 0) {
			json_decref(whole);
			return NULL;
		}
	}
	return whole;
}

static json_t *setting_json(const config_setting_t *setting)
{
	switch (config_setting_type(setting)) {
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		return json_integer(config_setting_get_int64(setting));
	case CONFIG_TYPE_FLOAT:
		return json_real(config_setting_get_float(setting));
	case CONFIG_TYPE_BOOL:
		return json_boolean(config_setting_get_bool(setting));
	case CONFIG_TYPE_STRING:
		return json_text(config_setting_get_string(setting));
	default:
		return members_json(setting);
	}
}

bool schema_print_type(const char *text)
{
	AUTO(config_destroy) config_t config;

	config_init(&config);
	if (config_read_string(&config, text) != CONFIG_TRUE) {
		message("line %d: %s", config_error_line(&config), config_error_text(&config));
		return false;
	}
	AUTO(json_release) json_t *type = setting_json(config_root_setting(&config));
	return json_output(type);
}
