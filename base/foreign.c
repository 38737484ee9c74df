/* Text of others made harmless for a terminal: which characters are shown, and how the rest is. */
#include "base/foreign.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Characters that a terminal obeys, or that make a line look like another one. */
static bool is_obeyed(uint32_t character)
{
	return character < 0x20 || (character >= 0x7f && character < 0xa0) ||
	       (character >= 0x200e && character <= 0x200f) ||
	       (character >= 0x2028 && character <= 0x202e) ||
	       (character >= 0x2066 && character <= 0x2069) ||
	       (character >= 0xd800 && character <= 0xdfff) || character > 0x10ffff;
}

/* The length of the UTF-8 character that begins here, 0 when none does. */
static size_t read_character(const unsigned char *bytes, size_t length, uint32_t *read)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	uint32_t character = bytes[0];
	size_t size = character < 0x80   ? 1
		      : character < 0xc0 ? 0
		      : character < 0xe0 ? 2
		      : character < 0xf0 ? 3
		      : character < 0xf8 ? 4
					 : 0;

	if (size == 0 || size > length)
		return 0;
	if (size > 1)
		character &= 0x7fU >> size;
	for (size_t i = 1; i < size; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		character = character << 6 | (bytes[i] & 0x3f);
	}
	*read = character;
	return character < least[size] ? 0 : size;
}

/* The same when it is one that is shown. */
static size_t shown_character(const unsigned char *bytes, size_t length)
{
	uint32_t character = bytes[0];

	if (character >= 0x20 && character < 0x7f)
		return 1;
	size_t size = read_character(bytes, length, &character);
	return size > 0 && !is_obeyed(character) ? size : 0;
}

size_t foreign_shown(const char *bytes, size_t length)
{
	size_t shown = 0;

	while (shown < length) {
		size_t size = shown_character((const unsigned char *)bytes + shown, length - shown);
		if (size == 0)
			break;
		shown += size;
	}
	return shown;
}

/* `kept` are control characters that stay. */
static void append(struct text *text, const char *bytes, size_t length, const char *kept)
{
	while (length > 0) {
		size_t shown = foreign_shown(bytes, length);
		text_append_bytes(text, bytes, shown);
		bytes += shown;
		length -= shown;
		if (length == 0)
			return;
		if (*bytes != '\0' && strchr(kept, *bytes) != NULL)
			text_append_char(text, *bytes);
		else
			text_printf(text, "\\%03o", (unsigned char)*bytes);
		bytes++;
		length--;
	}
}

void foreign_append(struct text *text, const char *bytes, size_t length)
{
	append(text, bytes, length, "");
}

void foreign_print(const char *string, FILE *file)
{
	AUTO(text_release) struct text text = {0};
	size_t length = strlen(string);

	if (foreign_shown(string, length) == length) {
		fputs(string, file);
		return;
	}
	foreign_append(&text, string, length);
	if (!text.failed)
		fputs(text.data, file);
}

void foreign_print_json(const char *json, FILE *file)
{
	size_t length = strlen(json);

	while (length > 0) {
		uint32_t character = 0;
		size_t shown = foreign_shown(json, length);
		fwrite(json, 1, shown, file);
		json += shown;
		length -= shown;
		if (length == 0)
			return;
		size_t size = read_character((const unsigned char *)json, length, &character);
		if (character == '\n')
			putc('\n', file);
		else
			fprintf(file, "\\u%04x", (unsigned)character);
		size += size == 0;
		json += size;
		length -= size;
	}
}

int foreign_vprintf(FILE *file, const char *format, va_list arguments)
{
	AUTO(text_release) struct text plain = {0}, text = {0};

	text_vprintf(&plain, format, arguments);
	if (plain.failed)
		return -1;
	append(&text, plain.data, plain.length, "\n\t");
	if (text.data == NULL)
		return text.failed ? -1 : 0;
	if (text.failed || fwrite(text.data, 1, text.length, file) != text.length)
		return -1;
	return (int)text.length;
}

int foreign_printf(FILE *file, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	int length = foreign_vprintf(file, format, arguments);
	va_end(arguments);
	return length;
}

void foreign_copy(char *room, size_t size, const char *string)
{
	AUTO(text_release) struct text text = {0};

	foreign_append(&text, string, strlen(string));
	snprintf(room, size, "%s", text.failed || text.data == NULL ? "" : text.data);
}
