/* Reads the formats of -F: names of columns, and what is printed behind each. */
#include "format.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void format_release(struct format *format)
{
	for (int i = 0; i < format->count; i++) {
		free(format->names[i]);
		free(format->separators[i]);
	}
	free(format->names);
	free(format->separators);
}

static bool is_name_character(char character)
{
	return isalnum((unsigned char)character) || character == '_';
}

bool format_read(const char *text, struct format *format)
{
	*format = (struct format){.aligned = true};
	while (*text != '\0') {
		size_t name = 0, separator = 0;
		while (is_name_character(text[name]))
			name++;
		while (text[name + separator] != '\0' && !is_name_character(text[name + separator]))
			separator++;
		size_t count = (size_t)format->count + 1;
		char **names = realloc(format->names, count * sizeof(*names));
		if (names == NULL)
			return false;
		format->names = names;
		char **separators = realloc(format->separators, count * sizeof(*separators));
		if (separators == NULL)
			return false;
		format->separators = separators;
		names[count - 1] = strndup(text, name);
		separators[count - 1] = strndup(text + name, separator);
		format->count++;
		if (names[count - 1] == NULL || separators[count - 1] == NULL)
			return false;
		for (size_t i = 0; i < separator; i++)
			if (!isspace((unsigned char)text[name + i]))
				format->aligned = false;
		text += name + separator;
	}
	return true;
}
