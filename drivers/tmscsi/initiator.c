/* Transmission: each write is one SEND, held off by the adapter while the target has no buffers. */
#include <errno.h>
#include <string.h>

#include "tmscsi/tmscsi.h"

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
	device->begun = device->ended = 0;
	device->broken = device->one_receiver = device->taken = false;
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

static struct send *send_number(struct tmscsi *device, unsigned number)
{
	return &device->sends[number % D_WRITES];
}

static int start(struct tmscsi *device, struct send *send, int flags)
{
	size_t length = send->data.length;
	const uint8_t cdb[6] = {
		0x0a, 0, (uint8_t)(length >> 16), (uint8_t)(length >> 8), (uint8_t)length};

	return command_start(&send->command, device, cdb, sizeof(cdb), B_WRITE | flags, &send->data,
		timeout_for(device, length));
}

/* How it ended. EAGAIN: the target is busy. */
static int wait_for(struct tmscsi *device, struct send *send)
{
	struct device_counters *counters = &device->initiator.counters;
	const struct scsi_buf *request = &send->command.request;

	int error = command_wait(&send->command);
	atomic_fetch_add(&counters->sender_waits, request->held_off);
	atomic_fetch_add(&counters->sender_wait_time, request->held_off_time);
	command_remember(device, &send->command);
	if (error != 0 || request->status_validity != SC_SCSI_ERROR)
		return error;
	switch (request->scsi_status) {
	case SC_BUSY_STATUS:
	case SC_RESERVATION_CONFLICT:
		return EAGAIN;
	default:
		return ENXIO;
	}
}

/* Sends all again that are begun, in their order, and waits for the oldest. */
static int send_again(struct tmscsi *device)
{
	int error = 0;

	for (unsigned n = device->ended; n != device->begun && error == 0; n++)
		error = start(
			device, send_number(device, n), n == device->ended ? 0 : COMMAND_AFTER);
	return error != 0 ? error : wait_for(device, send_number(device, device->ended));
}

/* What was begun after a send that failed comes back unsent. */
static void await_others(struct tmscsi *device)
{
	for (unsigned n = device->ended + 1; n != device->begun; n++)
		command_wait(&send_number(device, n)->command);
}

/* Hundredths of a second between two tries. */
static int retry_delay(const struct tmscsi *device)
{
	int delay_seconds = (int)device->parameters.new_delay;

	return delay_seconds > 0 ? delay_seconds * 100 : SMALLEST_DELAY;
}

static int retries(const struct tmscsi *device, int delay)
{
	if (device->one_receiver && device->taken)
		return 0;
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

int initiator_write_begin(struct tmscsi *device, struct uio *uiop)
{
	struct send *send = send_number(device, device->begun);
	bool first = device->begun == device->ended;

	if (uiop->uio_resid > device->dds.max_transfer)
		return EINVAL;
	if (!first && (device->begun - device->ended == D_WRITES || uiop->uio_iovcnt != 1))
		return EAGAIN;
	int error = find_data(device, uiop, &send->data);
	if (error == 0)
		error = start(device, send, first ? 0 : COMMAND_AFTER);
	if (error == 0)
		device->begun++;
	return error;
}

/* The end of the oldest, after as many tries as it takes. */
static int end_oldest(struct tmscsi *device)
{
	int error = wait_for(device, send_number(device, device->ended));
	int pause = retry_delay(device);

	for (int retry = 0; error == EAGAIN && !device->broken && retry < retries(device, pause);
		retry++) {
		await_others(device);
		if (delay(pause) == EVENT_SIG)
			return EINTR;
		error = send_again(device);
	}
	return error == EAGAIN ? EBUSY : error;
}

int initiator_write_end(struct tmscsi *device, size_t *moved)
{
	size_t length = send_number(device, device->ended)->data.length;

	*moved = 0;
	if (device->ended == device->begun)
		return EINVAL;
	int error = end_oldest(device);
	if (error != 0 && device->broken)
		error = ECANCELED;
	device->ended++;
	device->broken = error != 0 && device->ended != device->begun;
	if (error != 0)
		return error;
	*moved = length;
	device->taken = true;
	atomic_fetch_add(&device->initiator.counters.bytes, length);
	COUNT(device->initiator.counters.records);
	return 0;
}

int initiator_write(struct tmscsi *device, struct uio *uiop)
{
	size_t moved;
	int error = initiator_write_begin(device, uiop);

	return error != 0 ? error : initiator_write_end(device, &moved);
}
