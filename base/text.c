/* Strings that grow, and the files that are read into them. */
#include "base/text.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Makes room for `more` bytes and a NUL; false and `failed` when there is no memory. */
static bool text_reserve(struct text *text, size_t more)
{
	if (text->failed)
		return false;
	if (text->length + more + 1 <= text->capacity)
		return true;

	size_t capacity = text->capacity ? text->capacity : 64;
	while (capacity < text->length + more + 1)
		capacity *= 2;
	char *data = realloc(text->data, capacity);
	if (data == NULL) {
		text->failed = true;
		return false;
	}
	text->data = data;
	text->capacity = capacity;
	return true;
}

void text_append_bytes(struct text *text, const void *bytes, size_t count)
{
	if (!text_reserve(text, count))
		return;
	if (count > 0)
		memcpy(text->data + text->length, bytes, count);
	text->length += count;
	text->data[text->length] = '\0';
}

void text_append(struct text *text, const char *string)
{
	text_append_bytes(text, string, strlen(string));
}

void text_append_char(struct text *text, char character)
{
	text_append_bytes(text, &character, 1);
}

void text_vprintf(struct text *text, const char *format, va_list arguments)
{
	va_list again;

	if (!text_reserve(text, 0))
		return;
	/* Most texts have the room already. */
	size_t room = text->capacity - text->length;
	va_copy(again, arguments);
	int length = vsnprintf(text->data + text->length, room, format, again);
	va_end(again);
	if (length >= 0 && (size_t)length >= room && text_reserve(text, (size_t)length))
		vsnprintf(text->data + text->length, (size_t)length + 1, format, arguments);
	if (length < 0 || text->failed)
		text->data[text->length] = '\0';
	else
		text->length += (size_t)length;
}

void text_printf(struct text *text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(text, format, arguments);
	va_end(arguments);
}

int text_append_file(struct text *text, int fd)
{
	ssize_t length;

	/* Most files are read by one call, and the end of it is seen by another. */
	do {
		if (!text_reserve(text, 16384)) {
			errno = ENOMEM;
			return -1;
		}
		length = read(fd, text->data + text->length, 16384);
		text->length += length > 0 ? (size_t)length : 0;
		text->data[text->length] = '\0';
	} while (length > 0);
	return (int)length;
}

void text_clear(struct text *text)
{
	text->length = 0;
	if (text->data != NULL)
		text->data[0] = '\0';
}

void text_release(struct text *text)
{
	free(text->data);
	*text = (struct text){0};
}

char *text_take(struct text *text)
{
	if (!text_reserve(text, 0)) {
		text_release(text);
		return NULL;
	}
	text->data[text->length] = '\0';

	char *data = text->data;
	*text = (struct text){0};
	return data;
}
