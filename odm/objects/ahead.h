/* Objects of a search that are read before they are asked for. For the cursor. */
#pragma once

#include "objects/objects.h"
#include "storage/repository.h"

/*
 * A read of one object costs its row and a transaction, which is more: up to so many are read in
 * one, and handed out while the repository is as it was. Who changes what he finds is better off
 * with one at a time: each time that all of them were of use twice as many are read.
 */
#define MOST_AHEAD 64

struct ahead {
	struct repository_stamp stamp; /* from before they were read */
	char *objects;
	int count, next;
	int wanted; /* how many are read the next time */
};

/* The rows that match of a range of ids: a statement, and the number of its parameter for the
 * lowest one, which that for the highest follows. */
struct ahead_rows {
	sqlite3_stmt *range;
	int from;
};

/*
 * Reads the objects of these ids, which rise; some may have gone. Returns how many of the ids are
 * done with, or -1 and odmerrno.
 */
int ahead_read(struct ahead *ahead, struct class_state *state, const struct ahead_rows *rows,
	const sqlite3_int64 *ids, int count);

/* Whether there is one that still is what the repository has; what is not is dropped. */
bool ahead_has(struct ahead *ahead, const struct class_state *state);

/* The next one, as a get routine returns it: in the buffer, or malloc'ed. ODM_FAILED, odmerrno. */
void *ahead_take(struct ahead *ahead, CLASS_SYMBOL symbol, void *buffer);

void ahead_release(struct ahead *ahead, CLASS_SYMBOL symbol);
