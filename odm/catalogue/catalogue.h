/*
 * Classes: their symbols, found and opened, and what the catalogue has of them. For the floors
 * above storage.
 */
#pragma once

#include <odmi.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "storage/repository.h"

/* The head of every generated structure. */
struct object_head {
	long _id;
	long _reserved;
	long _scratch;
};

/* The members of a link descriptor. */
struct link_members {
	void *objects;
	struct listinfo *info;
	char value[];
};

/* The head of a thread's cursor in a class. */
struct class_cursor {
	unsigned long thread; /* the owner: thread_number() */
	void (*release)(struct class_cursor *cursor); /* frees the whole */
	struct class_cursor *next;
};

/* Statements of a class that are kept: the criteria that a program lists by in turn. */
#define QUERIES_KEPT 8

/* What the library knows of a class that has been used. */
struct class_state {
	CLASS_SYMBOL symbol;
	struct repository *repository;
	bool read_only;
	bool mounted; /* the symbol itself is the library's */
	struct class_cursor *cursors; /* of the threads that search it */
	sqlite3_stmt *insert, *by_id, *update;
	sqlite3_stmt *queries[QUERIES_KEPT]; /* of lists and visits; those used last come first */
	char *update_columns; /* which descriptors `update` sets, a byte each */
	struct class_state *next;
};

/* The state of a symbol, opened. NULL and odmerrno. write: refuse a class opened read-only. */
struct class_state *class_use(CLASS_SYMBOL symbol, bool write);
bool class_valid(CLASS_SYMBOL symbol);
/* odmerrno from a statement of the class that could not be prepared or run; returns -1. */
int class_fail(struct class_state *state);
/* Prepares a statement that is kept with the class; the one that fetches by id into state->by_id.
 */
int class_keep_prepared(struct class_state *state, sqlite3_stmt **kept, const struct text *sql);
int class_prepare_by_id(struct class_state *state);
/* Gives the class a cursor, which is released with the class's statements and with its thread. */
void class_add_cursor(struct class_state *state, struct class_cursor *cursor);
/* Frees the class's statements and cursors. */
void class_finalize(struct class_state *state);
/* The same of all classes, which find their repository anew. */
void class_forget_all(void);
/* Frees all that is known of any class. */
void class_free_all(void);

/* A symbol from the catalogue of one repository, for symbol_free. NULL and odmerrno. */
CLASS_SYMBOL class_read(struct repository *repository, const char *class_name);
/* The class's descriptors and indexes, into the catalogue. 0, or -1 and odmerrno. */
int class_enter_form(struct repository *repository, CLASS_SYMBOL symbol);
/* The class's table and indexes: SQL that makes them; and the indexes alone. */
void class_append_create(struct text *sql, CLASS_SYMBOL symbol);
void class_append_indexes(struct text *sql, CLASS_SYMBOL symbol);
/* Appends the column names, separated by commas. */
void class_append_columns(struct text *text, CLASS_SYMBOL symbol);
const struct ClassElem *class_descriptor(CLASS_SYMBOL symbol, const char *name, size_t length);

/* Builds a symbol from parts: sizes and offsets follow from types. */
CLASS_SYMBOL symbol_create(const char *name);
int symbol_add(CLASS_SYMBOL symbol, const char *name, int type, int size, const char *linked_class,
	const char *linked_column);
int symbol_add_index(CLASS_SYMBOL symbol, const char *columns);
void symbol_free(CLASS_SYMBOL symbol);
/* Whether it is text or bytes; an integer otherwise. */
bool elem_is_string(const struct ClassElem *elem);
