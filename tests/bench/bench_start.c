/*
 * odmget of one device as a whole process, against the smallest program that does the query, linked
 * as usual and statically. usage: bench_start ODMGET SMALLEST [SMALLEST]
 */
#include <odmx.h>
#include <stdlib.h>
#include <string.h>
#include <sys/cfgodm.h>
#include <unistd.h>

#include "process.h"

#define RUNS 500

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
	for (int i = 0; i < RUNS; i++) {
		times[0][i] = process_run(ours).elapsed;
		for (int other = 2; other < argc; other++) {
			char *smallest[] = {argv[other], file, (char[]){"scsi1"}, NULL};
			times[other - 1][i] = process_run(smallest).elapsed;
		}
	}
	double our_time = median(times[0], RUNS);
	for (int which = 1; which < argc - 1; which++) {
		const char *slash = strrchr(argv[which + 1], '/');
		double floor = median(times[which], RUNS);
		printf("odmget of one device: %.2f ms, %s %.2f ms, time %.2fx\n", our_time * 1e3,
			slash != NULL ? slash + 1 : argv[which + 1], floor * 1e3, our_time / floor);
	}
	odm_terminate();
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	return system(command) != 0;
}
