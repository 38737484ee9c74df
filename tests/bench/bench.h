/* What the benchmarks share. */
#pragma once

#include <time.h>

static inline double seconds_of(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Seconds, from any start. */
static inline double now(void)
{
	return seconds_of(CLOCK_MONOTONIC);
}

/* Of the processor, for what waits for nothing: others that want it too don't count. */
static inline double processor_now(void)
{
	return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}
