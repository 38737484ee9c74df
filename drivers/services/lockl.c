/* Nestable locks of process level. */
#include <sys/sleep.h>

#include "processor/environment.h"
#include "processor/thread.h"

/* Guards every lock's members. Never taken by a handler, never held over a sleep. */
static Simple_lock guard;

int lockl(lock_t *lock, int flags)
{
	thread_id self = thread_self();
	int result = LOCK_SUCC;

	if (!environment_may_sleep("lockl") || self == 0)
		return LOCK_FAIL;
	simple_lock(&guard);
	if (lock->holder == self)
		result = LOCK_NEST;
	while (result == LOCK_SUCC && lock->holder != 0) {
		if (flags & LOCK_NDELAY)
			result = LOCK_FAIL;
		else if (e_sleep_thread(&lock->waiters, &guard,
				 flags & LOCK_SIGRET ? EVENT_SIGRET : EVENT_SHORT) == EVENT_SIG)
			result = LOCK_SIG;
	}
	if (result == LOCK_SUCC)
		lock->holder = self;
	simple_unlock(&guard);
	return result;
}

void unlockl(lock_t *lock)
{
	if (!environment_is_process("unlockl"))
		return;
	simple_lock(&guard);
	bool held = lock->holder == thread_self();
	if (held) {
		lock->holder = 0;
		e_wakeup_one(&lock->waiters);
	}
	simple_unlock(&guard);
	if (!held)
		environment_refuse("unlockl", "for a lock that its thread does not hold",
			"only the holder gives it back, once");
}
