/* Waiting at process level. Manual: e_sleep, e_sleep_thread, e_wakeup kernel services. */
#pragma once

#include <stdatomic.h>
#include <stdint.h>
#include <sys/lock_def.h>

/* A shared event word: initialise to EVENT_NULL and leave it to the services. */
typedef struct event_word {
	struct event_waiter *head;
} event_word;
#define EVENT_NULL ((event_word){0})

/* flags */
#define EVENT_SHORT 0 /* signals do not end the wait */
#define EVENT_SIGRET 1 /* a signal ends it with EVENT_SIG */
#define LOCK_SIMPLE 4 /* e_sleep_thread: the lock came from simple_lock */
#define LOCK_HANDLER 8 /* e_sleep_thread: the lock came from disable_lock */

/* results */
#define EVENT_SUCC 0
#define EVENT_SIG 1 /* the caller's process ended or was interrupted */

/*
 * Waits for the next e_wakeup of the word: one that came before is lost. Refused, with an error
 * log entry and EVENT_SIG, at interrupt level or with interrupts disabled.
 * Environment: process.
 */
int e_sleep(event_word *word, int flags);

/*
 * The same, with `lock` released, and with LOCK_HANDLER the priority lowered to INTBASE, once the
 * thread is entered as a waiter: no wakeup after that is lost. The lock and the priority are taken
 * again before the return. Environment: process, holding the lock.
 */
int e_sleep_thread(event_word *word, Simple_lock *lock, int flags);

/* Wakes every thread that waits on the word. Environment: process, interrupt. */
void e_wakeup(event_word *word);

/*
 * Waits for `ticks` hundredths of a second. Returns EVENT_SUCC, or EVENT_SIG when a signal ended
 * the wait early or it was refused. Environment: process.
 */
int delay(int ticks);
