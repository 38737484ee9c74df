/*
 * Watchdog timers, and the host's own: a handler that does not end stops every handler of the
 * process, so the process ends itself and says whose handler it was.
 */
#include <sys/watchdog.h>

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/errids.h>
#include <sys/intr.h>
#include <time.h>

#include "processor/environment.h"
#include "processor/fault_stack.h"
#include "processor/owner.h"
#include "processor/processor.h"
#include "services/watchdog.h"

/* Seconds that one handler may run. */
#define HANDLER_SECONDS 5

/* Guards the list and every count; taken at INTTIMER. */
static Simple_lock lock;
static struct watchdog *watchdogs;

/* How many there are: the clock's thread may not wait for the lock, which a handler may keep. */
static atomic_uint watchdog_count;

static void tick(struct intr_source *source, uint32_t flags);
static struct intr_source timer = {.handler = tick, .priority = INTTIMER};

/* The next timer that comes to its end, stopped; NULL when no other does. */
static struct watchdog *take_due(struct watchdog *watchdog)
{
	for (; watchdog != NULL; watchdog = watchdog->next)
		if (watchdog->count > 0 && --watchdog->count == 0)
			return watchdog;
	return NULL;
}

/* func may start and stop timers, so the lock is not held over it; w_clear waits for the handler.
 */
static void tick(struct intr_source *source, uint32_t flags)
{
	(void)source;
	(void)flags;
	int old = disable_lock(INTTIMER, &lock);
	struct watchdog *due = take_due(watchdogs);
	while (due != NULL) {
		unlock_enable(old, &lock);
		void *outer = processor_blame((void *)due->func);
		due->func(due);
		processor_restore(outer);
		old = disable_lock(INTTIMER, &lock);
		due = take_due(due->next);
	}
	unlock_enable(old, &lock);
}

/* With the lock held. */
static bool is_entered(const struct watchdog *wanted)
{
	const struct watchdog *watchdog = watchdogs;

	while (watchdog != NULL && watchdog != wanted)
		watchdog = watchdog->next;
	return watchdog != NULL;
}

static void enter(struct watchdog *watchdog)
{
	watchdog->count = 0;
	watchdog->prev = NULL;
	watchdog->next = watchdogs;
	if (watchdogs != NULL)
		watchdogs->prev = watchdog;
	watchdogs = watchdog;
	atomic_fetch_add(&watchdog_count, 1);
}

void w_init(struct watchdog *watchdog)
{
	if (!environment_is_process("w_init"))
		return;
	int old = disable_lock(INTTIMER, &lock);
	bool entered = is_entered(watchdog);
	if (!entered)
		enter(watchdog);
	unlock_enable(old, &lock);
	if (entered)
		environment_refuse("w_init", "for a timer that is entered", "call w_clear first");
}

static void set_count(struct watchdog *watchdog, uint32_t count)
{
	int old = disable_lock(INTTIMER, &lock);

	watchdog->count = count;
	unlock_enable(old, &lock);
}

void w_start(struct watchdog *watchdog)
{
	set_count(watchdog, watchdog->restart);
}

void w_stop(struct watchdog *watchdog)
{
	set_count(watchdog, 0);
}

static void take_out(struct watchdog *watchdog)
{
	if (watchdog->prev != NULL)
		watchdog->prev->next = watchdog->next;
	else
		watchdogs = watchdog->next;
	if (watchdog->next != NULL)
		watchdog->next->prev = watchdog->prev;
	watchdog->next = watchdog->prev = NULL;
	atomic_fetch_sub(&watchdog_count, 1);
}

void w_clear(struct watchdog *watchdog)
{
	if (!environment_may_sleep("w_clear"))
		return;
	int old = disable_lock(INTTIMER, &lock);
	bool entered = is_entered(watchdog);
	if (entered)
		take_out(watchdog);
	unlock_enable(old, &lock);
	if (!entered)
		environment_refuse("w_clear", "for a timer that is not entered",
			"clear each once after its w_init");
}

/* The same handler for so many checks, a second apart: it does not end. */
static void check_handlers(void)
{
	static uint64_t begun_before;
	static unsigned seconds;
	void *routine;
	uint64_t begun = processor_progress(&routine);

	seconds = routine != NULL && begun == begun_before ? seconds + 1 : 0;
	begun_before = begun;
	if (seconds < HANDLER_SECONDS)
		return;
	error_log("KEX_LOOP", owner_of((uintptr_t)routine, NULL),
		"its interrupt handler has run for %d seconds and blocks all others; "
		"the process ends",
		HANDLER_SECONDS);
	abort();
}

static void *run(void *argument)
{
	const struct timespec second = {1, 0};

	(void)argument;
	fault_stack_prepare();
	for (;;) {
		clock_nanosleep(CLOCK_MONOTONIC, 0, &second, NULL);
		check_handlers();
		if (atomic_load(&watchdog_count) > 0)
			source_raise(&timer, 1);
	}
	return NULL;
}

int watchdog_start(void)
{
	pthread_t thread;

	if (source_init(&timer) != INTR_SUCC)
		return EINVAL;
	int error = pthread_create(&thread, NULL, run, NULL);
	if (error == 0)
		pthread_detach(thread);
	return error;
}
