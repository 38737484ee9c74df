#include "suite.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/buf.h>
#include <sys/intr.h>
#include <sys/sleep.h>

#include "error_log_capture.h"
#include "services/thread.h"

static event_word word;
static Simple_lock lock;
static bool posted;
static atomic_int posts_taken;
static atomic_bool entered;

/* The pattern of every driver: the handler posts under the lock, process level waits under it. */
static void post(struct intr_source *source, uint32_t flags)
{
	(void)flags;
	int old = disable_lock(source->priority, &lock);
	posted = true;
	e_wakeup(&word);
	unlock_enable(old, &lock);
}

static struct intr_source poster = {.handler = post, .priority = INTCLASS1};

static void *wait_for_post(void *argument)
{
	const int *rounds = argument;

	for (int i = 0; i < *rounds; i++) {
		int old = disable_lock(INTCLASS1, &lock);
		while (!posted)
			e_sleep_thread(&word, &lock, EVENT_SHORT | LOCK_HANDLER);
		posted = false;
		unlock_enable(old, &lock);
		atomic_fetch_add(&posts_taken, 1);
	}
	return NULL;
}

START_TEST(no_wakeup_is_lost_between_lock_and_sleep)
{
	int rounds = 2000;
	pthread_t waiter;

	ck_assert_int_eq(source_init(&poster), INTR_SUCC);
	ck_assert_int_eq(pthread_create(&waiter, NULL, wait_for_post, &rounds), 0);
	for (int i = 0; i < rounds; i++) {
		source_raise(&poster, 1);
		while (atomic_load(&posts_taken) <= i)
			sched_yield();
	}
	ck_assert_int_eq(pthread_join(waiter, NULL), 0);
	source_clear(&poster);
}
END_TEST

static void *sleep_until_signalled(void *argument)
{
	kern_thread_enter(argument);
	int old = disable_lock(INTCLASS1, &lock);
	atomic_store(&entered, true);
	int result = e_sleep_thread(&word, &lock, EVENT_SIGRET | LOCK_HANDLER);
	int priority = i_priority();
	unlock_enable(old, &lock);
	kern_thread_leave();
	return (void *)(intptr_t)(result == EVENT_SIG && priority == INTCLASS1);
}

static void expect_only_the_signal_ends_the_sleep(void)
{
	struct kern_thread thread = {0};
	pthread_t sleeper;
	void *right = NULL;

	atomic_store(&entered, false);
	ck_assert_int_eq(pthread_create(&sleeper, NULL, sleep_until_signalled, &thread), 0);
	while (!atomic_load(&entered))
		sched_yield();
	kern_thread_signal(&thread);
	pthread_join(sleeper, &right);
	ck_assert_ptr_nonnull(right);
	ck_assert_ptr_null(word.head);
}

START_TEST(a_signal_ends_the_sleep_and_the_lock_is_held_again)
{
	expect_only_the_signal_ends_the_sleep();
}
END_TEST

START_TEST(a_wakeup_before_the_sleep_is_lost)
{
	e_wakeup(&word);
	expect_only_the_signal_ends_the_sleep();
}
END_TEST

static atomic_uint events_seen;
static _Atomic thread_id waiting_thread;

static void *wait_for_events(void *argument)
{
	struct kern_thread thread = {0};

	kern_thread_enter(&thread);
	atomic_store(&waiting_thread, thread_self());
	while (argument != NULL && !atomic_load((atomic_bool *)argument))
		sched_yield();
	atomic_store(&events_seen, et_wait(0x30, 0x10, EVENT_SHORT));
	ck_assert_uint_eq(et_wait(0x20, 0x20, EVENT_SHORT), 0x20);
	kern_thread_leave();
	return NULL;
}

START_TEST(a_post_before_the_wait_stays)
{
	atomic_bool go_on = false;
	pthread_t waiter;

	atomic_store(&waiting_thread, 0);
	ck_assert_int_eq(pthread_create(&waiter, NULL, wait_for_events, &go_on), 0);
	while (atomic_load(&waiting_thread) == 0)
		sched_yield();
	et_post(0x10, atomic_load(&waiting_thread));
	et_post(0x20, atomic_load(&waiting_thread));
	et_post(0x40, atomic_load(&waiting_thread) + 1);
	atomic_store(&go_on, true);
	pthread_join(waiter, NULL);
	ck_assert_uint_eq(atomic_load(&events_seen), 0x30);
}
END_TEST

START_TEST(a_post_ends_the_wait)
{
	pthread_t waiter;

	atomic_store(&waiting_thread, 0);
	ck_assert_int_eq(pthread_create(&waiter, NULL, wait_for_events, NULL), 0);
	while (atomic_load(&waiting_thread) == 0)
		sched_yield();
	et_post(0x30, atomic_load(&waiting_thread));
	pthread_join(waiter, NULL);
	ck_assert_uint_eq(atomic_load(&events_seen), 0x30);
}
END_TEST

static void *wait_for_signalled_events(void *argument)
{
	kern_thread_enter(argument);
	et_post(0x20, thread_self());
	atomic_store(&entered, true);
	uint32_t events = et_wait(0x10, 0x10, EVENT_SIGRET);
	kern_thread_leave();
	return (void *)(uintptr_t)events;
}

START_TEST(a_signal_ends_the_wait_and_wipes_the_events)
{
	struct kern_thread thread = {0};
	pthread_t waiter;
	void *events = NULL;

	atomic_store(&entered, false);
	ck_assert_int_eq(pthread_create(&waiter, NULL, wait_for_signalled_events, &thread), 0);
	while (!atomic_load(&entered))
		sched_yield();
	kern_thread_signal(&thread);
	pthread_join(waiter, &events);
	ck_assert_uint_eq((uintptr_t)events, EVENT_SIGNALLED);
	ck_assert_uint_eq(thread.events, 0);
}
END_TEST

