/*
 * Reads a table around its damage: upwards until a row can't be read, downwards until one can't,
 * and in the gap between the same from its middle on. Rows are found by their keys, so that a leaf
 * behind a damaged one is reached from above.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "salvage.h"
#include "storage/error.h"

/* How often it is tried, for one table; and how far behind the last row when no end is known. */
#define MOST_PROBES 50000
#define BEYOND 10000

/* What a step came to. */
enum reading {
	READ_ALL,
	READ_DAMAGE,
	READ_FAILED, /* odmerrno */
};

/* Of a damaged file SQLite may say nearly anything; only what is about this process is no damage.
 */
static enum reading judge(sqlite3 *database, int result)
{
	switch (result & 0xff) {
	case SQLITE_DONE:
	case SQLITE_OK:
		return READ_ALL;
	case SQLITE_NOMEM:
	case SQLITE_FULL:
	case SQLITE_CANTOPEN:
	case SQLITE_BUSY:
		odm_fail_sqlite(database);
		return READ_FAILED;
	default:
		return READ_DAMAGE;
	}
}

/* A row that does not fit the table is none that was stored so. */
static enum reading save_row(struct walk *walk, sqlite3_stmt *row)
{
	int count = sqlite3_column_count(row);

	sqlite3_reset(walk->insert);
	for (int i = 0; i < count; i++)
		if (sqlite3_bind_value(walk->insert, i + 1, sqlite3_column_value(row, i)) !=
			SQLITE_OK) {
			odm_fail_sqlite(walk->to);
			return READ_FAILED;
		}
	int result = sqlite3_step(walk->insert);
	if (result == SQLITE_DONE) {
		walk->saved++;
		return READ_ALL;
	}
	if ((result & 0xff) == SQLITE_CONSTRAINT || (result & 0xff) == SQLITE_MISMATCH)
		return READ_DAMAGE;
	odm_fail_sqlite(walk->to);
	return READ_FAILED;
}

/*
 * Saves rows from `first` to `last`, in the statement's order. *next: the key beyond the last one
 * that was saved. Keys that do not rise, or fall, are damage: pages that lead to each other.
 */
static enum reading scan(struct walk *walk, sqlite3_stmt *rows, sqlite3_int64 first,
	sqlite3_int64 last, sqlite3_int64 *next)
{
	bool up = rows == walk->up;
	enum reading reading = READ_ALL;
	int step;

	sqlite3_reset(rows);
	sqlite3_bind_int64(rows, 1, first);
	sqlite3_bind_int64(rows, 2, last);
	while (reading == READ_ALL && (step = sqlite3_step(rows)) == SQLITE_ROW) {
		sqlite3_int64 key = sqlite3_column_int64(rows, 0);
		if (sqlite3_column_type(rows, 0) != SQLITE_INTEGER ||
			(up ? key < *next || key > last : key > *next || key < first) ||
			key == INT64_MAX || key == INT64_MIN) {
			reading = READ_DAMAGE;
			break;
		}
		reading = save_row(walk, rows);
		if (reading == READ_ALL)
			*next = up ? key + 1 : key - 1;
	}
	if (reading == READ_ALL)
		reading = judge(walk->from, step);
	sqlite3_reset(rows);
	return reading;
}

/* Where rows may end: by the number that SQLite gives to the next one, if that can be read. */
static sqlite3_int64 likely_end(const struct walk *walk, sqlite3_int64 from)
{
	AUTO_FINALIZE sqlite3_stmt *row = NULL;
	sqlite3_int64 end = from + BEYOND;

	if (sqlite3_prepare_v2(walk->from, "SELECT seq FROM sqlite_sequence WHERE name = ?1", -1,
		    &row, NULL) == SQLITE_OK &&
		sqlite3_bind_text(row, 1, walk->table, -1, SQLITE_STATIC) == SQLITE_OK &&
		sqlite3_step(row) == SQLITE_ROW && sqlite3_column_int64(row, 0) >= from)
		end = sqlite3_column_int64(row, 0);
	return end;
}

