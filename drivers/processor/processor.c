/*
 * The simulated interrupt hardware of the host: one processor that runs handlers, one at a time
 * and the most favoured first, on whichever thread happens to let it.
 *
 * The protocol rests on two pairs of sequentially consistent accesses, each a store followed by a
 * load of what the other side stores:
 *   a thread that masks    adds to maskers[], then looks at `processor`;
 *   a thread that delivers takes `processor`, then looks at maskers[];
 *   a thread that raises   puts the handler on ready[], then looks at maskers[] and `processor`;
 *   a thread that unmasks or gives the processor up stores that, then looks at `work`.
 * So either the delivering thread sees the mask and backs off or the masking one sees the delivery
 * and waits; and whatever a raise could not deliver, the thread that stood in its way delivers.
 */
#include <sys/intr.h>
#include <sys/intr_source.h>

#include <sched.h>
#include <stddef.h>
#include <sys/errids.h>

#include "base/clock.h"
#include "processor/environment.h"
#include "processor/owner.h"
#include "processor/processor.h"

/* Bit of source.pending: the handler is on its ready list, or just being taken from it. */
#define QUEUED (UINT64_C(1) << 32)

#define IDLE INTR_PRIORITIES

/* Threads at process level that hold each priority with i_disable. */
static _Alignas(64) _Atomic uint32_t maskers[INTR_PRIORITIES];

/* Priority of the outermost handler that runs, or IDLE. Nested ones are more favoured. */
static _Alignas(64) atomic_int processor = IDLE;

/* Bit 1 << priority: the priority's lists may hold a handler. */
static _Alignas(64) _Atomic uint32_t work;

/* Handlers with pending flags, the last raised first. */
static struct intr_source *_Atomic ready[INTR_PRIORITIES];

/* The same in the order of delivery: only who holds the processor touches it. */
static struct intr_source *in_order[INTR_PRIORITIES];

static _Thread_local int current_priority = INTBASE;
static _Thread_local bool in_handler;
static _Thread_local void *blamed;
static _Thread_local void *blamed_last; /* the innermost of the handler that ran last */

/* Written by who holds the processor only. */
static _Atomic uint64_t begun;
static void *_Atomic running_routine;

void *processor_blame(void *routine)
{
	void *outer = blamed;

	blamed_last = routine;
	processor_restore(routine);
	return outer;
}

void processor_restore(void *outer)
{
	blamed = outer;
	atomic_store_explicit(&running_routine, outer, memory_order_relaxed);
}

void *processor_blamed(void)
{
	return blamed;
}

uint64_t processor_progress(void **routine)
{
	*routine = atomic_load(&processor) != IDLE ? atomic_load(&running_routine) : NULL;
	return atomic_load(&begun);
}

int i_priority(void)
{
	return current_priority;
}

bool i_in_handler(void)
{
	return in_handler;
}

bool i_masked(int priority)
{
	for (int favoured = INTMAX; favoured <= priority; favoured++)
		if (atomic_load(&maskers[favoured]) != 0)
			return true;
	return false;
}

/* The most favoured priority that has work and may run here and now, or IDLE. */
static int deliverable(void)
{
	uint32_t waiting = atomic_load(&work);

	if (waiting == 0)
		return IDLE;
	for (int priority = INTMAX; priority < current_priority; priority++) {
		if (atomic_load(&maskers[priority]) != 0)
			return IDLE;
		if (waiting & (1u << priority))
			return priority;
	}
	return IDLE;
}

static void announce_work(int priority)
{
	if (!(atomic_load(&work) & (1u << priority)))
		atomic_fetch_or(&work, 1u << priority);
}

/* The next handler in the order they were raised, or NULL. */
static struct intr_source *take_next(int priority)
{
	if (in_order[priority] == NULL) {
		struct intr_source *raised = atomic_exchange(&ready[priority], NULL);
		while (raised != NULL) {
			struct intr_source *earlier = raised->next;
			raised->next = in_order[priority];
			in_order[priority] = raised;
			raised = earlier;
		}
	}

	struct intr_source *next = in_order[priority];
	if (next != NULL)
		in_order[priority] = next->next;
	return next;
}

static int64_t time_limit;

void processor_watch_time(int64_t limit)
{
	time_limit = limit;
}

static void call_timed(struct intr_source *source, uint32_t flags)
{
	int64_t start = clock_read(CLOCK_THREAD_CPUTIME_ID);

	blamed_last = (void *)source->handler;
	source->handler(source, flags);
	int64_t taken = clock_read(CLOCK_THREAD_CPUTIME_ID) - start;
	if (taken > time_limit)
		error_log("KEX_OVERSTAY", owner_of((uintptr_t)blamed_last, NULL),
			"an interrupt handler took %lld microseconds; work that long belongs to an "
			"off-level routine or a process",
			(long long)(taken / 1000));
}

/* With the processor held. */
static void call_handler(struct intr_source *source, uint32_t flags)
{
	void *outer = blamed;

	processor_restore((void *)source->handler);
	atomic_store_explicit(&begun, atomic_load_explicit(&begun, memory_order_relaxed) + 1,
		memory_order_relaxed);
	if (time_limit > 0)
		call_timed(source, flags);
	else
		source->handler(source, flags);
	processor_restore(outer);
}

