/* Inside libodm. */
#pragma once

#include <odmi.h>
#include <odmx.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

#define LIBODM_API __attribute__((visibility("default")))

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

/* A repository: one directory. Lives until odm_terminate. */
struct repository {
	char *directory;
	sqlite3 *database;
	int depth; /* of the transaction that this repository is in */
	struct repository *next;
};

/* What the library knows of a class that has been used. */
struct class_state {
	CLASS_SYMBOL symbol;
	struct repository *repository;
	bool read_only;
	bool mounted; /* the symbol itself is the library's */
	sqlite3_stmt *cursor; /* finds the first match behind an id; never left in mid-step */
	char *cursor_where; /* what it was prepared for, for use again */
	int cursor_values; /* its criteria's parameters; the id comes after them */
	sqlite3_int64 cursor_id; /* of the object found last */
	sqlite3_stmt *insert, *update, *by_id;
	struct class_state *next;
};

/* The library's lock: every public routine holds it. Recursive. */
void library_lock(void);
void library_unlock(void);
static inline void auto_library_unlock(const int *unused)
{
	(void)unused;
	library_unlock();
}
#define LIBRARY_LOCKED                                                                             \
	AUTO(auto_library_unlock) int library_locked = 0;                                          \
	(void)library_locked;                                                                      \
	library_lock()

/* Sets odmerrno; returns -1. */
int odm_fail(int code);
/* The same from an SQLite error of the database. */
int odm_fail_sqlite(sqlite3 *database);
#define ODM_FAILED ((void *)-1)

/* The first repository of the path, opened. create: make its file. NULL and odmerrno. */
struct repository *repository_first(bool create);
/* Finds the repository on the path that has the class. NULL and odmerrno. */
struct repository *repository_of_class(const char *class_name);
/* All that are open; opens those of the path that exist. */
struct repository *repository_all(void);
/* The repository of an odm.db's directory, opened. NULL and odmerrno. */
struct repository *repository_open(const char *directory, bool create);
void repository_close_all(void);
int repository_permissions(void);
/* Runs a statement without parameters or rows: 0, or -1 and odmerrno. */
int repository_execute(struct repository *repository, const char *sql);

/* The state of a symbol, opened. NULL and odmerrno. write: refuse a class opened read-only. */
struct class_state *class_use(CLASS_SYMBOL symbol, bool write);
bool class_valid(CLASS_SYMBOL symbol);
void class_forget_all(void);
const struct ClassElem *class_descriptor(CLASS_SYMBOL symbol, const char *name, size_t length);
/* Room that an object of a class takes. */
bool elem_is_string(const struct ClassElem *elem);
/* Appends the column names, separated by commas. */
void class_append_columns(struct text *text, CLASS_SYMBOL symbol);

/* A string descriptor's value in an object, never NULL; an integer's. */
const char *member_string(const struct ClassElem *elem, const void *object);
long long member_integer(const struct ClassElem *elem, const void *object);
/* Sets them: false when the string is too long, memory is short or the number out of range. */
bool member_set_string(
	const struct ClassElem *elem, void *object, const char *value, size_t length);
bool member_set_integer(const struct ClassElem *elem, void *object, long long value);

/* Fills an object from a row whose columns are _id and the descriptors. */
int object_from_row(CLASS_SYMBOL symbol, sqlite3_stmt *row, void *object);

/* A criteria string compiled: `where` is SQL with ?1 ... for `values`. */
struct criterion_value {
	bool is_integer;
	long long integer;
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

/* Prepares `select`, or `delete`, of what the criteria match. */
int query_prepare(struct class_state *state, const char *verb, const struct criteria *criteria,
	sqlite3_stmt **statement);

void auto_finalize(sqlite3_stmt **statement);
#define AUTO_FINALIZE AUTO(auto_finalize)

/* A class definition read from a .cre file: a symbol of its own, freed by definition_free. */
struct definition {
	CLASS_SYMBOL symbol;
	struct definition *next;
};
int definition_read(FILE *file, const char *name, FILE *errors, struct definition **list);
void definition_free(struct definition **list);
int definition_write_source(
	const struct definition *list, const char *directory, const char *name, FILE *errors);
/* Builds a symbol from parts: sizes and offsets follow from types. */
CLASS_SYMBOL symbol_create(const char *name);
int symbol_add(CLASS_SYMBOL symbol, const char *name, int type, int size, const char *linked_class,
	const char *linked_column);
int symbol_add_index(CLASS_SYMBOL symbol, const char *columns);
void symbol_free(CLASS_SYMBOL symbol);
/* Bytes that a descriptor takes in the structure, and its alignment. */
int elem_member_size(int type, int size, int *alignment);

/* Rolls back and keeps odmerrno, which says why; returns -1. */
int transaction_abandon(void);

void lock_release_all(void);
