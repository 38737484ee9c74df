/* Device types from schema files (libconfig) into the predefined database. */
#pragma once

/*
 * Loads a file of one device type: what was loaded of the type before is replaced, customized data
 * is not touched. Returns NULL, or what is wrong with file and line, malloc'ed; nothing is changed
 * then.
 */
char *schema_load(const char *path);

/* A message of the catalogue, to be freed: "" when there is none, NULL without memory. */
char *message_text(const char *catalog, int setno, int msgno);
