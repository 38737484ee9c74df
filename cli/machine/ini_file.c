#include "ini_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "import_sources.h"

void ini_file_release(struct ini_file *file)
{
	for (int i = 0; i < file->text_count; i++)
		free(file->texts[i]);
	free(file->texts);
	free(file->settings);
	*file = (struct ini_file){0};
}

/* Without the blanks around, in its place. */
static char *trim(char *text)
{
	text += strspn(text, " \t\r");
	size_t length = strlen(text);
	while (length > 0 && strchr(" \t\r", text[length - 1]) != NULL)
		text[--length] = '\0';
	return text;
}

/* A # begins a comment at the beginning or behind a blank, a ; only at the beginning. */
static void cut_comment(char *line)
{
	size_t blanks = strspn(line, " \t");

	if (line[blanks] == ';')
		line[blanks] = '\0';
	for (char *place = line; *place != '\0'; place++)
		if (*place == '#' && (place == line || place[-1] == ' ' || place[-1] == '\t')) {
			*place = '\0';
			return;
		}
}

static bool add(struct ini_file *file, const struct ini_setting *setting)
{
	struct ini_setting *longer =
		reallocarray(file->settings, (size_t)file->count + 1, sizeof(*longer));

	if (longer == NULL) {
		message("there is not enough memory");
		return false;
	}
	file->settings = longer;
	longer[file->count++] = *setting;
	return true;
}

bool ini_file_keep(struct ini_file *file, char *text)
{
	char **longer = text != NULL ? reallocarray(file->texts, (size_t)file->text_count + 1,
					       sizeof(*longer))
				     : NULL;

	if (longer == NULL) {
		free(text);
		message("there is not enough memory");
		return false;
	}
	file->texts = longer;
	longer[file->text_count++] = text;
	return true;
}

bool ini_file_append(struct ini_file *file, struct ini_file *other)
{
	for (int i = 0; i < other->count; i++)
		if (!add(file, &other->settings[i]))
			return false;
	for (int i = 0; i < other->text_count; i++) {
		char *text = other->texts[i];
		other->texts[i] = NULL;
		if (!ini_file_keep(file, text))
			return false;
	}
	return true;
}

void ini_file_drop(struct ini_file *file, const char *section)
{
	int kept = 0;

	for (int i = 0; i < file->count; i++)
		if (strcmp(file->settings[i].section, section) != 0)
			file->settings[kept++] = file->settings[i];
	file->count = kept;
}

static bool mistaken(const char *path, int line, const char *what)
{
	message("%s:%d: %s", path, line, what);
	return false;
}

/* A line more of the value before; there is room for it, where its lines were in the file. */
static bool append_line(struct ini_file *file, const char *path, int number, const char *line)
{
	if (file->count == 0)
		return mistaken(path, number, "there is nothing that this line could go on with");
	char *value = file->settings[file->count - 1].value;
	size_t length = strlen(value);
	value[length] = ' ';
	memmove(value + length + 1, line, strlen(line) + 1);
	return true;
}

static bool read_line(
	struct ini_file *file, const char *path, int number, char **section, char *line)
{
	bool goes_on = *line == ' ' || *line == '\t';

	cut_comment(line);
	char *text = trim(line);
	if (*text == '\0')
		return true;
	size_t length = strlen(text);
	if (*text == '[') {
		if (text[length - 1] != ']' || length < 3)
			return mistaken(path, number, "the name of a section has no ] at its end");
		text[length - 1] = '\0';
		*section = trim(text + 1);
		return true;
	}
	if (goes_on)
		return append_line(file, path, number, text);
	char *equals = strchr(text, '=');
	if (equals == NULL || equals == text)
		return mistaken(path, number, "this is neither [section] nor key=value");
	if (*section == NULL)
		return mistaken(path, number, "a setting is before the first [section]");
	*equals = '\0';
	return add(
		file, &(struct ini_setting){*section, trim(text), trim(equals + 1), path, number});
}

bool ini_file_read(const char *path, const char *section, struct ini_file *file)
{
	AUTO(text_release) struct text text = {0};
	int number = 0;

	if (!import_read_text(path, &text))
		return false;
	char *name = strdup(path), *rest = text_take(&text);
	char *first = section != NULL ? strdup(section) : NULL, *current = first;
	if (!ini_file_keep(file, rest) || !ini_file_keep(file, name) ||
		(section != NULL && !ini_file_keep(file, first)))
		return false;
	for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n"))
		if (!read_line(file, name, ++number, &current, line))
			return false;
	return true;
}

const char *ini_file_find(const struct ini_file *file, const char *section, const char *key)
{
	const char *value = NULL;

	for (int i = 0; i < file->count; i++)
		if (strcmp(file->settings[i].section, section) == 0 &&
			strcmp(file->settings[i].key, key) == 0)
			value = file->settings[i].value;
	return value;
}
