/* The calling thread's context, and what drivers ask of it. */
#include "processor/thread.h"

#include <stddef.h>
#include <sys/device.h>
#include <sys/sleep.h>

static _Thread_local struct kern_thread *current;

void kern_thread_become(struct kern_thread *thread)
{
	current = thread;
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
