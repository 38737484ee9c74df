/* Simple locks. Manual: simple_lock kernel service. */
#pragma once

#include <stdatomic.h>
#include <sys/checked.h>

/* Zero-initialised it is free. Not recursive; never held over a sleep. */
typedef struct simple_lock {
	atomic_int word;
} Simple_lock;

/* Environment: process, interrupt. A lock that a handler takes is taken with disable_lock. */
void simple_lock(Simple_lock *lock) KEX_NONNULL;
void simple_unlock(Simple_lock *lock) KEX_NONNULL;
