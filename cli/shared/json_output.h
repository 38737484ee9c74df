/* What a command prints with --json, when it is no table. For commands. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

void json_release(json_t **json);

/* A string; bytes of one that is not UTF-8 are taken for Latin-1. A new reference, NULL without
 * memory. */
json_t *json_text(const char *text);

/* A time in seconds since 1970 as "2026-11-30T14:07:00Z". As above. */
json_t *json_time(int64_t seconds);

/* Sets a member and takes the value over; false without memory, and when the value is NULL. */
bool json_set(json_t *object, const char *name, json_t *value);

/* Prints a value on stdout. False, with a message, when that fails, and for NULL: no memory. */
bool json_output(const json_t *value);
