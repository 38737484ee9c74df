#include "processor/hardware.h"

#include <pthread.h>
#include <stddef.h>
#include <sys/intr.h>

#include "base/look.h"
#include "processor/environment.h"
#include "processor/fault_stack.h"
#include "processor/thread.h"

/* What a megabyte takes: waking its sender at the end would take a third of that again. */
#define LOOK_FOR_A_TRANSFER 300000 /* nanoseconds */

/* Then its own thread has to look whether something takes too long. */
#define MOST_ATTENDANCE 10000000 /* nanoseconds */

/* Guards the list; routines in it are called with the mutex held. */
static pthread_mutex_t list_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct hardware *list;

/* Whoever attends has it; taken before list_mutex, and only when it is free. */
static pthread_mutex_t attendant_mutex = PTHREAD_MUTEX_INITIALIZER;

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
	thread->unsettled = true;
	return true;
}

/* How long it is worth to look for the hardware's next news. */
static int64_t worth_looking(void)
{
	bool at_work = false;

	pthread_mutex_lock(&list_mutex);
	for (struct hardware *each = list; each != NULL; each = each->next)
		at_work = at_work || atomic_load(&each->at_work);
	pthread_mutex_unlock(&list_mutex);
	return at_work ? LOOK_FOR_A_TRANSFER : LOOK_FOR_A_WAKEUP;
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

static void attend_all(bool attended)
{
	pthread_mutex_lock(&list_mutex);
	for (struct hardware *each = list; each != NULL; each = each->next)
		each->attend(each, attended);
	pthread_mutex_unlock(&list_mutex);
}

/* While there is something to do, or soon may be. */
static void attend_until(_Atomic uint32_t *word, uint32_t was)
{
	const struct kern_thread *thread = kern_thread_current();
	const struct look whole = look_begin(MOST_ATTENDANCE);
	struct look look = look_begin(worth_looking());

	while (atomic_load(word) == was && !atomic_load(&thread->signalled) &&
		look.last < whole.end) {
		if (advance_all())
			look = look_begin(worth_looking());
		else if (!look_goes_on(&look))
			return;
	}
}

/* Becomes or stays the attendant. */
static bool attend(struct kern_thread *thread)
{
	if (thread->attends)
		return true;
	if (pthread_mutex_trylock(&attendant_mutex) != 0)
		return false;
	thread->attends = true;
	attend_all(true);
	return true;
}

void hardware_advance_until(_Atomic uint32_t *word, uint32_t was)
{
	struct kern_thread *thread = kern_thread_current();

	if (!hardware_may_advance() || !attend(thread)) {
		look_for_change(word, was);
		return;
	}
	attend_until(word, was);
	if (atomic_load(word) == was || !thread->goes_on)
		hardware_settle();
}

void hardware_settle(void)
{
	struct kern_thread *thread = kern_thread_current();

	if (thread == NULL || !thread->unsettled)
		return;
	if (thread->attends) {
		thread->attends = false;
		attend_all(false);
		pthread_mutex_unlock(&attendant_mutex);
	}
	thread->unsettled = false;
	pthread_mutex_lock(&list_mutex);
	for (struct hardware *each = list; each != NULL; each = each->next)
		each->settle(each);
	pthread_mutex_unlock(&list_mutex);
}
