/* Simple locks. Manual: simple_lock kernel service. */
#pragma once

#include <sys/atomic_word.h>
#include <sys/checked.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Zero-initialised it is free. Not recursive; never held over a sleep. */
typedef struct simple_lock {
	KEX_ATOMIC(int) word;
} Simple_lock;

/* Environment: process, interrupt. A lock that a handler takes is taken with disable_lock. */
void simple_lock(Simple_lock *lock) KEX_NONNULL;
void simple_unlock(Simple_lock *lock) KEX_NONNULL;

#ifdef __cplusplus
}
#endif
