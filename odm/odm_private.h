/* Inside libodm. */
#pragma once

/* The session extension's declarations. */
#define SQLITE_ENABLE_SESSION 1
#define SQLITE_ENABLE_PREUPDATE_HOOK 1

#include <odmi.h>
#include <odmx.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

#include "base/cleanup.h"
#include "base/foreign.h"
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

/* How deep transactions nest. */
#define MAX_NESTING 32

/*
 * What a transaction changed so far, in the format of SQLite's session extension, which reads,
 * inverts and applies it. Records with equal keys may follow one another until they are stored.
 */
struct changes {
	struct text bytes;
	char *table; /* whose header was written last */
	unsigned kinds; /* of operations: 1 << operation */
	int count; /* of records */
	size_t marks[MAX_NESTING]; /* bytes at the start of each nested transaction */
	sqlite3_int64 entry; /* of the history, 0 until something is stored */
	int chunks; /* stored ahead of the entry */
	sqlite3_int64 undoes; /* the entry that this transaction undoes, or 0 */
	sqlite3_int64 across; /* the number of a transaction over several repositories, or 0 */
	sqlite3_stmt *insert;
};

/* A repository: one directory. Lives until odm_terminate. */
struct repository {
	char *directory;
	sqlite3 *database;
	bool writable;
	bool across; /* its transaction is one over several repositories */
	int depth; /* of the transaction that this repository is in */
	int waited; /* milliseconds of the present wait for other processes */
	bool told; /* who waits was told for whom */
	struct changes changes;
	struct repository *next; /* sorted by directory: all processes lock in one order */
};

/* Statements of a class that are kept: the criteria that a program lists by in turn. */
#define QUERIES_KEPT 8

/* What the library knows of a class that has been used. */
struct class_state {
	CLASS_SYMBOL symbol;
	struct repository *repository;
	bool read_only;
	bool mounted; /* the symbol itself is the library's */
	struct cursor *cursors; /* of the threads that search it */
	sqlite3_stmt *insert, *by_id, *update;
	sqlite3_stmt *queries[QUERIES_KEPT]; /* of lists and visits; those used last come first */
	char *update_columns; /* which descriptors `update` sets, a byte each */
	struct class_state *next;
};

/* How long another process may keep a repository busy. */
#define BUSY_MILLISECONDS 30000

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

/* A number that no other thread of the process ever has. Its cursors and locks end with it. */
unsigned long thread_number(void);

/* Sets odmerrno; returns -1. */
int odm_fail(int code);
/* The same from the system's error: `otherwise` for one that says nothing of its own. */
int odm_fail_errno(int error, int otherwise);
/* The same from an SQLite error of the database. */
int odm_fail_sqlite(sqlite3 *database);
#define ODM_FAILED ((void *)-1)

/* The first repository of the path, opened. create: make its file. NULL and odmerrno. */
struct repository *repository_first(bool create);
/* Finds the repository on the path that has the class. NULL and odmerrno. */
struct repository *repository_of_class(const char *class_name);
/* 1; 0 or, when it can't be known, -1, with odmerrno. */
int repository_has_class(struct repository *repository, const char *class_name);
/* All that are open. */
struct repository *repository_list(void);
/* The same after opening those of the path that exist. */
struct repository *repository_all(void);
/* The repository of an odm.db's directory, opened. NULL and odmerrno. */
struct repository *repository_open(const char *directory, bool create);
void repository_close_all(void);
/* The first directory of the path, to be freed; NULL when there is no memory. */
char *repository_directory(void);
/* Runs SQL without parameters or rows: 0, or -1 and odmerrno. */
int repository_execute(struct repository *repository, const char *sql);
/* Runs SQL that was made as text. */
int repository_execute_text(struct repository *repository, const struct text *sql);
int repository_prepare(struct repository *repository, const char *sql, sqlite3_stmt **statement);

/* Says when a connection writes the log back: after large commits, and when it is asked to. */
void checkpoint_prepare(struct repository *repository);

