/* odm_get_first by an indexed descriptor and durable changes, against bare SQLite on the same file.
 */
#include <odmx.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/cfgodm.h>
#include <time.h>

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void fill(int objects)
{
	struct CuDv device = {.status = 1, .parent = "scsi0"};

	odm_begin();
	for (int i = 0; i < objects; i++) {
		snprintf(device.name, sizeof(device.name), "hdisk%d", i);
		if (odm_add_obj(CuDv_CLASS, &device) < 0)
			abort();
	}
	odm_commit();
}

/* Calls a second of odm_get_first, and of a bare prepared statement that fetches the same row. */
static void measure_get(sqlite3 *database, int objects)
{
	enum { CALLS = 100000 };
	struct CuDv device;
	char crit[64], name[16];
	sqlite3_stmt *row;

	double start = now();
	for (int i = 0; i < CALLS; i++) {
		snprintf(crit, sizeof(crit), "name = hdisk%d", i * 7919 % objects);
		if (odm_get_first(CuDv_CLASS, crit, &device) != &device)
			abort();
	}
	double ours = now() - start;

	sqlite3_prepare_v2(database, "SELECT * FROM CuDv WHERE name = ?1", -1, &row, NULL);
	start = now();
	for (int i = 0; i < CALLS; i++) {
		snprintf(name, sizeof(name), "hdisk%d", i * 7919 % objects);
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
	printf("get_first, %7d objects: %5.2f us, bare SQLite %5.2f us, rate %3.0f %%\n", objects,
		ours / CALLS * 1e6, floor / CALLS * 1e6, floor / ours * 100);
}

static void measure_change(sqlite3 *database)
{
	enum { CALLS = 500 };
	struct CuDv device;

	if (odm_get_first(CuDv_CLASS, "name = hdisk0", &device) != &device)
		abort();
	double start = now();
	for (int i = 0; i < CALLS; i++) {
		device.status = (short)(i & 1);
		if (odm_change_obj(CuDv_CLASS, &device) < 0)
			abort();
	}
	double ours = now() - start;

	sqlite3_exec(database, "PRAGMA synchronous = FULL", NULL, NULL, NULL);
	start = now();
	for (int i = 0; i < CALLS; i++)
		if (sqlite3_exec(database, "UPDATE CuDv SET status = 1 - status WHERE _id = 1",
			    NULL, NULL, NULL) != SQLITE_OK)
			abort();
	double floor = now() - start;
	printf("durable change: %5.0f us, bare SQLite %5.0f us, time %.2fx\n", ours / CALLS * 1e6,
		floor / CALLS * 1e6, ours / floor);
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
	measure_get(database, objects);
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
