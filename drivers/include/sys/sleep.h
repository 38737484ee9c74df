/*
 * Waiting at process level. Manual: e_sleep, e_sleep_thread, e_assert_wait, e_block_thread,
 * e_wakeup, e_wakeup_one, et_post, et_wait, lockl kernel services.
 *
 * The two kinds of waiting have different memories: a wakeup of an event word that nobody waits on
 * is lost, an event posted to a thread stays until the thread waits for it.
 */
#pragma once

#include <stdint.h>
#include <sys/atomic_word.h>
#include <sys/checked.h>
#include <sys/lock_def.h>

#ifdef __cplusplus
extern "C" {
#endif

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
int e_sleep(event_word *word, int flags) KEX_NONNULL;

/*
 * The same, with `lock` released, and with LOCK_HANDLER the priority lowered to INTBASE, once the
 * thread is entered as a waiter: no wakeup after that is lost. The lock and the priority are taken
 * again before the return. Environment: process, holding the lock.
 */
int e_sleep_thread(event_word *word, Simple_lock *lock, int flags) KEX_NONNULL;

/*
 * e_sleep_thread in two steps: enters the calling thread as a waiter, whom a wakeup from then on
 * reaches; then waits, unless it came already. What the caller holds between the two it releases
 * itself. One assertion a thread at a time. e_block_thread refuses as e_sleep does.
 * Environment: process.
 */
void e_assert_wait(event_word *word, int flags) KEX_NONNULL;
int e_block_thread(void);

/* Wakes every thread that waits on the word. Environment: process, interrupt. */
void e_wakeup(event_word *word) KEX_NONNULL;

/* Wakes the one that has waited longest. Environment: process, interrupt. */
void e_wakeup_one(event_word *word) KEX_NONNULL;

/*
 * Per-thread events: bits below EVENT_KERNEL_BITS are the host's. et_post sets bits of a thread,
 * whatever it does; one that has ended is nothing. Environment: process, interrupt.
 *
 * et_wait returns as soon as one of `wait_mask` is set, with all that are set, and clears those of
 * `clear_mask`. With EVENT_SIGRET a signal ends it: it returns EVENT_SIGNALLED and all bits are
 * gone. 0 is a refusal. Environment: process.
 */
#define EVENT_KERNEL_BITS 0x0000000fu
#define EVENT_SIGNALLED 0x00000001u
typedef uint64_t thread_id; /* 0 is none */
thread_id thread_self(void);
void et_post(uint32_t events, thread_id id);
uint32_t et_wait(uint32_t wait_mask, uint32_t clear_mask, int flags);

/*
 * Nestable locks of process level, initialised to LOCK_AVAIL. lockl waits for the lock, with
 * LOCK_SIGRET until a signal, with LOCK_NDELAY not at all: LOCK_SUCC, whom unlockl has to follow;
 * LOCK_NEST, held by this thread already, without; LOCK_SIG or LOCK_FAIL. Environment: process.
 */
typedef struct lock {
	thread_id holder;
	event_word waiters;
} lock_t;
#define LOCK_AVAIL ((lock_t){0})
#define LOCK_SHORT 0
#define LOCK_NDELAY 1
#define LOCK_SIGRET 2
#define LOCK_SUCC 0
#define LOCK_NEST 1
#define LOCK_FAIL (-1)
#define LOCK_SIG (-2)
int lockl(lock_t *lock, int flags) KEX_NONNULL;
void unlockl(lock_t *lock) KEX_NONNULL;

/*
 * Waits for `ticks` hundredths of a second. Returns EVENT_SUCC, or EVENT_SIG when a signal ended
 * the wait early or it was refused. Environment: process.
 */
int delay(int ticks);

#ifdef __cplusplus
}
#endif
