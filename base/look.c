#include "base/look.h"

#include <sched.h>
#include <time.h>

/*
 * Who lets others run where all processors are wanted comes back after their time slice, which is
 * far more than a wakeup: then sleeping is better, for a while.
 */
#define SLICE 500000
#define WHILE 100000000

/* When the calling thread may look again. */
static _Thread_local int64_t resting_until;

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

struct look look_begin(int64_t nanoseconds)
{
	int64_t time = now();

	return (struct look){.end = time < resting_until ? 0 : time + nanoseconds, .last = time};
}

bool look_goes_on(struct look *look)
{
	if (look->last >= look->end)
		return false;
	sched_yield();
	int64_t time = now();
	if (time - look->last > SLICE)
		resting_until = time + WHILE;
	look->last = time;
	return time < look->end;
}

bool look_for_change(_Atomic uint32_t *word, uint32_t was)
{
	if (atomic_load(word) != was)
		return true;
	struct look look = look_begin(LOOK_FOR_A_WAKEUP);
	while (look_goes_on(&look))
		if (atomic_load(word) != was)
			return true;
	return atomic_load(word) != was;
}
