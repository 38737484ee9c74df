/*
 * Repositories: the directories of the path, opened, each with an SQLite file; and the nested
 * transactions of one file. Any floor.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/text.h"
#include "storage/error.h"
#include "storage/sqlite.h"

/* How deep transactions nest. */
#define MAX_NESTING 32

/* How long another process may keep a repository busy. */
#define BUSY_MILLISECONDS 30000

/* What a transaction changed so far: of the floor of transactions. */
struct changes;

/* A repository: one directory. Lives until odm_terminate. */
struct repository {
	char *directory;
	sqlite3 *database;
	sqlite3_stmt *find_class; /* in the catalogue; NULL until it is asked for */
	bool writable;
	bool is_current; /* its format was this version's when it was opened */
	int depth; /* of the transaction that this repository is in */
	int waited; /* milliseconds of the present wait for other processes */
	unsigned undone; /* how often a transaction, or a part of one, was taken back */
	bool notified; /* of the present wait: odm_on_wait's routine was called */
	struct changes
		*changes; /* NULL until a transaction writes; transactions_release frees it */
	struct repository *next; /* sorted by directory: all processes lock in one order */
};

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
void repository_close_all(void);
/* Closes the one of a directory, if it is open: no class may know it any more. */
void repository_close(const char *directory);
/*
 * Makes a repository's file with an empty catalogue: it appears whole or not at all. One that is
 * there by then is left as it is. 0, or -1 and odmerrno.
 */
int repository_make_file(const char *file, mode_t mode);
/* Does in other repositories what this one says they did not come to. 0, or -1 and odmerrno. */
int repository_recover(struct repository *repository);
/* The first directory of the path, to be freed; NULL when there is no memory. */
char *repository_directory(void);
/* Makes a directory the path, instead of the environment's: 0, or -1 and odmerrno. */
int repository_set_directory(const char *directory);
/* Runs SQL without parameters or rows: 0, or -1 and odmerrno. */
int repository_execute(struct repository *repository, const char *sql);
/* Runs SQL that was made as text. */
int repository_execute_text(struct repository *repository, const struct text *sql);
int repository_prepare(struct repository *repository, const char *sql, sqlite3_stmt **statement);

/*
 * SQLite's transaction, and savepoints in it. enter: one level more; keep and undo: end the
 * innermost one. undo keeps odmerrno, which says why. 0, or -1 and odmerrno.
 */
int nesting_enter(struct repository *repository);
int nesting_keep(struct repository *repository);
void nesting_undo(struct repository *repository);
/* A full disk or a failing one makes SQLite end the whole transaction by itself. */
bool nesting_lost(const struct repository *repository);
/* The level of odm_begin's transactions; a repository that is opened meanwhile takes part at it. */
int nesting_level(void);
void nesting_set_level(int level);

/*
 * What a repository is like, to tell later whether it changed. Of what is read, the stamp from
 * before it: a commit between the two makes it another. One that is not known equals none.
 */
struct repository_stamp {
	bool known;
	sqlite3_int64 rows; /* changed by this process */
	unsigned undone;
	uint64_t index[6]; /* the header of the log's index, which each commit changes */
};
struct repository_stamp repository_stamp(const struct repository *repository);
bool repository_unchanged(
	const struct repository *repository, const struct repository_stamp *since);

/* Checks that a database is a repository of this version; an older one is upgraded. */
int format_check(struct repository *repository);
/* The same of any file that a user names, and its integrity; nothing is written. */
int format_check_file(sqlite3 *database);
/* Whether it is of a version that has a history: another may be seen by who can't write it. */
bool format_has_history(struct repository *repository);
/* The same of the contents' versions; add: the table, where it is not there. 0, or -1, odmerrno. */
bool format_has_contents(struct repository *repository);
int format_add_contents(struct repository *repository);

/* Forgets what a coordinator has to do elsewhere, all of it or " WHERE ...". A failure does no
 * harm. */
void recovery_forget(struct repository *coordinator, const char *which);

/* Gives back all that odm_lock has given. */
void lock_release_all(void);
