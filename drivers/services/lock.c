/* Simple locks: a word that is spun on, as their holders do not sleep. */
#include <sys/lock_def.h>

#include <sched.h>

/* ThreadSanitizer is told of them as locks, so that it sees in which order they are taken. */
#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#define TELL_SANITIZER(call) call
#else
#define TELL_SANITIZER(call)
#endif

void simple_lock(Simple_lock *lock)
{
	int free_word = 0;

	TELL_SANITIZER(__tsan_mutex_pre_lock(lock, __tsan_mutex_linker_init);)
	while (!atomic_compare_exchange_weak(&lock->word, &free_word, 1)) {
		free_word = 0;
		sched_yield();
	}
	TELL_SANITIZER(__tsan_mutex_post_lock(lock, __tsan_mutex_linker_init, 1);)
}

void simple_unlock(Simple_lock *lock)
{
	TELL_SANITIZER(__tsan_mutex_pre_unlock(lock, __tsan_mutex_linker_init);)
	atomic_store(&lock->word, 0);
	TELL_SANITIZER(__tsan_mutex_post_unlock(lock, __tsan_mutex_linker_init);)
}
