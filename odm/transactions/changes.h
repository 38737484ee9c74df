/*
 * What a transaction changed in a repository, noted while it runs and stored with its entry of the
 * history. For the floors above objects.
 */
#pragma once

#include <odmi.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "storage/repository.h"
#include "storage/sqlite.h"

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
	bool one_of_several; /* the transaction that is being committed is one over several */
	sqlite3_stmt *insert;
};

/* Makes room for a repository's changes, once: 0, or -1 and odmerrno. Every transaction does it. */
int changes_prepare(struct repository *repository);

/* Notes what a statement did, for the history. */
void changes_note_add(
	struct changes *changes, CLASS_SYMBOL symbol, sqlite3_int64 id, const void *object);
/* row: the object before; columns: a byte for each descriptor that differs. */
void changes_note_change(struct changes *changes, CLASS_SYMBOL symbol, sqlite3_stmt *row,
	const void *object, const char *columns);
void changes_note_delete(struct changes *changes, CLASS_SYMBOL symbol, sqlite3_stmt *row);
/* Changes that the session extension made. */
void changes_note_bytes(struct changes *changes, const void *bytes, int count);

/* Notes where a level of nesting begins; takes back what was noted since, when it is undone. */
void changes_mark(struct changes *changes, int level);
void changes_forget(struct changes *changes, int level);
/* Takes back what was noted behind a length of the bytes. */
void changes_truncate(struct changes *changes, size_t length);
/* Nothing is noted any more: of a chunk that was stored; and of an entry. */
void changes_clear(struct changes *changes);
void changes_end_entry(struct changes *changes);
/* Frees the changes of a repository, and that they are there. */
void changes_release(struct repository *repository);
bool changes_any(const struct repository *repository);

/*
 * Stores what was noted as a change set of its own when it is at least `limit` bytes; and all
 * that is left with the entry of the history.
 */
#define CHANGES_CHUNK_BYTES ((size_t)1 << 20)
int changes_store_chunk(struct repository *repository, size_t limit);
int changes_store(struct repository *repository);

/* The process whose command the entries of the history are: this one, or that of odm_one_entry. */
int one_entry_process(void);
/* Adds a change set to the entry of odm_one_entry: 1, 0 when there is none to add to, -1. */
int one_entry_extend(struct repository *repository, const void *bytes, int length);

/*
 * Visits the stored change sets of an entry, in their order or backwards. visit returns 0 to go on;
 * its value is returned, -1 and odmerrno when they can't be read.
 */
typedef int changeset_visitor(const void *bytes, int count, void *closure);
int history_changesets(struct repository *repository, sqlite3_int64 entry, bool backwards,
	changeset_visitor *visit, void *closure);
/* The first repository of the path, which has the history. NULL and odmerrno. */
struct repository *history_repository(void);
