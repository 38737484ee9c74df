#include <sys/buf.h>

#include <errno.h>
#include <sys/intr.h>

#include "kern/environment.h"

/* Guards b_flags and b_event of the requests that wait in iowait; handlers take it. */
static Simple_lock iowait_lock;

void iodone(struct buf *bp)
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
