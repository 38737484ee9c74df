/* Device types from schema files (libconfig) into the predefined database. */
#pragma once

#include <stddef.h>

/*
 * Loads files of one device type each: what was loaded of the types before is replaced, customized
 * data is not touched. Returns NULL, or what is wrong with file and line, malloc'ed; nothing is
 * changed then.
 */
char *schema_load(char *const *paths, size_t count);

/* A message of the catalogue, to be freed: "" when there is none, NULL without memory. */
char *message_text(const char *catalog, int setno, int msgno);
