/* iodone and iowait: requests that end, at the priority where their routines may run. */
#include <sys/buf.h>

#include <errno.h>
#include <stdbool.h>
#include <sys/intr.h>

#include "processor/environment.h"
#include "services/trace.h"

/* Guards b_flags and b_event of the requests that wait in iowait; handlers take it. */
static Simple_lock iowait_lock;

/* Requests that ended where their routines may not run yet, the last first. */
static struct buf *_Atomic ended;

static void complete(struct buf *bp)
{
	if (bp->b_iodone != NULL) {
		bp->b_iodone(bp);
		return;
	}
	int old = disable_lock(INTTIMER, &iowait_lock);
	bp->b_flags |= B_DONE;
	e_wakeup(&bp->b_event);
	unlock_enable(old, &iowait_lock);
}

/* In the order in which they ended. */
static void complete_ended(struct intr_source *source, uint32_t flags)
{
	struct buf *list = atomic_exchange(&ended, NULL), *in_order = NULL;

	(void)source;
	(void)flags;
	while (list != NULL) {
		struct buf *next = list->av_forw;
		list->av_forw = in_order;
		in_order = list;
		list = next;
	}
	while (in_order != NULL) {
		struct buf *bp = in_order;
		in_order = bp->av_forw;
		complete(bp);
	}
}

static struct intr_source iodone_source = {
	.handler = complete_ended, .priority = INTIODONE, .active = true};

void iodone(struct buf *bp)
{
	trace_numbers(HOOK_IODONE, (uint32_t)bp->b_error, bp->b_dev, bp->b_resid);
	if (i_priority() >= INTIODONE) {
		complete(bp);
		return;
	}
	struct buf *head = atomic_load(&ended);
	do
		bp->av_forw = head;
	while (!atomic_compare_exchange_weak(&ended, &head, bp));
	source_raise(&iodone_source, 1);
}

int iowait(struct buf *bp)
{
	if (!environment_may_sleep("iowait"))
		return EPERM;

	int old = disable_lock(INTTIMER, &iowait_lock);
	while (!(bp->b_flags & B_DONE))
		e_sleep_thread(&bp->b_event, &iowait_lock, EVENT_SHORT | LOCK_HANDLER);
	unlock_enable(old, &iowait_lock);
	return bp->b_error;
}
