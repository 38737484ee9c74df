/* Objects read: their members, the criteria that find them, their rows. For the floors above the
 * catalogue. */
#pragma once

#include <odmi.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "catalogue/catalogue.h"
#include "storage/sqlite.h"

/* A string descriptor's value in an object, never NULL. */
const char *member_string(const struct ClassElem *elem, const void *object);
/* A descriptor's value as SQLite has it: SQLITE_INTEGER, SQLITE_TEXT or SQLITE_BLOB. */
struct member_value {
	int type;
	long long integer;
	const char *bytes;
	int length;
};
struct member_value member_value(const struct ClassElem *elem, const void *object);
int member_value_bind(const struct member_value *value, sqlite3_stmt *statement, int parameter);
bool member_value_equals(const struct member_value *value, sqlite3_stmt *row, int column);

/*
 * Stores what a stanza or a JSON object says of a descriptor. Returns NULL, or what is wrong with
 * it.
 */
const char *member_store_text(
	const struct ClassElem *elem, void *object, const char *bytes, size_t length);
const char *member_store_integer(const struct ClassElem *elem, void *object, long long value);
/* A decimal or 0x number that is the whole text. */
bool parse_integer(const char *text, long long *value);

/* A member from a column: false when it does not fit, or without memory. */
bool member_from_column(const struct ClassElem *elem, sqlite3_stmt *row, int column, void *object);
/* Fills an object from a row whose columns are _id and the descriptors. */
int object_from_row(CLASS_SYMBOL symbol, sqlite3_stmt *row, void *object);

/* A criteria string compiled: `where` is SQL with ?1 ... for `values`. */
struct criterion_value {
	int type; /* SQLITE_INTEGER, _FLOAT, _TEXT or _BLOB */
	long long integer;
	double real;
	char *string;
	size_t length;
};
struct criteria {
	struct text where; /* "" matches all */
	struct criterion_value *values;
	int count;
};
/* Returns 0, or -1 with odmerrno; either way criteria_release it. */
int criteria_compile(CLASS_SYMBOL symbol, const char *crit, struct criteria *criteria);
int criteria_bind(const struct criteria *criteria, sqlite3_stmt *statement);
void criteria_release(struct criteria *criteria);

/* Prepares SELECT of _id and the descriptors of what the criteria match, in the ids' order. */
int query_prepare(
	struct class_state *state, const struct criteria *criteria, sqlite3_stmt **statement);
/* Prepares what was made as text and has the criteria's parameters. */
int query_finish(struct class_state *state, const struct text *sql, const struct criteria *criteria,
	sqlite3_stmt **statement);
/* Keeps a statement of either that is done with, for the next of the same text; it is NULL then. */
void query_keep(struct class_state *state, sqlite3_stmt **statement);
/* The object of a row: in the buffer, or malloc'ed when that is NULL. ODM_FAILED and odmerrno. */
void *query_take_row(CLASS_SYMBOL symbol, sqlite3_stmt *row, void *buffer);
/* Appends " FROM class WHERE criteria". */
void query_append_from(
	struct text *sql, struct class_state *state, const struct criteria *criteria);
