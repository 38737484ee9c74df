#include "kern/thread.h"

#include <stddef.h>
#include <sys/device.h>

static _Thread_local struct kern_thread *current;

void kern_thread_enter(struct kern_thread *thread)
{
	current = thread;
}

void kern_thread_leave(void)
{
	current = NULL;
}

struct kern_thread *kern_thread_current(void)
{
	return current;
}

dev_t device_current(void)
{
	return current != NULL ? current->device : 0;
}
