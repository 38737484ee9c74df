/*
 * Text of others: names of processes, what a command was called with, what a file or a device says.
 * A terminal takes some of its bytes for commands. What a reader sees passes through here: control
 * characters, those that turn the direction of writing, and what is no UTF-8 come out as \ooo.
 */
#pragma once

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

/* Bytes at the beginning that any terminal shows as they are. */
size_t foreign_shown(const char *bytes, size_t length);

/* Appends foreign bytes as a part of one line. */
void foreign_append(struct text *text, const char *bytes, size_t length);

/* Writes a foreign string as a part of one line. */
void foreign_print(const char *string, FILE *file);

/*
 * printf whose result is foreign but for its line ends and tabs: for listings and messages, whose
 * arguments may be anybody's. Returns the bytes written, or less than 0.
 */
int foreign_printf(FILE *file, const char *format, ...) PRINTF_LIKE(2, 3);
int foreign_vprintf(FILE *file, const char *format, va_list arguments) PRINTF_LIKE(2, 0);

/*
 * Writes a JSON text, whose strings may have characters in them that a terminal obeys and JSON does
 * not mind: they come out as \uXXXX, which means the same.
 */
void foreign_print_json(const char *json, FILE *file);

/* Copies a foreign string into a room of some bytes, cut off where that ends. */
void foreign_copy(char *room, size_t size, const char *string);
