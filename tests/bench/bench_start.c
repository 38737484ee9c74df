/*
 * odmget of one device as a whole process, against the smallest program that does the query, linked
 * as usual and statically. usage: bench_start ODMGET SMALLEST [SMALLEST]
 */
#include <fcntl.h>
#include <odmx.h>
#include <stdlib.h>
#include <string.h>
#include <sys/cfgodm.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define RUNS 500

static double run(char *const *arguments)
{
	int status;
	double start = now();
	pid_t child = vfork();

	if (child == 0) {
		execv(arguments[0], arguments);
		_exit(127);
	}
	if (waitpid(child, &status, 0) != child || status != 0)
		abort();
	return now() - start;
}

static int compare(const void *left, const void *right)
{
	double difference = *(const double *)left - *(const double *)right;

	return (difference > 0) - (difference < 0);
}

int main(int argc, char **argv)
{
	char directory[] = "/tmp/odmcfg-start-XXXXXX", file[64], command[64];
	struct CuDv device = {.name = "scsi1"};
	static double times[4][RUNS];

	if (argc < 3 || argc > 4 || mkdtemp(directory) == NULL ||
		setenv("ODMDIR", directory, 1) < 0 ||
		odm_compile_file(CLASSES, 0, ODM_MAKE_CLASSES, ".", stderr) < 0 ||
		odm_add_obj(CuDv_CLASS, &device) < 0) {
		fprintf(stderr, "usage: bench_start ODMGET SMALLEST [SMALLEST]\n");
		return 2;
	}
	snprintf(file, sizeof(file), "%s/odm.db", directory);
	char *ours[] = {argv[1], (char[]){"-q"}, (char[]){"name=scsi1"}, (char[]){"CuDv"}, NULL};
	int saved = dup(STDOUT_FILENO), quiet = open("/dev/null", O_WRONLY);
	dup2(quiet, STDOUT_FILENO);
	for (int i = 0; i < RUNS; i++) {
		times[0][i] = run(ours);
		for (int other = 2; other < argc; other++) {
			char *smallest[] = {argv[other], file, (char[]){"scsi1"}, NULL};
			times[other - 1][i] = run(smallest);
		}
	}
	dup2(saved, STDOUT_FILENO);
	for (int which = 0; which < argc - 1; which++)
		qsort(times[which], RUNS, sizeof(double), compare);
	double median = times[0][RUNS / 2];
	for (int which = 1; which < argc - 1; which++)
		printf("odmget of one device: %.2f ms, %s %.2f ms, time %.2fx\n", median * 1e3,
			strrchr(argv[which + 1], '/') != NULL ? strrchr(argv[which + 1], '/') + 1
							      : argv[which + 1],
			times[which][RUNS / 2] * 1e3, median / times[which][RUNS / 2]);
	odm_terminate();
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	return system(command) != 0;
}
