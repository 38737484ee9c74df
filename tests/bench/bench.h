/* What the benchmarks share. */
#pragma once

#include <time.h>

/* Seconds, from any start. */
static inline double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}
