/* The one place where a clock is read. */
#include "base/clock.h"

int64_t clock_read(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return (int64_t)time.tv_sec * CLOCK_SECOND + time.tv_nsec;
}

int64_t clock_nanoseconds(void)
{
	return clock_read(CLOCK_MONOTONIC);
}

int64_t clock_milliseconds(void)
{
	return clock_nanoseconds() / CLOCK_MILLISECOND;
}

struct timespec clock_timespec(int64_t nanoseconds)
{
	return (struct timespec){nanoseconds / CLOCK_SECOND, nanoseconds % CLOCK_SECOND};
}

struct timespec clock_deadline(int64_t nanoseconds)
{
	return clock_timespec(clock_nanoseconds() + nanoseconds);
}