/* Makes the connection wait for other processes, half a minute at most. */
void wait_prepare(struct repository *repository);
/* Waits for a lock by flock(2), told of by path: 0, or -1 and errno. */
int wait_for_lock(int fd, const char *path);

/*
 * Makes a repository's file with an empty catalogue: it appears whole or not at all. One that is
 * there by then is left as it is. 0, or -1 and odmerrno.
 */
int repository_make_file(const char *file, mode_t mode);

/* Makes the catalogue in an empty database. */
int catalogue_make(sqlite3 *database);
/* Checks that a database is a repository of this version; an older one is upgraded. */
int catalogue_check(struct repository *repository);
/* The same of any file that a user names, and its integrity; nothing is written. */
int catalogue_check_file(sqlite3 *database);
/* The class's table and indexes: SQL that makes them; and the indexes alone. */
void catalogue_append_create(struct text *sql, CLASS_SYMBOL symbol);
void catalogue_append_indexes(struct text *sql, CLASS_SYMBOL symbol);
/* The class's descriptors and indexes, into the catalogue. 0, or -1 and odmerrno. */
int class_enter_form(struct repository *repository, CLASS_SYMBOL symbol);
/*
 * Gives a class of the first repository the symbol's form: a new descriptor is empty, one that is
 * no more goes with its values. Not in the history. 0, or -1 and odmerrno: ODMI_CLASS_EXISTS when
 * a descriptor's values need not fit any more.
 */
int class_upgrade(CLASS_SYMBOL class_symbol);

/*
 * Every write is between these two: a transaction of its own outside of any. `result` 0 or more
 * commits, -1 undoes; returned is `result`, or -1 when the commit failed.
 */
int write_begin(struct repository *repository);
int write_end(struct repository *repository, int result);
/* One level of nesting in one repository; leave keeps or undoes. */
int transaction_enter(struct repository *repository);
int transaction_leave(struct repository *repository, bool keep);
/* Before a nested transaction of many changes: what was noted so far is stored. */
int transaction_expect_many(void);
/* A repository opened within a transaction takes part in it. */
int transaction_join(struct repository *repository);
/* Rolls back and keeps odmerrno, which says why; returns -1. */
int transaction_abandon(void);
/* Rolls back what a thread left open that ended. */
void transaction_end_thread(unsigned long thread);

/* Notes what a statement did, for the history. */
void changes_note_add(
	struct changes *changes, CLASS_SYMBOL symbol, sqlite3_int64 id, const void *object);
/* row: the object before; columns: a byte for each descriptor that differs. */
void changes_note_change(struct changes *changes, CLASS_SYMBOL symbol, sqlite3_stmt *row,
	const void *object, const char *columns);
void changes_note_delete(struct changes *changes, CLASS_SYMBOL symbol, sqlite3_stmt *row);
/* Changes that the session extension made. */
void changes_note_bytes(struct changes *changes, const void *bytes, int count);
/*
 * Stores what has piled up as a change set of its own when it is at least `limit` bytes; and all
 * that is left with the entry of the history.
 */
int changes_store_chunk(struct repository *repository, size_t limit);
int changes_store(struct repository *repository);

/* The process whose command the entries of the history are: this one, or that of odm_one_entry. */
int one_entry_process(void);

/* Adds a change set to the entry of odm_one_entry: 1, 0 when there is none to add to, -1. */
int one_entry_extend(struct repository *repository, const void *bytes, int length);
#define CHANGES_SURPLUS ((size_t)1 << 20)
void changes_mark(struct repository *repository);
void changes_forget(struct repository *repository);
/* Takes back what was noted behind a length of the bytes. */
void changes_truncate(struct changes *changes, size_t length);
/* Nothing is noted any more: of a chunk that was stored; and of an entry. */
void changes_clear(struct changes *changes);
void changes_end_entry(struct changes *changes);
void changes_release(struct changes *changes);
bool changes_any(const struct repository *repository);

