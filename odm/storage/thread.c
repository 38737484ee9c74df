/* The library's lock; threads by number, and what is released when one ends. */
#include "storage/thread.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "storage/opening.h"

static pthread_mutex_t library_mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_once_t key_made = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static atomic_ulong last_number;

/* Of the floors above; under the library's lock. */
#define MOST_ROUTINES 2
static thread_end_routine *end_routines[MOST_ROUTINES];

void library_lock(void)
{
	pthread_mutex_lock(&library_mutex);
}

void library_unlock(void)
{
	pthread_mutex_unlock(&library_mutex);
}

void thread_on_end(thread_end_routine *end)
{
	size_t i = 0;

	while (i < MOST_ROUTINES && end_routines[i] != NULL && end_routines[i] != end)
		i++;
	if (i < MOST_ROUTINES)
		end_routines[i] = end;
}

static void end_thread(void *number)
{
	LIBRARY_LOCKED;
	for (size_t i = 0; i < MOST_ROUTINES && end_routines[i] != NULL; i++)
		end_routines[i]((unsigned long)(uintptr_t)number);
	lock_end_thread((unsigned long)(uintptr_t)number);
}

static void make_key(void)
{
	pthread_key_create(&key, end_thread);
}

unsigned long thread_number(void)
{
	static _Thread_local unsigned long number;

	if (number == 0) {
		number = atomic_fetch_add(&last_number, 1) + 1;
		pthread_once(&key_made, make_key);
		pthread_setspecific(key, (void *)(uintptr_t)number);
	}
	return number;
}
