/* odm_get_first by an indexed descriptor and durable changes, against bare SQLite on the same file.
 */
#include <odmx.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/cfgodm.h>

#include "bench.h"

static void fill(int objects)
{
	struct CuDv device = {.status = 1, .parent = "scsi0"};

	if (odm_begin() < 0)
		abort();
	for (int i = 0; i < objects; i++) {
		snprintf(device.name, sizeof(device.name), "hdisk%d", i);
		if (odm_add_obj(CuDv_CLASS, &device) < 0)
			abort();
	}
	if (odm_commit() < 0)
		abort();
}

/*
 * odm_get_first, and a bare prepared statement that fetches the same row: of `names` objects that
 * are spread over the class, by turns.
 */
static void measure_get(sqlite3 *database, int objects, int names)
{
	enum { CALLS = 100000 };
	struct CuDv device;
	char crit[64], name[16];
	sqlite3_stmt *row;

	double start = now();
	for (int i = 0; i < CALLS; i++) {
		snprintf(crit, sizeof(crit), "name = hdisk%d", i % names * 7919 % objects);
		if (odm_get_first(CuDv_CLASS, crit, &device) != &device)
			abort();
	}
	double ours = now() - start;

	sqlite3_prepare_v2(database, "SELECT * FROM CuDv WHERE name = ?1", -1, &row, NULL);
	start = now();
	for (int i = 0; i < CALLS; i++) {
		snprintf(name, sizeof(name), "hdisk%d", i % names * 7919 % objects);
		sqlite3_bind_text(row, 1, name, -1, SQLITE_STATIC);
		if (sqlite3_step(row) != SQLITE_ROW)
			abort();
		for (int column = 0; column < 9; column++)
			if (sqlite3_column_text(row, column) == NULL)
				abort();
		sqlite3_reset(row);
	}
	double floor = now() - start;
	sqlite3_finalize(row);
	printf("get_first, %6d of %7d objects: %5.2f us, bare SQLite %5.2f us, rate %3.0f %%\n",
		names, objects, ours / CALLS * 1e6, floor / CALLS * 1e6, floor / ours * 100);
}

static double search_ours(int objects)
{
	struct CuDv device;
	int found = 0;

	double start = processor_now();
	void *next = odm_get_first(CuDv_CLASS, "parent = scsi0 AND name LIKE hdisk*", &device);
	for (; next == &device; next = odm_get_next(CuDv_CLASS, &device))
		found++;
	double seconds = processor_now() - start;
	if (found != objects)
		abort();
	return seconds;
}

static double search_bare(sqlite3 *database)
{
	sqlite3_stmt *rows;

	double start = processor_now();
	sqlite3_prepare_v2(database,
		"SELECT * FROM CuDv WHERE parent = 'scsi0' AND name GLOB 'hdisk*' ORDER BY _id", -1,
		&rows, NULL);
	while (sqlite3_step(rows) == SQLITE_ROW)
		for (int column = 0; column < 9; column++)
			if (sqlite3_column_text(rows, column) == NULL)
				abort();
	double seconds = processor_now() - start;
	sqlite3_finalize(rows);
	return seconds;
}

/* A whole class by criteria whose matches an index has in another order, in turns. */
static void measure_search(sqlite3 *database, int objects)
{
	int rounds = objects > 100000 ? 1 : 200000 / objects;
	double ours = 0, floor = 0;

	for (int i = 0; i < rounds; i++) {
		ours += search_ours(objects);
		floor += search_bare(database);
	}
	printf("search of all %7d objects: %5.2f us an object, bare SQLite %5.2f us, time %.2fx\n",
		objects, ours / objects / rounds * 1e6, floor / objects / rounds * 1e6,
		ours / floor);
}

static double change_ours(int calls)
{
	struct CuDv device;

	if (odm_get_first(CuDv_CLASS, "name = hdisk0", &device) != &device)
		abort();
	double start = now();
	for (int i = 0; i < calls; i++) {
		device.status = !device.status;
		if (odm_change_obj(CuDv_CLASS, &device) < 0)
			abort();
	}
	return now() - start;
}

static double change_bare(sqlite3 *database, int calls)
{
	sqlite3_stmt *update;

	sqlite3_prepare_v2(
		database, "UPDATE CuDv SET status = 1 - status WHERE _id = 1", -1, &update, NULL);
	double start = now();
	for (int i = 0; i < calls; i++) {
		if (sqlite3_step(update) != SQLITE_DONE)
			abort();
		sqlite3_reset(update);
	}
	double seconds = now() - start;
	sqlite3_finalize(update);
	return seconds;
}

/* In turns, after the log has its full length: a file that grows is slower to synchronise. */
static void measure_change(sqlite3 *database)
{
	enum { CALLS = 100, ROUNDS = 10 };
	double ours = 0, floor = 0;

	sqlite3_exec(database, "PRAGMA synchronous = FULL", NULL, NULL, NULL);
	change_ours(10 * CALLS);
	for (int i = 0; i < ROUNDS; i++) {
		ours += change_ours(CALLS);
		floor += change_bare(database, CALLS);
	}
	printf("durable change: %5.0f us, bare SQLite %5.0f us, time %.2fx\n",
		ours / CALLS / ROUNDS * 1e6, floor / CALLS / ROUNDS * 1e6, ours / floor);
}

static void measure(int objects)
{
	char directory[] = "/tmp/odmcfg-bench-XXXXXX", file[64], command[64];
	sqlite3 *database;

	if (mkdtemp(directory) == NULL || setenv("ODMDIR", directory, 1) < 0 ||
		odm_compile_file(CLASSES, 0, ODM_MAKE_CLASSES, ".", stderr) < 0)
		abort();
	fill(objects);
	snprintf(file, sizeof(file), "%s/odm.db", directory);
	sqlite3_open(file, &database);
	measure_get(database, objects, 100);
	measure_get(database, objects, 1000);
	if (objects > 1000)
		measure_get(database, objects, objects);
	measure_search(database, objects);
	if (objects == 1000)
		measure_change(database);
	sqlite3_close(database);
	odm_terminate();
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	if (system(command) != 0)
		abort();
}

int main(void)
{
	measure(1000);
	measure(100000);
	measure(1000000);
	return 0;
}
