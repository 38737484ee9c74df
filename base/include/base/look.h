/* Looking for something for a moment, before sleeping until it comes. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Who looks for as long as the wakeup of a thread takes, on a processor with nothing else to do,
 * and then sleeps, pays at most twice the price; in the middle of a conversation it pays nothing.
 */
#define LOOK_FOR_A_WAKEUP 50000 /* nanoseconds */

struct look {
	int64_t end, last; /* nanoseconds of CLOCK_MONOTONIC */
};

struct look look_begin(int64_t nanoseconds);

/* Lets other threads run. False when it is time to sleep. */
bool look_goes_on(struct look *look);

/* Looks until a word is another than it was. Returns whether it is. */
bool look_for_change(_Atomic uint32_t *word, uint32_t was);
