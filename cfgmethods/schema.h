/* Device types from schema files (libconfig) into the predefined database. */
#pragma once

#include <stddef.h>
#include <stdio.h>

/*
 * Loads files of one device type each: what was loaded of the types before is replaced, customized
 * data is not touched; a type that is there as the file has it stays as it is. Returns NULL, or
 * what is wrong, a line with file and line number for each mistake, malloc'ed; nothing is changed
 * then.
 */
char *schema_load(char *const *paths, size_t count);

/* What schema_load would say, and whether the methods exist; nothing is changed. */
char *schema_check(char *const *paths, size_t count);

/*
 * Writes a type of the predefined database as a file that loads the same. Returns NULL, or what is
 * wrong, malloc'ed.
 */
char *schema_dump(const char *uniquetype, FILE *file);

/* A message of the catalogue, to be freed: "" when there is none, NULL without memory. */
char *message_text(const char *catalog, int setno, int msgno);
