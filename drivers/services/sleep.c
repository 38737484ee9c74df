/* Sleeping and being woken: event words, e_sleep and its relatives, delay, and signals. */
#include <sys/sleep.h>

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/intr.h>

#include "base/clock.h"
#include "processor/environment.h"
#include "processor/hardware.h"
#include "services/sleepers.h"

/* What it guards: sleepers.h. */
pthread_mutex_t sleep_mutex = PTHREAD_MUTEX_INITIALIZER;

static void enter_waiter(event_word *word, struct event_waiter *waiter)
{
	struct kern_thread *thread = kern_thread_current();

	pthread_mutex_lock(&sleep_mutex);
	waiter->next = word->head;
	word->head = waiter;
	if (thread != NULL)
		thread->waiter = waiter;
	pthread_mutex_unlock(&sleep_mutex);
}

static void remove_waiter(event_word *word, struct event_waiter *waiter)
{
	for (struct event_waiter **link = &word->head; *link != NULL; link = &(*link)->next) {
		if (*link == waiter) {
			*link = waiter->next;
			return;
		}
	}
}

bool sleepers_signal_ends(const struct kern_thread *thread, int flags)
{
	return thread != NULL && (flags & EVENT_SIGRET) && atomic_load(&thread->signalled);
}

static int wait_until_woken(event_word *word, struct event_waiter *waiter, int flags)
{
	struct kern_thread *thread = kern_thread_current();

	hardware_advance_until(&waiter->woken, 0);
	pthread_mutex_lock(&sleep_mutex);
	/* Another sleep since e_assert_wait took its place. */
	if (thread != NULL)
		thread->waiter = waiter;
	while (!waiter->woken && !sleepers_signal_ends(thread, flags))
		pthread_cond_wait(&waiter->condition, &sleep_mutex);
	if (!waiter->woken)
		remove_waiter(word, waiter);
	if (thread != NULL)
		thread->waiter = NULL;
	int result = waiter->woken ? EVENT_SUCC : EVENT_SIG;
	pthread_mutex_unlock(&sleep_mutex);
	return result;
}

int e_sleep(event_word *word, int flags)
{
	struct event_waiter waiter = {.condition = PTHREAD_COND_INITIALIZER};

	if (!environment_may_sleep("e_sleep"))
		return EVENT_SIG;
	enter_waiter(word, &waiter);
	return wait_until_woken(word, &waiter, flags);
}

int e_sleep_thread(event_word *word, Simple_lock *lock, int flags)
{
	struct event_waiter waiter = {.condition = PTHREAD_COND_INITIALIZER};
	int priority = i_priority();

	if (!environment_is_process("e_sleep_thread"))
		return EVENT_SIG;
	if (!(flags & LOCK_HANDLER) && !environment_may_sleep("e_sleep_thread"))
		return EVENT_SIG;

	enter_waiter(word, &waiter);
	simple_unlock(lock);
	i_enable(INTBASE);

	int result = wait_until_woken(word, &waiter, flags);

	i_disable(priority);
	simple_lock(lock);
	return result;
}

/* Of e_assert_wait, until e_block_thread. */
static _Thread_local struct event_waiter asserted_waiter;
static _Thread_local event_word *asserted_word;
static _Thread_local int asserted_flags;

void e_assert_wait(event_word *word, int flags)
{
	if (!environment_is_process("e_assert_wait"))
		return;
	if (asserted_word != NULL) {
		environment_refuse("e_assert_wait", "for a second wait of its thread",
			"call e_block_thread first");
		return;
	}
	asserted_waiter = (struct event_waiter){.condition = PTHREAD_COND_INITIALIZER};
	asserted_word = word;
	asserted_flags = flags;
	enter_waiter(word, &asserted_waiter);
}

int e_block_thread(void)
{
	event_word *word = asserted_word;

	if (!environment_may_sleep("e_block_thread"))
		return EVENT_SIG;
	if (word == NULL) {
		environment_refuse("e_block_thread", "without a wait", "call e_assert_wait first");
		return EVENT_SIG;
	}
	asserted_word = NULL;
	return wait_until_woken(word, &asserted_waiter, asserted_flags);
}

int delay(int ticks)
{
	struct kern_thread *thread = kern_thread_current();
	struct event_waiter waiter = {.condition = PTHREAD_COND_INITIALIZER};
	event_word nobody_wakes = EVENT_NULL;

	if (!environment_may_sleep("delay"))
		return EVENT_SIG;
	hardware_release();
	const struct timespec until = clock_deadline(ticks * (CLOCK_SECOND / 100));

	enter_waiter(&nobody_wakes, &waiter);
	pthread_mutex_lock(&sleep_mutex);
	int error = 0;
	while (error == 0 && !sleepers_signal_ends(thread, EVENT_SIGRET))
		error = pthread_cond_clockwait(
			&waiter.condition, &sleep_mutex, CLOCK_MONOTONIC, &until);
	if (thread != NULL)
		thread->waiter = NULL;
	pthread_mutex_unlock(&sleep_mutex);
	return error == ETIMEDOUT ? EVENT_SUCC : EVENT_SIG;
}

void e_wakeup(event_word *word)
{
	pthread_mutex_lock(&sleep_mutex);
	for (struct event_waiter *waiter = word->head; waiter != NULL;) {
		/* Once woken is set and the mutex free, the waiter's stack may be gone. */
		struct event_waiter *next = waiter->next;
		waiter->woken = 1;
		pthread_cond_signal(&waiter->condition);
		waiter = next;
	}
	word->head = NULL;
	pthread_mutex_unlock(&sleep_mutex);
}

void e_wakeup_one(event_word *word)
{
	struct event_waiter **link = &word->head;

	pthread_mutex_lock(&sleep_mutex);
	while (*link != NULL && (*link)->next != NULL)
		link = &(*link)->next;
	if (*link != NULL) {
		(*link)->woken = 1;
		pthread_cond_signal(&(*link)->condition);
		*link = NULL;
	}
	pthread_mutex_unlock(&sleep_mutex);
}

void kern_thread_signal(struct kern_thread *thread)
{
	pthread_mutex_lock(&sleep_mutex);
	atomic_store(&thread->signalled, true);
	if (thread->waiter != NULL)
		pthread_cond_signal(&thread->waiter->condition);
	pthread_mutex_unlock(&sleep_mutex);
}

void kern_thread_clear(struct kern_thread *thread)
{
	atomic_store(&thread->signalled, false);
}