START_TEST(a_wakeup_between_assertion_and_block_counts)
{
	e_assert_wait(&word, EVENT_SHORT);
	e_wakeup(&word);
	ck_assert_int_eq(e_block_thread(), EVENT_SUCC);
	ck_assert_int_eq(e_block_thread(), EVENT_SIG);
	ck_assert_int_eq(environment_violations(), 1);
	e_assert_wait(&word, EVENT_SHORT);
	e_assert_wait(&word, EVENT_SHORT);
	ck_assert_int_eq(environment_violations(), 2);
	e_wakeup(&word);
	ck_assert_int_eq(e_block_thread(), EVENT_SUCC);
}
END_TEST

static void *signal_when_it_sleeps(void *argument)
{
	const struct timespec moment = {0, 50000000};

	nanosleep(&moment, NULL);
	kern_thread_signal(argument);
	return NULL;
}

START_TEST(a_sleep_between_assertion_and_block_takes_no_signal_away)
{
	struct kern_thread thread = {0};
	pthread_t signaller;

	kern_thread_enter(&thread);
	e_assert_wait(&word, EVENT_SIGRET);
	ck_assert_int_eq(delay(1), EVENT_SUCC);
	ck_assert_int_eq(pthread_create(&signaller, NULL, signal_when_it_sleeps, &thread), 0);
	/* It would sleep for ever. */
	ck_assert_int_eq(e_block_thread(), EVENT_SIG);
	pthread_join(signaller, NULL);
	kern_thread_leave();
}
END_TEST

static lock_t nested = LOCK_AVAIL;
static int inside, inside_most;

static void *lock_much(void *argument)
{
	struct kern_thread thread = {0};

	(void)argument;
	kern_thread_enter(&thread);
	for (int i = 0; i < 2000; i++) {
		ck_assert_int_eq(lockl(&nested, LOCK_SHORT), LOCK_SUCC);
		ck_assert_int_eq(lockl(&nested, LOCK_SHORT), LOCK_NEST);
		inside_most = ++inside > inside_most ? inside : inside_most;
		if (i % 16 == 0)
			sched_yield();
		inside--;
		unlockl(&nested);
	}
	kern_thread_leave();
	return NULL;
}

START_TEST(only_its_holder_gives_a_lock_back)
{
	struct kern_thread thread = {0};

	kern_thread_enter(&thread);
	ck_assert_int_eq(lockl(&nested, LOCK_SHORT), LOCK_SUCC);
	unlockl(&nested);
	ck_assert_int_eq(environment_violations(), 0);
	unlockl(&nested);
	ck_assert_int_eq(environment_violations(), 1);
	kern_thread_leave();
}
END_TEST

START_TEST(a_nestable_lock_has_one_holder)
{
	struct kern_thread thread = {0};
	pthread_t threads[3];

	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, lock_much, NULL), 0);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	ck_assert_int_eq(inside_most, 1);

	nested.holder = 1000000;
	kern_thread_enter(&thread);
	ck_assert_int_eq(lockl(&nested, LOCK_NDELAY), LOCK_FAIL);
	unlockl(&nested);
	ck_assert_uint_eq(nested.holder, 1000000);
	kern_thread_signal(&thread);
	ck_assert_int_eq(lockl(&nested, LOCK_SIGRET), LOCK_SIG);
	kern_thread_leave();
}
END_TEST

static struct buf request;

static void complete(struct intr_source *source, uint32_t flags)
{
	(void)source;
	(void)flags;
	request.b_error = 5;
	iodone(&request);
}

static void *raise_completion(void *argument)
{
	source_raise(argument, 1);
	return NULL;
}

static int completions[3], completion_count, completion_priority;

static void remember_completion(struct buf *bp)
{
	completions[completion_count++] = bp->b_error;
	completion_priority = i_priority();
}

START_TEST(iodone_waits_for_its_priority)
{
	struct buf requests[3];

	int old = i_disable(INTCLASS3);
	for (int i = 0; i < 3; i++) {
		requests[i] = (struct buf){.b_error = i, .b_iodone = remember_completion};
		iodone(&requests[i]);
	}
	ck_assert_int_eq(completion_count, 0);
	i_enable(old);
	ck_assert_int_eq(completion_count, 3);
	ck_assert_int_eq(completion_priority, INTIODONE);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(completions[i], i);
	completion_count = 0;
	iodone(&requests[0]);
	ck_assert_int_eq(completion_priority, INTBASE);
}
END_TEST

START_TEST(iowait_returns_what_iodone_reported)
{
	struct intr_source completer = {.handler = complete, .priority = INTCLASS2};
	pthread_t hardware;

	ck_assert_int_eq(source_init(&completer), INTR_SUCC);
	ck_assert_int_eq(pthread_create(&hardware, NULL, raise_completion, &completer), 0);
	ck_assert_int_eq(iowait(&request), 5);
	ck_assert(request.b_flags & B_DONE);
	pthread_join(hardware, NULL);
	source_clear(&completer);
}
END_TEST

SUITE_MAIN("sleep", no_wakeup_is_lost_between_lock_and_sleep,
	a_signal_ends_the_sleep_and_the_lock_is_held_again, a_wakeup_before_the_sleep_is_lost,
	a_post_before_the_wait_stays, a_post_ends_the_wait,
	a_signal_ends_the_wait_and_wipes_the_events, a_wakeup_between_assertion_and_block_counts,
	a_sleep_between_assertion_and_block_takes_no_signal_away, only_its_holder_gives_a_lock_back,
	a_nestable_lock_has_one_holder, iodone_waits_for_its_priority,
	iowait_returns_what_iodone_reported)
