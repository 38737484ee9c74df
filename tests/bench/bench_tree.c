/*
 * Many disks of a made tree: how long cfgmgr takes for each, first and again, as their number
 * grows; and odmcfg drift of five stored attributes of each, against bare reads of the same files.
 * usage: bench_tree ODMCFG MAKE_TREE [DISKS ...]
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "process.h"

#define ROUNDS 5

static const struct {
	const char *attribute, *value, *path;
} stored[] = {{"read_ahead_kb", "128", "queue/read_ahead_kb"},
	{"nr_requests", "256", "queue/nr_requests"},
	{"max_sectors_kb", "1280", "queue/max_sectors_kb"},
	{"scheduler", "mq-deadline", "queue/scheduler"},
	{"queue_depth", "32", "device/queue_depth"}};

#define ATTRIBUTES ((long)(sizeof(stored) / sizeof(*stored)))

static char *odmcfg, *make_tree;
static char root[80], tree[80];

__attribute__((format(printf, 1, 2))) static void shell(const char *format, ...)
{
	char command[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(command, sizeof(command), format, arguments);
	va_end(arguments);
	if (system(command) != 0) {
		fprintf(stderr, "%s failed\n", command);
		exit(1);
	}
}

/* Calls `each` with the name of each disk, and the kernel's. */
static long each_disk(void (*each)(FILE *file, const char *name, const char *os_name), FILE *file)
{
	char command[256], name[32], os_name[64];
	long count = 0;

	snprintf(command, sizeof(command),
		"sqlite3 -separator ' ' %s/objrepos/odm.db \"SELECT name, value FROM CuAt WHERE "
		"attribute = 'os_name' AND name LIKE 'hdisk%%'\"",
		root);
	FILE *list = popen(command, "r");
	if (list == NULL)
		exit(1);
	for (; fscanf(list, "%31s %63s", name, os_name) == 2; count++)
		each(file, name, os_name);
	pclose(list);
	return count;
}

static void write_stanzas(FILE *file, const char *name, const char *os_name)
{
	(void)os_name;
	for (int i = 0; i < ATTRIBUTES; i++)
		fprintf(file,
			"\nCuAt:\n\tname = \"%s\"\n\tattribute = \"%s\"\n\tvalue = \"%s\"\n"
			"\ttype = \"R\"\n\tgeneric = \"DU\"\n\trep = \"s\"\n\tnls_index = 11\n",
			name, stored[i].attribute, stored[i].value);
}

static void write_paths(FILE *file, const char *name, const char *os_name)
{
	(void)name;
	for (int i = 0; i < ATTRIBUTES; i++)
		fprintf(file, "%s/block/%s/%s\n", tree, os_name, stored[i].path);
}

/* Of the files that the list names. */
static double time_bare_reads(FILE *paths)
{
	static char *list[100000];
	static size_t count;
	char line[256], room[4096];

	for (rewind(paths); count < 100000 && fgets(line, sizeof(line), paths) != NULL; count++) {
		line[strcspn(line, "\n")] = '\0';
		list[count] = strdup(line);
	}
	double start = now();
	for (size_t i = 0; i < count; i++) {
		int file = open(list[i], O_RDONLY | O_CLOEXEC);
		if (file < 0 || read(file, room, sizeof(room)) <= 0) {
			perror(list[i]);
			exit(1);
		}
		close(file);
	}
	return now() - start;
}

static void find_drift(void)
{
	double times[2][ROUNDS];
	char *ours[] = {odmcfg, (char[]){"drift"}, NULL};
	FILE *paths = tmpfile(), *stanzas = NULL;
	char name[128];

	snprintf(name, sizeof(name), "%s.stanzas", root);
	stanzas = fopen(name, "w");
	if (paths == NULL || stanzas == NULL)
		exit(1);
	each_disk(write_stanzas, stanzas);
	fclose(stanzas);
	shell("%s odmadd %s", odmcfg, name);
	long values = ATTRIBUTES * each_disk(write_paths, paths);
	for (int i = 0; i < ROUNDS; i++) {
		times[0][i] = process_run(ours).elapsed;
		times[1][i] = time_bare_reads(paths);
	}
	double our_time = median(times[0], ROUNDS), floor = median(times[1], ROUNDS);
	printf("odmcfg drift of %ld values: %.0f ms, bare reads %.0f ms, time %.2fx (at most 2x)\n",
		values, our_time * 1e3, floor * 1e3, our_time / floor);
	fclose(paths);
}

static void configure(long disks)
{
	char *cfgmgr[] = {odmcfg, (char[]){"cfgmgr"}, NULL};

	shell("rm -rf %s %s; %s %s %ld", root, tree, make_tree, tree, disks);
	shell("%s init --host >/dev/null; echo 'host = \"%s\";' >%s/etc/machine.cfg", odmcfg, tree,
		root);
	struct process_cost first = process_run(cfgmgr), again = process_run(cfgmgr);
	double each = 1e3 / (double)disks;
	printf("cfgmgr, %ld disks: %.3f ms each, again %.3f ms each (at most 0.5 ms); processor "
	       "%.3f ms, again %.3f ms\n",
		disks, first.elapsed * each, again.elapsed * each, first.processor * each,
		again.processor * each);
}

int main(int argc, char **argv)
{
	char *usual[] = {(char[]){"500"}, (char[]){"2000"}, (char[]){"10000"}, NULL};
	char **sizes = argc > 3 ? argv + 3 : usual;
	char directory[64];
	const char *temporary = getenv("TMPDIR");

	snprintf(directory, sizeof(directory), "%.40s/odmcfg-tree-XXXXXX",
		temporary != NULL ? temporary : "/tmp");
	if (argc < 3 || mkdtemp(directory) == NULL) {
		fprintf(stderr, "usage: bench_tree ODMCFG MAKE_TREE [DISKS ...]\n");
		return 2;
	}
	setlinebuf(stdout);
	odmcfg = argv[1];
	make_tree = argv[2];
	snprintf(root, sizeof(root), "%s/root", directory);
	snprintf(tree, sizeof(tree), "%s/sys", directory);
	setenv("ODMCFG_ROOT", root, 1);
	for (; *sizes != NULL; sizes++)
		configure(atol(*sizes));
	find_drift();
	shell("rm -rf %s", directory);
	return 0;
}
