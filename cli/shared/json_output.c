/* Builds and prints JSON whose strings may be foreign. */
#include "json_output.h"

#include <stdio.h>
#include <time.h>

#include "base/foreign.h"
#include "base/message.h"
#include "base/text.h"

void json_release(json_t **json)
{
	json_decref(*json);
}

static json_t *latin1_json(const char *text)
{
	AUTO(text_release) struct text converted = {0};

	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;
		if (byte >= 0x80)
			text_append_char(&converted, (char)(0xc0 | byte >> 6));
		text_append_char(&converted, (char)(byte >= 0x80 ? 0x80 | (byte & 0x3f) : byte));
	}
	return converted.failed || converted.data == NULL ? NULL : json_string(converted.data);
}

json_t *json_text(const char *text)
{
	json_t *string = json_string(text);

	return string != NULL ? string : latin1_json(text);
}

json_t *json_time(int64_t seconds)
{
	time_t time = (time_t)seconds;
	struct tm utc;
	char text[64];

	if (gmtime_r(&time, &utc) == NULL ||
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
		return json_string("");
	return json_string(text);
}

bool json_set(json_t *object, const char *name, json_t *value)
{
	return json_object_set_new(object, name, value) == 0;
}

bool json_output(const json_t *value)
{
	AUTO_FREE char *text = value != NULL ? json_dumps(value, JSON_INDENT(2)) : NULL;

	if (text == NULL) {
		message("there is not enough memory");
		return false;
	}
	foreign_print_json(text, stdout);
	putchar('\n');
	if (fflush(stdout) == 0)
		return true;
	message("the listing can't be written");
	return false;
}
