/* Reads a configuration file whole, with its numbers as libconfig can't keep them. */
#include "config_file.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

static char *mistake(const char *path, int line, const char *format, ...) PRINTF_LIKE(3, 4);
static char *mistake(const char *path, int line, const char *format, ...)
{
	AUTO(text_release) struct text text = {0};
	va_list arguments;

	text_append(&text, path);
	if (line > 0)
		text_printf(&text, ":%d", line);
	text_append(&text, ": ");
	va_start(arguments, format);
	text_vprintf(&text, format, arguments);
	va_end(arguments);
	char *whole = text_take(&text);
	return whole != NULL ? whole : strdup(path);
}

static char *read_all(int fd, const char *path, struct text *content)
{
	if (text_append_file(content, fd) < 0 && !content->failed)
		return mistake(path, 0, "can't be read: %s", strerror(errno));
	/* An empty file is a text, too. */
	text_append(content, "");
	return content->failed ? mistake(path, 0, "there is not enough memory") : NULL;
}

/* Behind a comment or a text that begins here; the place itself when none does. */
static const char *skip_foreign(const char *place)
{
	if (*place == '#' || (place[0] == '/' && place[1] == '/'))
		return place + strcspn(place, "\n");
	if (place[0] == '/' && place[1] == '*') {
		const char *end = strstr(place + 2, "*/");
		return end != NULL ? end + 2 : place + strlen(place);
	}
	if (*place != '"')
		return place;
	for (place++; *place != '\0' && *place != '"'; place++)
		if (*place == '\\' && place[1] != '\0')
			place++;
	return place + (*place == '"');
}

/* Behind a name, which may have digits in it; the place itself when none begins here. */
static const char *skip_name(const char *place)
{
	if (isalpha((unsigned char)*place) || *place == '*')
		while (isalnum((unsigned char)*place) || (*place != '\0' && strchr("-_*", *place)))
			place++;
	return place;
}

/* A number in the text. */
struct number {
	const char *end; /* behind it, and before an L */
	bool whole; /* it has no fraction */
	bool fits; /* in 64 bits */
	long long value;
};

static bool begins_number(const char *place)
{
	return isdigit((unsigned char)place[*place == '-' || *place == '+']);
}

static struct number read_number(const char *place)
{
	bool hexadecimal = place[0] == '0' && (place[1] == 'x' || place[1] == 'X');
	char *end;

	errno = 0;
	long long value = strtoll(place, &end, hexadecimal ? 16 : 10);
	bool whole = hexadecimal || (*end != '.' && *end != 'e' && *end != 'E');
	bool fits = errno != ERANGE;
	if (!whole)
		end += strspn(end, "0123456789.eE+-");
	return (struct number){end, whole, fits, value};
}

static int line_of(const char *content, const char *place)
{
	int line = 1;

	for (; content < place; content++)
		line += *content == '\n';
	return line;
}

/*
 * libconfig takes a number for 32 bits and drops the others, unless an L behind it says that it has
 * 64: each that needs one gets it. What has more than 64 bits is a mistake.
 */
static char *widen_numbers(const char *path, const char *content, struct text *widened)
{
	for (const char *end, *place = content; *place != '\0'; place = end) {
		struct number number = {.end = skip_name(skip_foreign(place)), .fits = true};
		if (number.end == place && begins_number(place))
			number = read_number(place);
		end = number.end > place ? number.end : place + 1;
		if (number.whole && !number.fits)
			return mistake(path, line_of(content, place),
				"%.*s: no number is less than %lld or more than %lld",
				(int)(end - place), place, LLONG_MIN, LLONG_MAX);
		text_append_bytes(widened, place, (size_t)(end - place));
		bool wide = number.value < INT_MIN || number.value > INT_MAX;
		if (number.whole && wide && *end != 'L')
			text_append_char(widened, 'L');
	}
	text_append(widened, "");
	return widened->failed ? mistake(path, 0, "there is not enough memory") : NULL;
}

char *config_file_read_open(int fd, const char *path, config_t *config)
{
	AUTO(text_release) struct text content = {0}, widened = {0};
	AUTO_FREE char *wrong = read_all(fd, path, &content);

	if (wrong == NULL && strlen(content.data) < content.length)
		wrong = mistake(path, line_of(content.data, content.data + strlen(content.data)),
			"a NUL byte: this is no text");
	if (wrong == NULL)
		wrong = widen_numbers(path, content.data, &widened);
	if (wrong == NULL && config_read_string(config, widened.data) != CONFIG_TRUE)
		wrong = mistake(path, config_error_line(config), "%s", config_error_text(config));
	return TAKE(wrong);
}

/* Opened without waiting for a writer, then looked at. */
char *config_file_read(const char *path, config_t *config)
{
	struct stat status;
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &status) < 0)
		return mistake(path, 0, "can't be read: %s", strerror(errno));
	if (!S_ISREG(status.st_mode))
		return mistake(path, 0, "can't be read: it is no regular file");
	return config_file_read_open(fd, path, config);
}
