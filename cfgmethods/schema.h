/* Device types from schema files (libconfig) into the predefined database. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * Loads files of one device type each: what was loaded of the types before is replaced, customized
 * data is not touched; a type that is there as the file has it stays as it is. Returns NULL, or
 * what is wrong, a line with file and line number for each mistake, malloc'ed; nothing is changed
 * then.
 */
char *schema_load(char *const *paths, size_t count);

/*
 * The same of types that the predefined database has not: what is there stays as it is. How many
 * were loaded goes to *loaded.
 */
char *schema_load_missing(char *const *paths, size_t count, int *loaded);

/* What schema_load would say, and whether the methods exist; nothing is changed. */
char *schema_check(char *const *paths, size_t count);

/*
 * Writes a type of the predefined database as a file that loads the same. Returns NULL, or what is
 * wrong, malloc'ed.
 */
char *schema_dump(const char *uniquetype, FILE *file);

/* The messages of a catalogue's set, by number. Zero-initialise it; messages_release it. */
struct messages {
	char **texts; /* NULL where there is none */
	int count;
};
void messages_release(struct messages *messages);

/* Reads them by one query: false without memory, or when the database fails. */
bool messages_read(struct messages *messages, const char *catalog, int setno);

/* The message, "" when there is none. */
const char *messages_find(const struct messages *messages, int msgno);

/* A message of the catalogue, to be freed: "" when there is none, NULL without memory. */
char *message_text(const char *catalog, int setno, int msgno);
