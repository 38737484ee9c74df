/*
 * Device commands as whole processes on machines of growing size, against the smallest programs
 * that read and write the same file. usage: bench_devices ODMCFG SMALLEST GENERATE [DEVICES ...]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "process.h"

#define RUNS 101

static char *odmcfg, *smallest, *generate;
static char root[64], file[96];

static void race_listing(long devices)
{
	static struct race race;
	char what[64];
	char *ours[] = {odmcfg, (char[]){"lsattr"}, (char[]){"-El"}, (char[]){"hdisk7"}, NULL};
	char *floor[] = {smallest, file, (char[]){"hdisk7"}, NULL};

	for (race.runs = 0; race.runs < RUNS;)
		race_add(&race, ours, floor);
	snprintf(what, sizeof(what), "lsattr -El, %ld devices", devices);
	race_print(&race, what, 1.2);
}

static void race_change(long devices)
{
	static struct race race;
	char what[64], assignment[32], number[16];

	for (race.runs = 0; race.runs < RUNS;) {
		snprintf(number, sizeof(number), "%d", race.runs % 200 + 20);
		snprintf(assignment, sizeof(assignment), "queue_depth=%s", number);
		char *ours[] = {odmcfg, (char[]){"chdev"}, (char[]){"-l"}, (char[]){"hdisk7"},
			(char[]){"-a"}, assignment, NULL};
		char *floor[] = {
			smallest, file, (char[]){"hdisk8"}, (char[]){"size_in_mb"}, number, NULL};
		race_add(&race, ours, floor);
	}
	snprintf(what, sizeof(what), "chdev, %ld devices", devices);
	race_print(&race, what, 1.5);
}

static void list_all(long devices)
{
	static double times[2][RUNS];
	char *all[] = {odmcfg, (char[]){"lsdev"}, (char[]){"-C"}, NULL};
	char *one[] = {odmcfg, (char[]){"lsdev"}, (char[]){"-l"}, (char[]){"hdisk7"}, NULL};
	int runs = devices > 100000 ? 5 : RUNS;

	struct process_cost cost = {0};
	for (int i = 0; i < RUNS; i++) {
		if (i < runs)
			cost = process_run(all);
		times[0][i] = i < runs ? cost.elapsed : times[0][i % runs];
		times[1][i] = process_run(one).elapsed;
	}
	double beyond = median(times[0], RUNS) - median(times[1], RUNS);
	printf("lsdev -C, %ld devices: %.1f ms, %.2f million rows a second beyond the start, "
	       "%ld KiB\n",
		devices, median(times[0], RUNS) * 1e3, (double)devices / beyond / 1e6, cost.memory);
}

static void measure(long devices)
{
	char command[1024];
	char *configure[] = {odmcfg, (char[]){"cfgmgr"}, NULL};

	snprintf(command, sizeof(command),
		"rm -rf %s; %s %ld >%s.machine && %s init --machine %s.machine >/dev/null", root,
		generate, devices, root, odmcfg, root);
	if (system(command) != 0)
		exit(1);
	double first = process_run(configure).elapsed, again = process_run(configure).elapsed;
	printf("cfgmgr, %ld devices: %.3f ms a device, again %.3f ms\n", devices,
		first * 1e3 / (double)devices, again * 1e3 / (double)devices);
	race_listing(devices);
	race_change(devices);
	list_all(devices);
}

int main(int argc, char **argv)
{
	char *usual[] = {(char[]){"1000"}, (char[]){"10000"}, (char[]){"100000"}, NULL};
	char **sizes = argc > 4 ? argv + 4 : usual;
	char directory[] = "/tmp/odmcfg-devices-XXXXXX", command[128];

	if (argc < 4 || mkdtemp(directory) == NULL) {
		fprintf(stderr, "usage: bench_devices ODMCFG SMALLEST GENERATE [DEVICES ...]\n");
		return 2;
	}
	odmcfg = argv[1];
	smallest = argv[2];
	generate = argv[3];
	snprintf(root, sizeof(root), "%s/root", directory);
	snprintf(file, sizeof(file), "%s/objrepos/odm.db", root);
	setenv("ODMCFG_ROOT", root, 1);
	for (; *sizes != NULL; sizes++)
		measure(atol(*sizes));
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	return system(command) != 0;
}
