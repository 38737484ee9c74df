/* d_read of tmscsiN.tm: what read() is for those who do not map the queue. */
#include <errno.h>
#include <poll.h>

#include "tmscsi/tmscsi.h"

/* Waits for a filled buffer: 0, EAGAIN for one who does not wait, EINTR. */
static int await_buffer(struct tmscsi *device, bool may_wait)
{
	int error = 0;
	int old = disable_lock(device->priority, &device->lock);

	while (error == 0 && !target_readable(device)) {
		if (!may_wait)
			error = EAGAIN;
		else if (e_sleep_thread(&device->reception.readers, &device->lock,
				 EVENT_SIGRET | LOCK_HANDLER) == EVENT_SIG)
			error = EINTR;
	}
	unlock_enable(old, &device->lock);
	return error;
}

/* The oldest filled buffer is empty now. */
static void empty_first(struct tmscsi *device)
{
	struct tm_reception *reception = &device->reception;

	reception->taken = 0;
	atomic_fetch_add(&reception->queue->emptied, 1);
	target_reclaim(device);
}

/*
 * A record is the sender's write: one read never spans two. It returns what was asked, or less at
 * the record's end; the rest of a longer record is for the next read. A record that was cut off
 * ends with EIO.
 */
int target_read(struct tmscsi *device, struct uio *uiop)
{
	struct tm_reception *reception = &device->reception;
	size_t asked = uiop->uio_resid;

	while (uiop->uio_resid > 0) {
		int error = await_buffer(device, !(uiop->uio_fmode & DNDELAY));
		if (error != 0)
			return uiop->uio_resid < asked ? 0 : error;
		/* Only the reader, who is here, changes what it has emptied. */
		uint64_t slot = atomic_load(&reception->queue->emptied) % TMSCSI_MAX_BUFS;
		struct tm_buf *tm_buf = reception->filled_bufs[slot];
		bool last = !(tm_buf->user_flag & TM_MORE_DATA);
		size_t left = tm_buf->data_len - reception->taken;
		size_t count = left < uiop->uio_resid ? left : uiop->uio_resid;

		error = uiomove(tm_buf->data_addr + reception->taken, count, UIO_READ, uiop);
		if (error != 0)
			return error;
		reception->taken += count;
		if (count < left)
			return 0;
		if ((tm_buf->user_flag & TM_ERROR) && uiop->uio_resid < asked)
			return 0;
		bool cut = (tm_buf->user_flag & TM_ERROR) != 0;
		empty_first(device);
		if (cut)
			return EIO;
		if (last)
			return 0;
	}
	return 0;
}
