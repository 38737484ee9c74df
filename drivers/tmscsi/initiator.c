/* Transmission: each write is one SEND, held off by the adapter while the target has no buffers. */
#include <errno.h>
#include <string.h>

#include "tmscsi/tmscsi.h"

/* A target that nobody has open answers BUSY: hundredths of a second between tries, and tries. */
#define BUSY_DELAY 10
#define BUSY_RETRIES 50

int initiator_open(struct tmscsi *device)
{
	struct scsi_sciolst address = {.scsi_id = device->dds.scsi_id};

	device->send_buffer = xmalloc(device->dds.max_transfer, 12, pinned_heap);
	if (device->send_buffer == NULL)
		return ENOMEM;
	device->resume = false;
	int error = fp_ioctl(device->initiator.adapter, SCIOLSTART, &address, 0);
	if (error != 0)
		xmfree(device->send_buffer, pinned_heap);
	return error;
}

void initiator_close(struct tmscsi *device)
{
	struct scsi_sciolst address = {.scsi_id = device->dds.scsi_id};

	fp_ioctl(device->initiator.adapter, SCIOLSTOP, &address, 0);
	xmfree(device->send_buffer, pinned_heap);
}

/* A SEND that is waited for. */
struct send {
	struct scsi_buf request; /* first: its struct buf * is a struct send * */
	struct tmscsi *device;
	bool done;
	event_word event;
};

/* b_iodone; interrupt level. */
static void send_done(struct buf *bp)
{
	struct send *send = (struct send *)bp;
	struct tmscsi *device = send->device;

	int old = disable_lock(device->priority, &device->lock);
	send->done = true;
	e_wakeup(&send->event);
	unlock_enable(old, &device->lock);
}

/* Waits for the end of the SEND; a signal aborts it. Returns 0 or EINTR. */
static int wait_for(struct send *send)
{
	struct tmscsi *device = send->device;
	struct scsi_sciolst address = {.scsi_id = device->dds.scsi_id};
	int result = EVENT_SUCC;

	int old = disable_lock(device->priority, &device->lock);
	while (!send->done && result == EVENT_SUCC)
		result = e_sleep_thread(&send->event, &device->lock, EVENT_SIGRET | LOCK_HANDLER);
	bool interrupted = !send->done;
	unlock_enable(old, &device->lock);
	if (!interrupted)
		return 0;

	fp_ioctl(device->initiator.adapter, SCIOLHALT, &address, 0);
	device->resume = true;
	old = disable_lock(device->priority, &device->lock);
	while (!send->done)
		e_sleep_thread(&send->event, &device->lock, EVENT_SHORT | LOCK_HANDLER);
	unlock_enable(old, &device->lock);
	return EINTR;
}

static void build(struct send *send, struct tmscsi *device, size_t length)
{
	*send = (struct send){
		.request = {.bufstruct = {.b_flags = B_WRITE,
				    .b_dev = (dev_t)device->dds.adap_devno,
				    .b_addr = device->send_buffer,
				    .b_bcount = length,
				    .b_iodone = send_done},
			.scsi_command = {.scsi_cdb = {0x0a, 0, (uint8_t)(length >> 16),
						 (uint8_t)(length >> 8), (uint8_t)length},
				.scsi_length = 6},
			.scsi_id = device->dds.scsi_id,
			.flags = device->resume ? SC_RESUME : 0},
		.device = device,
	};
	device->resume = false;
}

/* Sends what is in send_buffer once. EAGAIN: the target is busy. */
static int send_once(struct tmscsi *device, size_t length)
{
	struct send send;

	build(&send, device, length);
	int error = devstrat(&send.request.bufstruct);
	if (error == 0)
		error = wait_for(&send);
	atomic_fetch_add(&device->initiator.counters.sender_waits, send.request.held_off);
	atomic_fetch_add(&device->initiator.counters.sender_wait_time, send.request.held_off_time);
	if (error != 0)
		return error;
	if (send.request.status_validity == SC_SCSI_ERROR)
		return send.request.scsi_status == SC_BUSY_STATUS ? EAGAIN : ENXIO;
	return send.request.bufstruct.b_error;
}

int initiator_write(struct tmscsi *device, struct uio *uiop)
{
	size_t length = uiop->uio_resid;

	if (length > device->dds.max_transfer)
		return EINVAL;
	int error = uiomove(device->send_buffer, length, UIO_WRITE, uiop);
	if (error != 0)
		return error;

	error = send_once(device, length);
	for (int retry = 0; error == EAGAIN && retry < BUSY_RETRIES; retry++) {
		if (delay(BUSY_DELAY) == EVENT_SIG)
			return EINTR;
		error = send_once(device, length);
	}
	if (error != 0)
		return error == EAGAIN ? EBUSY : error;
	atomic_fetch_add(&device->initiator.counters.bytes, length);
	COUNT(device->initiator.counters.records);
	return 0;
}
