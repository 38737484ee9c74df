/* Per-thread events: posted to a thread, they stay until it waits for them. */
#include <sys/sleep.h>

#include "processor/environment.h"
#include "services/sleepers.h"

/* Under sleep_mutex. */
static struct kern_thread *threads;

void sleepers_add(struct kern_thread *thread)
{
	pthread_mutex_lock(&sleep_mutex);
	thread->next = threads;
	threads = thread;
	pthread_mutex_unlock(&sleep_mutex);
}

void sleepers_remove(struct kern_thread *thread)
{
	struct kern_thread **link = &threads;

	pthread_mutex_lock(&sleep_mutex);
	while (*link != NULL && *link != thread)
		link = &(*link)->next;
	if (*link != NULL)
		*link = thread->next;
	pthread_mutex_unlock(&sleep_mutex);
}

void et_post(uint32_t events, thread_id id)
{
	pthread_mutex_lock(&sleep_mutex);
	for (struct kern_thread *thread = threads; thread != NULL; thread = thread->next) {
		if (thread->id != id)
			continue;
		thread->events |= events & ~EVENT_KERNEL_BITS;
		if (thread->waiter != NULL)
			pthread_cond_signal(&thread->waiter->condition);
	}
	pthread_mutex_unlock(&sleep_mutex);
}

uint32_t et_wait(uint32_t wait_mask, uint32_t clear_mask, int flags)
{
	struct kern_thread *thread = kern_thread_current();
	struct event_waiter waiter = {.condition = PTHREAD_COND_INITIALIZER};
	uint32_t events;

	if (!environment_may_sleep("et_wait") || thread == NULL)
		return 0;
	pthread_mutex_lock(&sleep_mutex);
	thread->waiter = &waiter;
	while ((thread->events & wait_mask) == 0 && !sleepers_signal_ends(thread, flags))
		pthread_cond_wait(&waiter.condition, &sleep_mutex);
	thread->waiter = NULL;
	if ((thread->events & wait_mask) == 0) {
		thread->events = 0;
		events = EVENT_SIGNALLED;
	} else {
		events = thread->events;
		thread->events &= ~clear_mask;
	}
	pthread_mutex_unlock(&sleep_mutex);
	return events;
}
