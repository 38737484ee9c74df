/* Inside the schema loader: a file's settings become predefined objects. */
#pragma once

#include <libconfig.h>

#include "cfg_private.h"

/* A type being read: message 1 is its description, 2 and on are the attributes'. */
struct schema {
	const char *path;
	struct text mistakes; /* a line each */
	bool check_methods; /* whether they must be there */
	struct PdDv type;
	char catalog[48];
	char description[256];
	short last_message;
};
void schema_release(struct schema *schema);

/* Adds a mistake, with the line of `where`: false, for return schema_mistaken(...). */
bool schema_mistaken(struct schema *schema, const config_setting_t *where, const char *format, ...)
	PRINTF_LIKE(3, 4);

/* What the file says of the type itself, into schema->type. False with mistakes. */
bool schema_read_type(struct schema *schema, config_setting_t *root);

/*
 * Stores the type, its attributes and connections in place of what there is, in the caller's
 * transaction. False with mistakes.
 */
bool schema_store(struct schema *schema, config_setting_t *root);
