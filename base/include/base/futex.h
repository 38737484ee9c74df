/*
 * Sleeping on a word of memory that processes share: futex(2). For whoever spins first
 * (base/spin.h).
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

/*
 * Sleeps while the word has this value, for so many nanoseconds, or less than 0 for as long as it
 * takes. Returns 0 for a wakeup, or an errno: EAGAIN it has another one, EINTR, ETIMEDOUT.
 */
int futex_wait(_Atomic uint32_t *word, uint32_t value, int64_t nanoseconds);

/* Wakes all who sleep on it. */
void futex_wake(_Atomic uint32_t *word);
