/* Whole processes that the benchmarks time, and what many times come to. */
#include "process.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

double process_time(char *const *arguments, int allowed, long *memory)
{
	struct rusage usage;
	int status;
	double start = now();
	pid_t child = vfork();

	if (child == 0) {
		int quiet = open("/dev/null", O_WRONLY);
		dup2(quiet, STDOUT_FILENO);
		execv(arguments[0], arguments);
		_exit(127);
	}
	if (wait4(child, &status, 0, &usage) != child || !WIFEXITED(status) ||
		(WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != allowed)) {
		fprintf(stderr, "%s %s failed\n", arguments[0], arguments[1]);
		exit(1);
	}
	if (memory != NULL)
		*memory = usage.ru_maxrss;
	return now() - start;
}

static int compare(const void *left, const void *right)
{
	double difference = *(const double *)left - *(const double *)right;

	return (difference > 0) - (difference < 0);
}

double median(double *times, size_t count)
{
	qsort(times, count, sizeof(*times), compare);
	return times[count / 2];
}
