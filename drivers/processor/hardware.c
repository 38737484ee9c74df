/*
 * Hardware's work done by threads that wait for it: one of them polls, so that nobody is woken for
 * what it would sleep for otherwise.
 */
#include "processor/hardware.h"

#include <pthread.h>
#include <stddef.h>
#include <sys/intr.h>

#include "base/spin.h"
#include "processor/environment.h"
#include "processor/fault_stack.h"
#include "processor/thread.h"

/* Then the hardware's own thread has to see whether something takes too long. */
#define LONGEST_POLL 10000000 /* nanoseconds */

/* Guards the list; the hardware's routines are called with it held. */
static pthread_mutex_t list_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct hardware *list;

/* Held by the thread that polls. Taken before list_mutex, and only when it is free. */
static pthread_mutex_t poll_mutex = PTHREAD_MUTEX_INITIALIZER;

/* The link to it, or to the list's end. With the mutex held. */
static struct hardware **find(const struct hardware *hardware)
{
	struct hardware **link = &list;

	while (*link != NULL && *link != hardware)
		link = &(*link)->next;
	return link;
}

void hardware_thread_begin(void)
{
	fault_stack_prepare();
}

void hardware_add(struct hardware *hardware)
{
	pthread_mutex_lock(&list_mutex);
	bool entered = *find(hardware) != NULL;
	if (!entered) {
		hardware->next = list;
		list = hardware;
	}
	pthread_mutex_unlock(&list_mutex);
	if (entered)
		environment_refuse("hardware_add", "for hardware that is entered",
			"call hardware_remove first");
}

void hardware_remove(struct hardware *hardware)
{
	pthread_mutex_lock(&list_mutex);
	struct hardware **link = find(hardware);
	bool entered = *link != NULL;
	if (entered)
		*link = hardware->next;
	pthread_mutex_unlock(&list_mutex);
	if (!entered)
		environment_refuse("hardware_remove", "for hardware that is not entered",
			"remove each once after its hardware_add");
}

bool hardware_may_advance(void)
{
	struct kern_thread *thread = kern_thread_current();

	if (thread == NULL || thread->device == 0 || i_in_handler() || i_priority() != INTBASE)
		return false;
	thread->must_release = true;
	return true;
}

/* How long it is worth to spin for the hardware's next news. */
static int64_t worth_spinning(void)
{
	bool at_work = false;

	pthread_mutex_lock(&list_mutex);
	for (struct hardware *each = list; each != NULL; each = each->next)
		at_work = at_work || atomic_load(&each->at_work);
	pthread_mutex_unlock(&list_mutex);
	return at_work ? SPIN_TRANSFER : SPIN_WAKEUP;
}

static bool advance_all(void)
{
	bool advanced = false;

	pthread_mutex_lock(&list_mutex);
	for (struct hardware *each = list; each != NULL; each = each->next)
		advanced = each->advance(each) || advanced;
	pthread_mutex_unlock(&list_mutex);
	return advanced;
}

static void tell_all(bool polled)
{
	pthread_mutex_lock(&list_mutex);
	for (struct hardware *each = list; each != NULL; each = each->next)
		each->set_polled(each, polled);
	pthread_mutex_unlock(&list_mutex);
}

/*
 * While there is something to do, or soon may be. Where the thread had better sleep than spin, it
 * leaves the hardware to its own thread, too.
 */
static void poll_until(_Atomic uint32_t *word, uint32_t was)
{
	const struct kern_thread *thread = kern_thread_current();
	struct spin spin = spin_begin(worth_spinning());
	const int64_t end = spin.last + LONGEST_POLL;

	while (atomic_load(word) == was && !atomic_load(&thread->signalled) &&
		spin.last < spin.end && spin.last < end) {
		if (advance_all())
			spin = spin_begin(worth_spinning());
		else
			spin_again(&spin);
	}
}

/* Becomes or stays the thread that polls. */
static bool begin_poll(struct kern_thread *thread)
{
	if (thread->polls)
		return true;
	if (pthread_mutex_trylock(&poll_mutex) != 0)
		return false;
	thread->polls = true;
	tell_all(true);
	return true;
}

void hardware_advance_until(_Atomic uint32_t *word, uint32_t was)
{
	struct kern_thread *thread = kern_thread_current();

	if (!hardware_may_advance() || !begin_poll(thread)) {
		spin_until_changed(word, was);
		return;
	}
	poll_until(word, was);
	if (atomic_load(word) == was || !thread->keeps_polling)
		hardware_release();
}

void hardware_release(void)
{
	struct kern_thread *thread = kern_thread_current();

	if (thread == NULL || !thread->must_release)
		return;
	if (thread->polls) {
		thread->polls = false;
		tell_all(false);
		pthread_mutex_unlock(&poll_mutex);
	}
	thread->must_release = false;
	pthread_mutex_lock(&list_mutex);
	for (struct hardware *each = list; each != NULL; each = each->next)
		each->release(each);
	pthread_mutex_unlock(&list_mutex);
}
