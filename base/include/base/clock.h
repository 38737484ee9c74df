/*
 * What time it is. Everybody's only way to a clock: durations and deadlines are of the monotonic
 * one, which no setting of the time of day moves.
 */
#pragma once

#include <stdint.h>
#include <time.h>

#define CLOCK_SECOND INT64_C(1000000000) /* nanoseconds */
#define CLOCK_MILLISECOND INT64_C(1000000) /* nanoseconds */

/* Nanoseconds, and milliseconds, of CLOCK_MONOTONIC. */
int64_t clock_nanoseconds(void);
int64_t clock_milliseconds(void);

/* Nanoseconds of another clock: CLOCK_REALTIME's are those since 1970. */
int64_t clock_read(clockid_t clock);

/* So many nanoseconds, for calls that want them in two parts. */
struct timespec clock_timespec(int64_t nanoseconds);

/* The moment of CLOCK_MONOTONIC so many nanoseconds from now: for pthread_cond_clockwait. */
struct timespec clock_deadline(int64_t nanoseconds);
