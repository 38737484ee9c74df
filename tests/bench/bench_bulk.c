/*
 * odmadd of many CuAt stanzas, as a process, against bare prepared inserts of the same rows into
 * the same table in one transaction; and the process's memory. usage: bench_bulk ODMADD [OBJECTS]
 */
#include <odmx.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/cfgodm.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

static char directory[] = "/tmp/odmcfg-bulk-XXXXXX";
static const char *const attributes[] = {"pvid", "queue_depth", "size_in_mb", "unique_id"};
static const char value[] = "00ce4b6ade6da8490000000000000000";

static void make_anew(void)
{
	char command[64];

	odm_terminate();
	snprintf(command, sizeof(command), "rm -f %s/odm.db*", directory);
	if (system(command) != 0 || odm_compile_file(CLASSES, 0, ODM_MAKE_CLASSES, ".", stderr) < 0)
		abort();
	odm_terminate();
}

static void write_stanzas(const char *name, int objects)
{
	FILE *file = fopen(name, "w");

	if (file == NULL)
		abort();
	for (int i = 0; i < objects; i++)
		fprintf(file,
			"\nCuAt:\n\tname = \"hdisk%d\"\n\tattribute = \"%s\"\n\tvalue = \"%s\"\n"
			"\ttype = \"R\"\n\tgeneric = \"D\"\n\trep = \"s\"\n\tnls_index = 11\n",
			i / 4, attributes[i % 4], value);
	if (fclose(file) != 0)
		abort();
}

/* Seconds of the whole command; its largest memory in KiB. */
static double run_odmadd(const char *program, const char *name, long *memory)
{
	struct rusage usage;
	int status;
	double start = now();
	pid_t child = fork();

	if (child == 0) {
		execl(program, "odmadd", name, (char *)NULL);
		_exit(127);
	}
	if (wait4(child, &status, 0, &usage) != child || status != 0)
		abort();
	*memory = usage.ru_maxrss;
	return now() - start;
}

static double insert_bare(int objects)
{
	char file[64], name[16];
	sqlite3 *database;
	sqlite3_stmt *insert;

	snprintf(file, sizeof(file), "%s/odm.db", directory);
	double start = now();
	sqlite3_open(file, &database);
	sqlite3_exec(database, "PRAGMA synchronous = FULL; BEGIN IMMEDIATE", NULL, NULL, NULL);
	sqlite3_prepare_v2(database,
		"INSERT INTO CuAt (name, attribute, value, type, generic, rep, nls_index)"
		" VALUES (?, ?, ?, 'R', 'D', 's', 11)",
		-1, &insert, NULL);
	for (int i = 0; i < objects; i++) {
		snprintf(name, sizeof(name), "hdisk%d", i / 4);
		sqlite3_bind_text(insert, 1, name, -1, SQLITE_STATIC);
		sqlite3_bind_text(insert, 2, attributes[i % 4], -1, SQLITE_STATIC);
		sqlite3_bind_text(insert, 3, value, -1, SQLITE_STATIC);
		if (sqlite3_step(insert) != SQLITE_DONE)
			abort();
		sqlite3_reset(insert);
	}
	sqlite3_finalize(insert);
	if (sqlite3_exec(database, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		abort();
	sqlite3_close(database);
	return now() - start;
}

int main(int argc, char **argv)
{
	int objects = argc > 2 ? atoi(argv[2]) : 1000000;
	char name[64], command[64];
	long memory;

	if (argc < 2 || mkdtemp(directory) == NULL || setenv("ODMDIR", directory, 1) < 0) {
		fprintf(stderr, "usage: bench_bulk ODMADD [OBJECTS]\n");
		return 2;
	}
	snprintf(name, sizeof(name), "%s/stanzas", directory);
	write_stanzas(name, objects);
	for (int round = 0; round < 2; round++) {
		make_anew();
		double floor = insert_bare(objects);
		make_anew();
		double ours = run_odmadd(argv[1], name, &memory);
		printf("odmadd of %d stanzas: %.2f s, bare SQLite %.2f s, rate %.0f %%, %.1f MiB\n",
			objects, ours, floor, floor / ours * 100, (double)memory / 1024);
	}
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	return system(command) != 0;
}
