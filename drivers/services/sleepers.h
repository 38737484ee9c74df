/*
 * What the services that make threads wait share: one lock guards all of it. For sleep.c, thread.c
 * and thread_events.c.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/sleep.h>

#include "services/thread.h"

/*
 * Guards every event word's list, every waiter, the list of threads with their waiters and events.
 * Handlers take it too: nobody raises an interrupt or changes the priority while holding it.
 */
extern pthread_mutex_t sleep_mutex;

/* One sleeping thread; lives on its stack, or is the thread's own. */
struct event_waiter {
	pthread_cond_t condition;
	_Atomic uint32_t woken; /* 0 or 1 */
	struct event_waiter *next; /* of the same word, who came later first */
};

/* Enters and leaves the list of threads that et_post finds. */
void sleepers_add(struct kern_thread *thread);
void sleepers_remove(struct kern_thread *thread);

/* Whether a signal has to end a sleep with these flags. */
bool sleepers_signal_ends(const struct kern_thread *thread, int flags);
