/*
 * Spin waits: a thread that waits for another to store something looks again and again for a
 * moment, before it sleeps on it (base/futex.h). For whoever waits for an answer that is expected
 * soon: the mailboxes, the bus, the hardware that a thread polls.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Who spins for as long as the wakeup of a thread takes, on a processor with nothing else to do,
 * and then sleeps, pays at most twice the price; in the middle of a conversation it pays nothing.
 */
#define SPIN_WAKEUP 50000 /* nanoseconds */

/* What a megabyte takes: waking its sender at the end would take a third of that again. */
#define SPIN_TRANSFER 300000 /* nanoseconds */

struct spin {
	int64_t end, last; /* nanoseconds of CLOCK_MONOTONIC: when it is over, and now */
};

/* Begins to spin for so many nanoseconds, or not at all where the thread had better sleep. */
struct spin spin_begin(int64_t nanoseconds);

/* Lets other threads run. False when it is time to sleep. */
bool spin_again(struct spin *spin);

/* Spins until a word is another than it was. Returns whether it is. */
bool spin_until_changed(_Atomic uint32_t *word, uint32_t was);
