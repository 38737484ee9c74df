/* Spin waits, and when a thread had better sleep at once. */
#include "base/spin.h"

#include <sched.h>

#include "base/clock.h"

/*
 * Who lets others run where all processors are wanted comes back after their time slice, which is
 * far more than a wakeup: then sleeping is better, for a while.
 */
#define SLICE 500000 /* nanoseconds */
#define REST 100000000 /* nanoseconds */

/*
 * Threads that let each other run stay on one processor even while another is idle: only who sleeps
 * is woken where there is room. One that has met others on its processor so often sleeps once.
 */
#define SHARED 3000 /* nanoseconds that somebody else ran for */
#define OFTEN 50

/* When the calling thread may spin again, and how often it has met others. */
static _Thread_local int64_t resting_until;
static _Thread_local unsigned times_shared;

static bool had_better_sleep(int64_t time)
{
	if (times_shared < OFTEN)
		return time < resting_until;
	times_shared = 0;
	return true;
}

struct spin spin_begin(int64_t nanoseconds)
{
	int64_t time = clock_nanoseconds();

	return (struct spin){.end = had_better_sleep(time) ? 0 : time + nanoseconds, .last = time};
}

bool spin_again(struct spin *spin)
{
	if (spin->last >= spin->end)
		return false;
	sched_yield();
	int64_t time = clock_nanoseconds();
	if (time - spin->last > SLICE)
		resting_until = time + REST;
	if (time - spin->last > SHARED)
		times_shared++;
	spin->last = time;
	return time < spin->end;
}

bool spin_until_changed(_Atomic uint32_t *word, uint32_t was)
{
	if (atomic_load(word) != was)
		return true;
	struct spin spin = spin_begin(SPIN_WAKEUP);
	while (spin_again(&spin))
		if (atomic_load(word) != was)
			return true;
	return atomic_load(word) != was;
}
