/* Whole processes that the benchmarks time, and what many times come to. */
#include "process.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

struct process_cost process_run(char *const *arguments)
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
	if (wait4(child, &status, 0, &usage) != child || status != 0) {
		fprintf(stderr, "%s %s failed\n", arguments[0], arguments[1]);
		exit(1);
	}
	return (struct process_cost){.elapsed = now() - start,
		.processor = seconds(usage.ru_utime) + seconds(usage.ru_stime),
		.memory = usage.ru_maxrss};
}

static int compare(const void *left, const void *right)
{
	double difference = *(const double *)left - *(const double *)right;

	return (difference > 0) - (difference < 0);
}

double median(double *numbers, size_t count)
{
	qsort(numbers, count, sizeof(*numbers), compare);
	return numbers[count / 2];
}

void race_add(struct race *race, char *const *ours, char *const *floor)
{
	char *const *const commands[2] = {ours, floor};

	for (int i = 0; i < 2; i++) {
		struct process_cost cost = process_run(commands[i]);
		race->elapsed[i][race->runs] = cost.elapsed;
		race->processor[i][race->runs] = cost.processor;
	}
	race->runs++;
}

void race_print(struct race *race, const char *what, double most)
{
	size_t runs = (size_t)race->runs;
	double ours = median(race->elapsed[0], runs), floor = median(race->elapsed[1], runs);

	printf("%s: %.2f ms, smallest program %.2f ms, time %.2fx (at most %.1fx), processor "
	       "%.2fx\n",
		what, ours * 1e3, floor * 1e3, ours / floor, most,
		median(race->processor[0], runs) / median(race->processor[1], runs));
}
