/* Whole processes that the benchmarks time, and what many times come to. */
#pragma once

#include <stddef.h>

/* What a command took. */
struct process_cost {
	double elapsed, processor; /* seconds */
	long memory; /* its largest size, KiB */
};

/* Runs a command with its output thrown away; one that fails ends the benchmark with a message. */
struct process_cost process_run(char *const *arguments);

/* The median of numbers, which are sorted for it. */
double median(double *numbers, size_t count);

/* Two commands that are run in turn, so that noise meets both: the medians of each. */
#define RACE_RUNS 401
struct race {
	double elapsed[2][RACE_RUNS], processor[2][RACE_RUNS];
	int runs;
};
void race_add(struct race *race, char *const *ours, char *const *floor);

/*
 * Prints both, and how many times as long ours takes; by the processor's time, too, which others
 * that are busy on the machine disturb less.
 */
void race_print(struct race *race, const char *what, double most);
