/* Transmission: each write is one SEND, held off by the adapter while the target has no buffers. */
#include <errno.h>
#include <string.h>

#include "tmscsi/command.h"

/* A target that nobody has open answers BUSY. In hundredths of a second: */
#define RETRY_TIME 600
#define SMALLEST_DELAY 10 /* what a delay of 0 stands for */
#define FEWEST_RETRIES 2

int initiator_open(struct tmscsi *device)
{
	struct scsi_sciolst address = {.scsi_id = device->dds.scsi_id};

	device->send_buffer = xmalloc(device->dds.max_transfer, 12, pinned_heap);
	if (device->send_buffer == NULL)
		return ENOMEM;
	device->resume = false;
	device->parameters = (struct tm_chg_im_parm){.new_delay = TM_DEFAULT_DELAY,
		.timeout_type = TM_SCALED_TIMEOUT,
		.new_timeout = TM_DEFAULT_TIMEOUT};
	memset(&device->status, 0, sizeof(device->status));
	device->sense.length = 0;
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

/* Seconds for a SEND, 0 for as long as it takes. */
static uint32_t timeout_for(const struct tmscsi *device, size_t length)
{
	const struct tm_chg_im_parm *parameters = &device->parameters;

	if (parameters->timeout_type == TM_FIXED_TIMEOUT)
		return parameters->new_timeout;
	return parameters->new_timeout * (1 + (uint32_t)(length / 65536));
}

/* Sends the data once. EAGAIN: the target is busy. */
static int send_once(struct tmscsi *device, const struct command_data *data)
{
	size_t length = data->length;
	const uint8_t cdb[6] = {
		0x0a, 0, (uint8_t)(length >> 16), (uint8_t)(length >> 8), (uint8_t)length};
	struct device_counters *counters = &device->initiator.counters;
	struct command send;

	int error = command_run(
		&send, device, cdb, sizeof(cdb), B_WRITE, data, timeout_for(device, length));
	atomic_fetch_add(&counters->sender_waits, send.request.held_off);
	atomic_fetch_add(&counters->sender_wait_time, send.request.held_off_time);
	command_remember(device, &send);
	if (error != 0 || send.request.status_validity != SC_SCSI_ERROR)
		return error;
	switch (send.request.scsi_status) {
	case SC_BUSY_STATUS:
	case SC_RESERVATION_CONFLICT:
		return EAGAIN;
	default:
		return ENXIO;
	}
}

/* Hundredths of a second between two tries. */
static int retry_delay(const struct tmscsi *device)
{
	int delay_seconds = (int)device->parameters.new_delay;

	return delay_seconds > 0 ? delay_seconds * 100 : SMALLEST_DELAY;
}

static int retries(int delay)
{
	return RETRY_TIME / delay > FEWEST_RETRIES ? RETRY_TIME / delay : FEWEST_RETRIES;
}

/*
 * Where the adapter takes the data from: the caller's memory itself, which stays until the write
 * returns, when it is in one piece.
 */
static int find_data(struct tmscsi *device, struct uio *uiop, struct command_data *data)
{
	*data = (struct command_data){.address = device->send_buffer, .length = uiop->uio_resid};
	if (uiop->uio_iovcnt != 1)
		return uiomove(data->address, data->length, UIO_WRITE, uiop);
	data->address = uiop->uio_iov->iov_base;
	data->xmem = uiop->uio_xmem;
	uiop->uio_resid = 0;
	return 0;
}

int initiator_write(struct tmscsi *device, struct uio *uiop)
{
	size_t length = uiop->uio_resid;

	if (length > device->dds.max_transfer)
		return EINVAL;
	struct command_data data;
	int error = find_data(device, uiop, &data);
	if (error != 0)
		return error;

	error = send_once(device, &data);
	int pause = retry_delay(device);
	for (int retry = 0; error == EAGAIN && retry < retries(pause); retry++) {
		if (delay(pause) == EVENT_SIG)
			return EINTR;
		error = send_once(device, &data);
	}
	if (error != 0)
		return error == EAGAIN ? EBUSY : error;
	atomic_fetch_add(&device->initiator.counters.bytes, length);
	COUNT(device->initiator.counters.records);
	return 0;
}
