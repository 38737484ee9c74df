/* Reception: filled buffers go from the adapter driver to the reader's mapped queue and back. */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "tmscsi/tmscsi.h"

bool target_readable(struct tmscsi *device)
{
	struct tm_reception *reception = &device->reception;

	return reception->queue != NULL &&
	       reception->filled != atomic_load(&reception->queue->emptied);
}

/* Only who has the lock writes the counters; readers are content with any recent value. */
static void count(_Atomic uint64_t *counter, uint64_t more)
{
	atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + more,
		memory_order_relaxed);
}

static void set_in_use(struct tmscsi *device, uint32_t in_use)
{
	atomic_store_explicit(&device->target.counters.bufs_in_use, in_use, memory_order_relaxed);
}

static void count_in_use(struct tmscsi *device)
{
	struct device_counters *counters = &device->target.counters;
	uint32_t in_use = (uint32_t)(device->reception.filled - device->reception.reclaimed);

	set_in_use(device, in_use);
	if (in_use > atomic_load(&counters->bufs_peak))
		atomic_store(&counters->bufs_peak, in_use);
}

/* Buffers that the adapter driver has. */
static uint32_t free_count(const struct tmscsi *device)
{
	const struct tm_reception *reception = &device->reception;
	uint32_t in_use = (uint32_t)(reception->filled - reception->reclaimed);

	/* More than there are may still be filled, for a while after the number was made smaller.
	 */
	return in_use < device->dds.num_bufs ? device->dds.num_bufs - in_use : 0;
}

/* Gives the adapter driver the buffers back that the reader has emptied. With the lock held. */
static void reclaim(struct tmscsi *device)
{
	struct tm_reception *reception = &device->reception;
	uint64_t emptied = atomic_load(&reception->queue->emptied);

	if (reception->corrupt)
		return;
	if (emptied < reception->reclaimed || emptied > reception->filled) {
		reception->corrupt = true;
		return;
	}
	while (reception->reclaimed < emptied) {
		uint64_t slot = reception->reclaimed++ % TMSCSI_MAX_BUFS;
		reception->free_func(reception->filled_bufs[slot]);
	}
	if (free_count(device) >= device->low_water)
		atomic_store(&reception->queue->held_off, 0);
	set_in_use(device, (uint32_t)(reception->filled - reception->reclaimed));
}

/*
 * With fewer free buffers than low_water the adapter may be holding the initiator off until it has
 * them. The reader stores `emptied` and then reads held_off: one of us sees the other. With the
 * lock held.
 */
static void hold_off(struct tmscsi *device)
{
	if (free_count(device) < device->low_water) {
		atomic_store(&device->reception.queue->held_off, 1);
		reclaim(device);
	}
}

void target_wake_reader(struct tmscsi *device)
{
	struct tm_queue *queue = device->reception.queue;

	atomic_fetch_add(&queue->news, 1);
	if (atomic_load(&queue->reader_waits) && atomic_exchange(&queue->reader_waits, 0))
		shared_wake(&queue->news);
}

/*
 * A reader that sleeps on the queue is woken for a record's end, or when a quarter of the buffers
 * are filled: a wakeup for each would cost more than its copy.
 */
static bool worth_a_wakeup(const struct tmscsi *device, const struct tm_buf *tm_buf)
{
	const struct tm_reception *reception = &device->reception;
	uint64_t unread = reception->filled - atomic_load(&reception->queue->emptied);

	return !(tm_buf->user_flag & TM_MORE_DATA) || unread >= device->dds.num_bufs / 4;
}

/* The adapter driver's recv_func: links the buffer and wakes the reader. Interrupt level. */
static void receive(struct tm_buf *tm_buf)
{
	struct tmscsi *device = (struct tmscsi *)tm_buf->tm_correlator;
	struct tm_reception *reception = &device->reception;
	struct device_counters *counters = &device->target.counters;

	int old = disable_lock(device->priority, &device->lock);
	reclaim(device);
	uint64_t slot = reception->filled % TMSCSI_MAX_BUFS;
	reception->filled_bufs[slot] = tm_buf;
	reception->queue->entries[slot] = (struct tm_queue_entry){
		.buffer = tm_buf->buffer,
		.length = tm_buf->data_len,
		.flags = tm_buf->user_flag & (TM_MORE_DATA | TM_ERROR),
		.session = tm_buf->session,
	};
	reception->filled++;
	atomic_store(&reception->queue->filled, reception->filled);
	count_in_use(device);
	count(&counters->bytes, tm_buf->data_len);
	count(&counters->bufs_filled, 1);
	if (!(tm_buf->user_flag & TM_MORE_DATA))
		count(&counters->records, 1);

	hold_off(device);
	if (worth_a_wakeup(device, tm_buf))
		target_wake_reader(device);
	side_notify(&device->target, POLLIN);
	e_wakeup(&reception->readers);
	unlock_enable(old, &device->lock);
}

