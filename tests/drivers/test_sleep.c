#include "suite.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/buf.h>
#include <sys/intr.h>
#include <sys/sleep.h>

#include "kern/thread.h"

static event_word word;
static Simple_lock lock;
static bool posted;
static atomic_int posts_taken;
static atomic_bool entered;

/* The pattern of every driver: the handler posts under the lock, process level waits under it. */
static void post(struct intr *intr, uint32_t flags)
{
	(void)flags;
	int old = disable_lock(intr->priority, &lock);
	posted = true;
	e_wakeup(&word);
	unlock_enable(old, &lock);
}

static struct intr poster = {.handler = post, .priority = INTCLASS1};

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

	ck_assert_int_eq(i_init(&poster), INTR_SUCC);
	ck_assert_int_eq(pthread_create(&waiter, NULL, wait_for_post, &rounds), 0);
	for (int i = 0; i < rounds; i++) {
		i_raise(&poster, 1);
		while (atomic_load(&posts_taken) <= i)
			sched_yield();
	}
	ck_assert_int_eq(pthread_join(waiter, NULL), 0);
	i_clear(&poster);
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

static struct buf request;

static void complete(struct intr *intr, uint32_t flags)
{
	(void)intr;
	(void)flags;
	request.b_error = 5;
	iodone(&request);
}

static void *raise_completion(void *argument)
{
	i_raise(argument, 1);
	return NULL;
}

START_TEST(iowait_returns_what_iodone_reported)
{
	struct intr completer = {.handler = complete, .priority = INTCLASS2};
	pthread_t hardware;

	ck_assert_int_eq(i_init(&completer), INTR_SUCC);
	ck_assert_int_eq(pthread_create(&hardware, NULL, raise_completion, &completer), 0);
	ck_assert_int_eq(iowait(&request), 5);
	ck_assert(request.b_flags & B_DONE);
	pthread_join(hardware, NULL);
	i_clear(&completer);
}
END_TEST

SUITE_MAIN("sleep", no_wakeup_is_lost_between_lock_and_sleep,
	a_signal_ends_the_sleep_and_the_lock_is_held_again, a_wakeup_before_the_sleep_is_lost,
	iowait_returns_what_iodone_reported)