static void call_pending(struct intr_source *source)
{
	uint32_t flags = (uint32_t)atomic_exchange(&source->pending, 0);

	if (flags != 0 && atomic_load(&source->active))
		call_handler(source, flags);
}

/* Runs the handlers of one priority until none is left or somebody masks it. */
static void run_handlers(int priority)
{
	int interrupted_priority = current_priority;
	bool interrupted_handler = in_handler;

	atomic_fetch_and(&work, ~(1u << priority));
	current_priority = priority;
	in_handler = true;
	while (!i_masked(priority)) {
		struct intr_source *source = take_next(priority);
		if (source == NULL)
			break;
		call_pending(source);
	}
	if (in_order[priority] != NULL || atomic_load(&ready[priority]) != NULL)
		announce_work(priority);
	current_priority = interrupted_priority;
	in_handler = interrupted_handler;
}

/* Delivers all that this thread may deliver. */
static void deliver(void)
{
	for (int priority = deliverable(); priority != IDLE; priority = deliverable()) {
		if (in_handler) {
			run_handlers(priority);
			continue;
		}
		int idle = IDLE;
		if (!atomic_compare_exchange_strong(&processor, &idle, priority))
			return;
		run_handlers(priority);
		atomic_store(&processor, IDLE);
	}
}

int source_init(struct intr_source *source)
{
	if (!environment_is_process("source_init"))
		return INTR_FAIL;
	if (source->handler == NULL || source->priority <= INTMAX || source->priority >= INTBASE)
		return INTR_FAIL;
	if (atomic_exchange(&source->active, true))
		return INTR_FAIL;
	return INTR_SUCC;
}

void source_clear(struct intr_source *source)
{
	if (!environment_may_sleep("source_clear"))
		return;

	atomic_store(&source->active, false);
	for (;;) {
		int old = i_disable(source->priority);
		bool gone = !(atomic_load(&source->pending) & QUEUED);
		i_enable(old);
		if (gone)
			return;
		sched_yield();
	}
}

/*
 * The short way, when nothing is in it: the processor is idle, nothing is pending and nothing
 * masked. It keeps the protocol: takes the processor, then looks; gives it up, then looks again.
 */
static bool run_at_once(struct intr_source *source, uint32_t flags)
{
	int interrupted_priority = current_priority, priority = source->priority, idle = IDLE;

	if (in_handler || priority >= interrupted_priority || atomic_load(&source->pending) != 0 ||
		atomic_load(&work) != 0 || atomic_load(&processor) != IDLE)
		return false;
	if (!atomic_compare_exchange_strong(&processor, &idle, priority))
		return false;
	bool free = !i_masked(priority) && atomic_load(&source->pending) == 0 &&
		    atomic_load(&source->active);
	if (free) {
		current_priority = priority;
		in_handler = true;
		call_handler(source, flags);
		current_priority = interrupted_priority;
		in_handler = false;
	}
	atomic_store(&processor, IDLE);
	deliver();
	return free;
}

/*
 * The word is written even when the flags are there: what the caller stored before a mere look at
 * it might be seen by others after that look only, when the handler has run without it.
 */
uint32_t source_raise(struct intr_source *source, uint32_t flags)
{
	if (run_at_once(source, flags))
		return 0;

	uint64_t before = atomic_fetch_or(&source->pending, flags | QUEUED);
	if (!(before & QUEUED)) {
		struct intr_source *head = atomic_load(&ready[source->priority]);
		do
			source->next = head;
		while (!atomic_compare_exchange_weak(&ready[source->priority], &head, source));
		announce_work(source->priority);
		deliver();
	}

	return (uint32_t)before & flags;
}

/* Until no handler of `priority` or less favoured runs; the caller has masked new ones. */
static void wait_for_handlers(int priority)
{
	for (int running = atomic_load(&processor); running != IDLE && running >= priority;
		running = atomic_load(&processor))
		sched_yield();
}

int i_disable(int priority)
{
	int old = current_priority;

	if (priority >= old || priority < INTMAX)
		return old;
	current_priority = priority;
	if (in_handler)
		return old;

	atomic_fetch_add(&maskers[priority], 1);
	if (old != INTBASE)
		atomic_fetch_sub(&maskers[old], 1);
	wait_for_handlers(priority);
	return old;
}

void i_enable(int old_priority)
{
	int masked = current_priority;

	if (old_priority <= masked || old_priority > INTBASE)
		return;
	current_priority = old_priority;
	if (!in_handler) {
		if (old_priority != INTBASE)
			atomic_fetch_add(&maskers[old_priority], 1);
		atomic_fetch_sub(&maskers[masked], 1);
	}
	deliver();
}

int disable_lock(int priority, Simple_lock *lock)
{
	int old = i_disable(priority);

	simple_lock(lock);
	return old;
}

void unlock_enable(int old_priority, Simple_lock *lock)
{
	simple_unlock(lock);
	i_enable(old_priority);
}
