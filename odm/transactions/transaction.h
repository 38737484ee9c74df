/* Transactions: of one repository, and over those of the path. For the floors above objects. */
#pragma once

#include <stdbool.h>

#include "storage/repository.h"

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
/* Rolls back and keeps odmerrno, which says why; returns -1. */
int transaction_abandon(void);

/*
 * Makes a change of any tables in a transaction, recorded by SQLite's own session: for what is
 * seldom done. `change` returns 0 or -1 with odmerrno.
 */
typedef int recorded_change(struct repository *repository, void *closure);
int changes_record(struct repository *repository, recorded_change *change, void *closure);

/*
 * A transaction over several repositories. prepare: before they store their changes, gives them a
 * number; note: after that, what the others still have to commit goes into the one that commits
 * first, which is returned (NULL when only one has changes, or on failure); forget: after all have
 * committed. What a crash leaves undone, the opening of a repository does.
 */
int pending_prepare(void);
int pending_note(struct repository **coordinator);
void pending_forget(struct repository *coordinator);
