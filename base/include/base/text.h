/* A string that grows. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"

/*
 * Text under construction. Zero-initialise it; `data` is NULL until the first append, then always
 * NUL-terminated. When memory ran out `failed` is set and every later append does nothing, so that
 * a writer checks once, at the end.
 */
struct text {
	char *data;
	size_t length; /* bytes without the NUL */
	size_t capacity; /* bytes allocated */
	bool failed;
};

void text_append(struct text *text, const char *string);
void text_append_bytes(struct text *text, const void *bytes, size_t count);
void text_append_char(struct text *text, char character);
void text_printf(struct text *text, const char *format, ...) PRINTF_LIKE(2, 3);
void text_vprintf(struct text *text, const char *format, va_list arguments) PRINTF_LIKE(2, 0);

/* Appends what is left to be read of a file, if only "". 0, or -1 and errno. */
int text_append_file(struct text *text, int fd) MUST_CHECK;

/* Empties the text and keeps its memory. */
void text_clear(struct text *text);

/* Frees the text; for AUTO(text_release). */
void text_release(struct text *text);

/*
 * Hands the string to the caller, who frees it: "" when nothing was appended.
 * NULL when memory ran out at any append; the text is empty afterwards in either case.
 */
char *text_take(struct text *text) MUST_CHECK;