/* Saves what is between two keys, both included. 0, or -1 and odmerrno. */
static int save_between(struct walk *walk, sqlite3_int64 first, sqlite3_int64 last)
{
	sqlite3_int64 below = first, above = last;

	if (walk->probes-- <= 0)
		return 0;
	enum reading reading = scan(walk, walk->up, first, last, &below);
	if (reading != READ_DAMAGE)
		return reading == READ_ALL ? 0 : -1;
	walk->damaged = true;
	reading = scan(walk, walk->down, below, last, &above);
	if (reading != READ_DAMAGE)
		return reading == READ_ALL ? 0 : -1;
	if (above == INT64_MAX)
		above = likely_end(walk, below);
	if (above <= below)
		return 0;
	sqlite3_int64 middle = below + (above - below) / 2;
	if (save_between(walk, below, middle) < 0)
		return -1;
	return save_between(walk, middle + 1, above);
}

/* "key, a, b": the key alone. */
static void append_key(struct text *sql, const struct walk *walk)
{
	text_append_bytes(sql, walk->columns, strcspn(walk->columns, ","));
}

static void append_select(struct text *sql, const struct walk *walk, const char *order)
{
	text_printf(sql, "SELECT %s FROM \"%s\" NOT INDEXED WHERE ", walk->columns, walk->table);
	append_key(sql, walk);
	text_append(sql, " BETWEEN ?1 AND ?2 ORDER BY ");
	append_key(sql, walk);
	text_append(sql, order);
}

static enum reading prepare(sqlite3 *database, const struct text *sql, sqlite3_stmt **statement)
{
	if (!sql->failed)
		return judge(
			database, sqlite3_prepare_v2(database, sql->data, -1, statement, NULL));
	odm_fail(ODMI_MALLOC_ERR);
	return READ_FAILED;
}

static enum reading prepare_all(struct walk *walk)
{
	AUTO(text_release) struct text up = {0}, down = {0}, insert = {0};

	append_select(&up, walk, "");
	append_select(&down, walk, " DESC");
	text_printf(&insert, "INSERT INTO \"%s\" (%s) VALUES (?", walk->table, walk->columns);
	for (const char *comma = walk->columns; (comma = strchr(comma, ',')) != NULL; comma++)
		text_append(&insert, ", ?");
	text_append(&insert, ")");
	if (prepare(walk->to, &insert, &walk->insert) != READ_ALL) {
		odm_fail_sqlite(walk->to);
		return READ_FAILED;
	}
	enum reading reading = prepare(walk->from, &up, &walk->up);
	return reading == READ_ALL ? prepare(walk->from, &down, &walk->down) : reading;
}

/* How many rows an index of the table knows; -1 when none can be read. */
static sqlite3_int64 count_by_index(const struct walk *walk)
{
	AUTO_FINALIZE sqlite3_stmt *row = NULL;
	AUTO(text_release) struct text sql = {0};

	text_printf(&sql, "SELECT count(*) FROM \"%s\" INDEXED BY \"odm_%s_1\"", walk->table,
		walk->table);
	if (prepare(walk->from, &sql, &row) != READ_ALL || sqlite3_step(row) != SQLITE_ROW)
		return -1;
	return sqlite3_column_int64(row, 0);
}

static int walk_prepared(struct walk *walk)
{
	walk->probes = MOST_PROBES;
	if (save_between(walk, 1, INT64_MAX) < 0)
		return -1;
	if (!walk->damaged)
		return 0;
	sqlite3_int64 all = count_by_index(walk);
	walk->lost = all >= walk->saved ? all - walk->saved : -1;
	return 0;
}

int walk_table(struct walk *walk)
{
	enum reading reading = prepare_all(walk);
	int result = 0;

	if (reading == READ_DAMAGE) {
		walk->damaged = true;
		walk->lost = -1;
	} else {
		result = reading == READ_ALL ? walk_prepared(walk) : -1;
	}
	sqlite3_finalize(walk->up);
	sqlite3_finalize(walk->down);
	sqlite3_finalize(walk->insert);
	return result;
}
