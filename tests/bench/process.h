/* Whole processes that the benchmarks time, and what many times come to. */
#pragma once

#include <stddef.h>

/* A command's seconds, its output thrown away; *memory gets its largest size in KiB, unless it is
 * NULL. One that fails ends the benchmark with a message, but for status `allowed`. */
double process_time(char *const *arguments, int allowed, long *memory);

/* The median of times, which are sorted for it. */
double median(double *times, size_t count);