/* The adapter driver's ended_func. Interrupt level. */
static void sender_ended(uintptr_t tm_correlator, uint32_t session, bool broken)
{
	struct tmscsi *device = (struct tmscsi *)tm_correlator;
	struct tm_queue *queue = device->reception.queue;

	int old = disable_lock(device->priority, &device->lock);
	if (broken)
		atomic_store(&queue->broken, session);
	atomic_store(&queue->ended, session);
	target_wake_reader(device);
	unlock_enable(old, &device->lock);
}

void target_show_numbers(struct tmscsi *device)
{
	struct tm_queue *queue = device->reception.queue;

	atomic_store(&device->target.counters.num_bufs, device->dds.num_bufs);
	if (queue == NULL)
		return;
	atomic_store(&queue->num_bufs, device->dds.num_bufs);
	atomic_store(&queue->low_water, device->low_water);
}

static int create_queue(struct tmscsi *device)
{
	struct tm_reception *reception = &device->reception;
	size_t size = sizeof(struct tm_queue) + TMSCSI_MAX_BUFS * sizeof(struct tm_queue_entry);
	struct shared_segment memory;
	int error = shared_segment_create("tm-queue", size, &memory);

	if (error != 0)
		return error;
	struct tm_queue *queue = memory.address;
	queue->ring = TMSCSI_MAX_BUFS;
	queue->buf_size = device->dds.buf_size;

	int old = disable_lock(device->priority, &device->lock);
	memset(reception, 0, sizeof(*reception));
	reception->memory = memory;
	reception->queue = queue;
	target_show_numbers(device);
	unlock_enable(old, &device->lock);
	return 0;
}

static void destroy_queue(struct tmscsi *device)
{
	int old = disable_lock(device->priority, &device->lock);
	struct shared_segment memory = device->reception.memory;
	device->reception.queue = NULL;
	device->reception.buffers = NULL;
	unlock_enable(old, &device->lock);
	shared_segment_destroy(&memory);
	atomic_store(&device->target.counters.bufs_in_use, 0);
}

int target_open(struct tmscsi *device)
{
	struct scsi_strt_tgt start = {
		.scsi_id = device->dds.scsi_id,
		.buf_size = device->dds.buf_size,
		.num_bufs = device->dds.num_bufs,
		.low_water = device->low_water,
		.tm_correlator = (uintptr_t)device,
		.recv_func = receive,
		.ended_func = sender_ended,
	};
	int error = create_queue(device);
	if (error != 0)
		return error;

	/*
	 * Buffers may arrive before the ioctl has returned free_func. Nothing needs it by then: the
	 * reader that could empty one has not mapped the queue.
	 */
	error = fp_ioctl(device->target.adapter, SCIOSTARTTGT, &start, 0);
	if (error != 0) {
		destroy_queue(device);
		return error;
	}
	int old = disable_lock(device->priority, &device->lock);
	device->reception.free_func = start.free_func;
	device->reception.buffers = start.buffers;
	unlock_enable(old, &device->lock);
	return 0;
}

void target_close(struct tmscsi *device)
{
	struct scsi_stop_tgt stop = {.scsi_id = device->dds.scsi_id};

	fp_ioctl(device->target.adapter, SCIOSTOPTGT, &stop, 0);
	destroy_queue(device);
}

int target_reclaim(struct tmscsi *device)
{
	int old = disable_lock(device->priority, &device->lock);
	reclaim(device);
	bool corrupt = device->reception.corrupt;
	unlock_enable(old, &device->lock);
	return corrupt ? EIO : 0;
}

int target_tune(struct tmscsi *device, uint32_t num_bufs, uint32_t low_water)
{
	struct scsi_tune_tgt tune = {
		.scsi_id = device->dds.scsi_id, .num_bufs = num_bufs, .low_water = low_water};
	int error =
		device->target.open ? fp_ioctl(device->target.adapter, SCIOTUNETGT, &tune, 0) : 0;
	if (error != 0)
		return error;

	int old = disable_lock(device->priority, &device->lock);
	device->dds.num_bufs = num_bufs;
	device->low_water = low_water;
	target_show_numbers(device);
	if (device->reception.queue != NULL) {
		reclaim(device);
		hold_off(device);
	}
	unlock_enable(old, &device->lock);
	return 0;
}
