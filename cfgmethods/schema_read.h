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

/* Where a member's value goes. */
struct schema_field {
	const char *key;
	char *room; /* text */
	size_t size; /* of the room, bytes */
	short *number; /* or number */
	bool required;
};

/*
 * Reads a group's members, which must all be known, or of the others (a list that ends with NULL),
 * and the required ones there. False with a mistake.
 */
bool schema_read_fields(struct schema *schema, config_setting_t *group,
	const struct schema_field *fields, size_t count, const char *const *others);
#define READ_FIELDS(schema, group, fields, others)                                                 \
	schema_read_fields(schema, group, fields, sizeof(fields) / sizeof(*(fields)), others)

/* Calls `add` for each element of a list, which may be missing. False with mistakes. */
bool schema_read_list(struct schema *schema, config_setting_t *root, const char *key,
	bool (*add)(struct schema *schema, config_setting_t *group));

/* What the file says of the type itself, into schema->type. False with mistakes. */
bool schema_read_type(struct schema *schema, config_setting_t *root);

/*
 * Stores the type, its attributes and connections in place of what there is, in the caller's
 * transaction. False with mistakes.
 */
bool schema_store(struct schema *schema, config_setting_t *root);
