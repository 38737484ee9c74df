/* The library's lock, and the threads that it knows; any floor. */
#pragma once

#include "base/cleanup.h"

/* The library's lock: every public routine holds it. Recursive. */
void library_lock(void);
void library_unlock(void);
static inline void auto_library_unlock(const int *unused)
{
	(void)unused;
	library_unlock();
}
#define LIBRARY_LOCKED                                                                             \
	AUTO(auto_library_unlock) int library_locked = 0;                                          \
	(void)library_locked;                                                                      \
	library_lock()

/* A number that no other thread of the process ever has. Its cursors and locks end with it. */
unsigned long thread_number(void);

/*
 * Has `end` called, with the library's lock, when a thread ends that has a number: what the thread
 * left is released then. A routine that is known already is not called twice. Its locks, by
 * odm_lock, are released after that.
 */
typedef void thread_end_routine(unsigned long thread);
void thread_on_end(thread_end_routine *end);
