/* Reads and writes: the window's part that a request names, handed to the driver as a uio. */
#include "worker/device_transfer.h"

#include <errno.h>
#include <stddef.h>
#include <sys/device.h>

#include "processor/hardware.h"
#include "services/devsw.h"

/* Where a request's data is, as drivers see it. */
struct transfer {
	struct iovec part;
	struct uio uio;
	struct devsw entry;
};

static int prepare(struct transfer *transfer, struct connection *connection,
	const struct wire_request *request, int flag)
{
	uint64_t length = request->value, offset = request->offset;

	if (!connection->open || connection->window.address == NULL ||
		offset > connection->window.size || length > connection->window.size - offset)
		return EINVAL;
	if (!(connection->flags & flag))
		return EBADF;
	if (!devsw_lookup(connection->devno, &transfer->entry))
		return ENODEV;
	transfer->part = (struct iovec){
		.iov_base = (char *)connection->window.address + offset, .iov_len = length};
	transfer->uio = (struct uio){.uio_iov = &transfer->part,
		.uio_iovcnt = 1,
		.uio_resid = length,
		.uio_xmem = &connection->window_xmem,
		.uio_fmode = connection->flags};
	return 0;
}

/* Read and write differ in the entry point only. */
static int carry_out(struct connection *connection, const struct wire_request *request, int flag,
	struct wire_reply *reply)
{
	struct transfer transfer;
	int error = prepare(&transfer, connection, request, flag);

	if (error != 0)
		return error;
	int (*routine)(dev_t, struct uio *, int, int) =
		flag == DREAD ? transfer.entry.d_read : transfer.entry.d_write;
	if (routine == NULL)
		return ENODEV;
	error = routine(connection->devno, &transfer.uio, 0, 0);
	reply->value = request->value - transfer.uio.uio_resid;
	return error;
}

int transfer_read(
	struct connection *connection, const struct wire_request *request, struct wire_reply *reply)
{
	return carry_out(connection, request, DREAD, reply);
}

static bool is_cancelled(const struct connection *connection, const struct wire_request *request)
{
	return (request->command & WIRE_LINKED) && connection->failed;
}

int transfer_write(
	struct connection *connection, const struct wire_request *request, struct wire_reply *reply)
{
	if (is_cancelled(connection, request))
		return ECANCELED;
	return carry_out(connection, request, DWRITE, reply);
}

static void enter_driver(struct connection *connection)
{
	connection->thread.device = connection->devno;
	connection->thread.entry = connection->driver;
}

bool transfer_begin_write(struct connection *connection, const struct wire_request *request)
{
	struct transfer transfer;

	if (request->operation != WIRE_WRITE || !(request->command & WIRE_BEGUN) ||
		is_cancelled(connection, request) ||
		prepare(&transfer, connection, request, DWRITE) != 0 ||
		transfer.entry.d_write_begin == NULL)
		return false;
	enter_driver(connection);
	bool begun = transfer.entry.d_write_begin(connection->devno, &transfer.uio) == 0;
	connection->begun += begun;
	connection->thread.keeps_polling = connection->begun > 0;
	connection->thread.device = 0;
	return begun;
}

void transfer_end_write(struct connection *connection, struct wire_reply *reply)
{
	struct devsw entry;
	size_t moved = 0;

	enter_driver(connection);
	connection->begun--;
	connection->thread.keeps_polling = connection->begun > 0;
	/* A driver does not go away while its device is open. */
	if (devsw_lookup(connection->devno, &entry))
		reply->error = entry.d_write_end(connection->devno, &moved);
	reply->value = moved;
	connection->failed = reply->error != 0;
	if (!connection->thread.keeps_polling)
		hardware_release();
	connection->thread.device = 0;
}
