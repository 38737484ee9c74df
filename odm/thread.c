/* The library's lock, and what ends with a thread. */
#include <pthread.h>
#include <stdatomic.h>

#include "odm_private.h"

static pthread_mutex_t library_mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_once_t key_made = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static atomic_ulong last_number;

void library_lock(void)
{
	pthread_mutex_lock(&library_mutex);
}

void library_unlock(void)
{
	pthread_mutex_unlock(&library_mutex);
}

static void end_thread(void *number)
{
	LIBRARY_LOCKED;
	transaction_end_thread((unsigned long)(uintptr_t)number);
	class_end_thread((unsigned long)(uintptr_t)number);
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
