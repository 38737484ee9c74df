#include "kern/thread.h"

#include <stddef.h>
#include <sys/device.h>
#include <sys/sleep.h>

#include "kern/fault_stack.h"
#include "kern/sleepers.h"

static _Thread_local struct kern_thread *current;
static _Atomic uint64_t last_id;

void kern_thread_enter(struct kern_thread *thread)
{
	thread->id = atomic_fetch_add(&last_id, 1) + 1;
	current = thread;
	fault_stack_prepare();
	sleepers_add(thread);
}

void kern_thread_leave(void)
{
	sleepers_remove(current);
	current = NULL;
}

struct kern_thread *kern_thread_current(void)
{
	return current;
}

thread_id thread_self(void)
{
	return current != NULL ? current->id : 0;
}

bool suser(void)
{
	return current == NULL || !current->unprivileged;
}

dev_t device_current(void)
{
	return current != NULL ? current->device : 0;
}
