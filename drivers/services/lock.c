#include <sys/lock_def.h>

#include <sched.h>

void simple_lock(Simple_lock *lock)
{
	int free_word = 0;

	while (!atomic_compare_exchange_weak(&lock->word, &free_word, 1)) {
		free_word = 0;
		sched_yield();
	}
}

void simple_unlock(Simple_lock *lock)
{
	atomic_store(&lock->word, 0);
}
