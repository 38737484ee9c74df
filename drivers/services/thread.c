/* The beginning and end of a thread's work for callers. */
#include "services/thread.h"

#include <stddef.h>

#include "processor/fault_stack.h"
#include "services/sleepers.h"

static _Atomic uint64_t last_id;

void kern_thread_enter(struct kern_thread *thread)
{
	thread->id = atomic_fetch_add(&last_id, 1) + 1;
	kern_thread_become(thread);
	fault_stack_prepare();
	sleepers_add(thread);
}

void kern_thread_leave(void)
{
	sleepers_remove(kern_thread_current());
	kern_thread_become(NULL);
}