/*
 * A transaction over several repositories. prepare: before they store their changes, gives them a
 * number; note: after that, what the others still have to commit goes into the one that commits
 * first, which is returned (NULL when only one has changes, or on failure); forget: after all have
 * committed.
 */
int pending_prepare(void);
int pending_note(struct repository **coordinator);
void pending_forget(struct repository *coordinator);
/* Does in other repositories what this one says they did not come to. 0, or -1 and odmerrno. */
int pending_finish(struct repository *repository);

/*
 * Makes a change of any tables in a transaction, recorded by SQLite's own session: for what is
 * seldom done. `change` returns 0 or -1 with odmerrno.
 */
typedef int recorded_change(struct repository *repository, void *closure);
int changes_record(struct repository *repository, recorded_change *change, void *closure);

/*
 * Visits the stored change sets of an entry, in their order or backwards. visit returns 0 to go on;
 * its value is returned, -1 and odmerrno when they can't be read.
 */
typedef int changeset_visitor(const void *bytes, int count, void *closure);
int history_changesets(struct repository *repository, sqlite3_int64 entry, bool backwards,
	changeset_visitor *visit, void *closure);
/* The first repository of the path, which has the history. NULL and odmerrno. */
struct repository *history_repository(void);
/* Whether it is of a version that has one: another may be seen by who can't write it. */
bool catalogue_has_history(struct repository *repository);
/* The same of the contents' versions; add: the table, where it is not there. 0, or -1, odmerrno. */
bool catalogue_has_contents(struct repository *repository);
int catalogue_add_contents(struct repository *repository);
/* Whether the contents came to a version after an entry of the history. */
bool contents_newer_than_entry(struct repository *repository, sqlite3_int64 entry);

/* The object that a change set's row is about: its class and id. */
sqlite3_int64 change_object_id(sqlite3_changeset_iter *change, const char **table);

/* The state of a symbol, opened. NULL and odmerrno. write: refuse a class opened read-only. */
struct class_state *class_use(CLASS_SYMBOL symbol, bool write);
bool class_valid(CLASS_SYMBOL symbol);
/* A symbol from the catalogue of one repository, for symbol_free. NULL and odmerrno. */
CLASS_SYMBOL class_read(struct repository *repository, const char *class_name);
/* odmerrno from a statement of the class that could not be prepared or run. */
int class_fail(struct class_state *state);
/* Prepares a statement that is kept with the class; the one that fetches by id into state->by_id.
 */
int class_keep_prepared(struct class_state *state, sqlite3_stmt **kept, const struct text *sql);
int class_prepare_by_id(struct class_state *state);
/* Frees the class's statements; forgets the cursors of a thread that ended. */
void class_finalize(struct class_state *state);
void class_end_thread(unsigned long thread);
/* Frees a thread's cursors, or those of all threads: 0. */
void cursor_free_all(struct cursor **cursors, unsigned long thread);
/* Frees objects of one class, with what their links hold. */
void objects_free(CLASS_SYMBOL symbol, char *objects, int count);
void class_forget_all(void);
const struct ClassElem *class_descriptor(CLASS_SYMBOL symbol, const char *name, size_t length);
/* Room that an object of a class takes. */
bool elem_is_string(const struct ClassElem *elem);
/* Appends the column names, separated by commas. */
void class_append_columns(struct text *text, CLASS_SYMBOL symbol);

/* A string descriptor's value in an object, never NULL; an integer's. */
const char *member_string(const struct ClassElem *elem, const void *object);
long long member_integer(const struct ClassElem *elem, const void *object);
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

/* Sets them: false when the string is too long, memory is short or the number out of range. */
bool member_set_string(
	const struct ClassElem *elem, void *object, const char *value, size_t length);
bool member_set_integer(const struct ClassElem *elem, void *object, long long value);

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

void auto_finalize(sqlite3_stmt **statement);
#define AUTO_FINALIZE AUTO(auto_finalize)
void auto_database(sqlite3 **database);
#define AUTO_DATABASE AUTO(auto_database)

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

void lock_release_all(void);
void lock_end_thread(unsigned long thread);
