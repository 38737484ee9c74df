/* Device types, and what is wrong with their files, as JSON. For odmcfg schema. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Prints an array of mistakes, a line each in `lines` (NULL: none), in these files. False with a
 * message. */
bool schema_print_mistakes(const char *lines, char *const *files, size_t count);

/* Prints a type, as schema_dump has written it, as an object. False with a message. */
bool schema_print_type(const char *text);
