/* The hardware as initiator: queues of commands to each SCSI ID, their data, their time. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "vscsi/port_private.h"

void send_fail(struct scsi_buf *command, int error, uint8_t adapter_status)
{
	command->bufstruct.b_error = error;
	command->bufstruct.b_flags |= B_ERROR;
	command->status_validity = SC_ADAPTER_ERROR;
	command->adapter_status = adapter_status;
}

static struct scsi_buf *next_of(const struct scsi_buf *command)
{
	return (struct scsi_buf *)command->bufstruct.av_forw;
}

/* The time of a command on the bus counts when those before it have ended. */
static void count_time(struct sender *sender)
{
	bool limited = sender->active > 0 && sender->first->timeout_value != 0;

	sender->deadline =
		limited ? clock_milliseconds() + (int64_t)sender->first->timeout_value * 1000 : 0;
}

/* Takes the first command off its queue and hands it back. */
static void finish_first(struct port *port, struct sender *sender)
{
	struct scsi_buf *command = sender->first;

	sender->first = next_of(command);
	if (sender->first == NULL)
		sender->last = NULL;
	if (sender->active > 0) {
		sender->active--;
		port->active--;
	}
	command->bufstruct.b_resid = command->bufstruct.b_bcount - sender->moved;
	sender->moved = 0;
	sender->timed_out = false;
	count_time(sender);
	if (command->bufstruct.b_flags & B_ERROR)
		sender->broken |= 1u << command->lun_id;
	port_complete(port, command);
}

/* Whether the first command is not to be sent, as the one before it failed. */
static bool is_cancelled(const struct sender *sender)
{
	return sender->active == 0 && (sender->first->flags & SC_AFTER) &&
	       (sender->broken & (1u << sender->first->lun_id));
}

void send_queue(struct port *port, struct scsi_buf *command)
{
	struct sender *sender = &port->senders[command->scsi_id];

	command->bufstruct.av_forw = NULL;
	if (sender->last != NULL)
		sender->last->bufstruct.av_forw = &command->bufstruct;
	else
		sender->first = command;
	sender->last = command;
}

/* Where the data is for a target that can take it itself; all zero when it can't. */
static struct bus_reference reference_to(const struct buf *bp)
{
	const struct xmem *xmem = &bp->b_xmemd;
	const char *data = bp->b_addr;

	if (xmem->base == NULL || (bp->b_flags & B_READ) || data < xmem->base ||
		data + bp->b_bcount > xmem->base + xmem->size)
		return (struct bus_reference){0};
	return (struct bus_reference){.process = (uint32_t)getpid(),
		.descriptor = (uint32_t)xmem->fd,
		.inode = xmem->inode,
		.offset = (uint64_t)(data - xmem->base)};
}

static int start(struct port *port, unsigned target, const struct scsi_buf *command)
{
	struct bus_command block = {
		.cdb_length = command->scsi_command.scsi_length,
		.lun = (uint8_t)command->lun_id,
		.bound = (command->flags & SC_BOUND) != 0,
		.data_length = (uint32_t)command->bufstruct.b_bcount,
		.data = reference_to(&command->bufstruct),
	};

	memcpy(block.cdb, command->scsi_command.scsi_cdb, sizeof(block.cdb));
	if (command->bufstruct.b_bcount != 0)
		block.direction = command->bufstruct.b_flags & B_READ ? BUS_DATA_IN : BUS_DATA_OUT;
	if (bus_start(port->bus, target, &block) < 0)
		return -1;
	port->senders[target].active++;
	port->active++;
	return 0;
}

/* Puts the first command on the bus. False when it failed at once or must wait. */
static bool start_first(struct port *port, unsigned target)
{
	struct sender *sender = &port->senders[target];

	if (is_cancelled(sender)) {
		send_fail(sender->first, ECANCELED, SC_HOST_IO_BUS_ERR);
		finish_first(port, sender);
		return false;
	}
	if (port->active >= port->max_active)
		return false;
	if (!(sender->first->flags & SC_AFTER))
		sender->broken &= ~(1u << sender->first->lun_id);
	if (start(port, target, sender->first) < 0) {
		send_fail(sender->first, ENODEV, SC_NO_DEVICE_RESPONSE);
		finish_first(port, sender);
		return false;
	}
	sender->moved = 0;
	count_time(sender);
	return true;
}

/*
 * The second one follows at once if the target can go on with it by itself, and it is to be sent
 * only after the first: what ends the one ends the other.
 */
static void start_second(struct port *port, unsigned target)
{
	const struct sender *sender = &port->senders[target];
	const struct scsi_buf *second = next_of(sender->first);

	if (sender->active == 1 && second != NULL && (second->flags & SC_AFTER) &&
		second->lun_id == sender->first->lun_id &&
		reference_to(&second->bufstruct).process != 0 && port->active < port->max_active)
		start(port, target, second);
}

static void move_data(struct port *port, unsigned target)
{
	struct sender *sender = &port->senders[target];
	struct buf *bp = &sender->first->bufstruct;
	char *data = (char *)bp->b_addr + sender->moved;
	size_t left = bp->b_bcount - sender->moved;

	if (left == 0)
		return;
	if (bp->b_flags & B_READ)
		sender->moved += bus_get(port->bus, target, data, left);
	else
		sender->moved += bus_put(port->bus, target, data, left);
}

static void take_result(struct sender *sender, const struct bus_result *result)
{
	struct scsi_buf *command = sender->first;

	command->held_off = result->holds;
	command->held_off_time = result->held_time;
	if (result->taken > sender->moved && result->taken <= command->bufstruct.b_bcount)
		sender->moved = result->taken;
	if (result->outcome == BUS_RESET) {
		send_fail(command, sender->timed_out ? ETIMEDOUT : EIO,
			sender->timed_out ? SC_CMD_TIMEOUT : SC_SCSI_BUS_RESET);
		return;
	}
	if (result->outcome == BUS_FLUSHED) {
		send_fail(command, ECANCELED, SC_HOST_IO_BUS_ERR);
		return;
	}
	if (result->outcome == BUS_NO_TARGET) {
		send_fail(command, ENODEV, SC_NO_DEVICE_RESPONSE);
		return;
	}
	command->scsi_status = result->status;
	if (result->status == SC_GOOD_STATUS)
		return;
	command->bufstruct.b_error = EIO;
	command->bufstruct.b_flags |= B_ERROR;
	command->status_validity = SC_SCSI_ERROR;
	command->sense_length = result->sense_length;
	memcpy(command->sense_data, result->sense, sizeof(command->sense_data));
}

void send_progress(struct port *port, unsigned target)
{
	struct sender *sender = &port->senders[target];
	struct bus_result result;

	while (sender->first != NULL) {
		if (sender->active == 0 && !start_first(port, target)) {
			if (port->active >= port->max_active && sender->first != NULL &&
				!is_cancelled(sender))
				return;
			continue;
		}
		start_second(port, target);
		move_data(port, target);
		if (!bus_finish(port->bus, target, &result))
			return;
		take_result(sender, &result);
		finish_first(port, sender);
	}
}

void send_halt(struct port *port, unsigned target, uint32_t luns)
{
	struct sender *sender = &port->senders[target];
	struct scsi_buf *command = sender->first;
	unsigned on_bus = sender->active;

	/* Those on the bus are all for one unit. */
	if (on_bus > 0 && (luns & (1u << command->lun_id)))
		bus_abort(port->bus, target);

	sender->first = sender->last = NULL;
	for (unsigned i = 0; command != NULL; i++) {
		struct scsi_buf *next = next_of(command);
		if (i < on_bus || !(luns & (1u << command->lun_id))) {
			send_queue(port, command);
		} else {
			send_fail(command, EINTR, SC_HOST_IO_BUS_ERR);
			command->bufstruct.b_resid = command->bufstruct.b_bcount;
			port_complete(port, command);
		}
		command = next;
	}
	send_progress(port, target);
}

void send_fail_all(struct port *port, uint8_t adapter_status)
{
	for (unsigned target = 0; target < SCSI_IDS; target++) {
		struct sender *sender = &port->senders[target];
		while (sender->first != NULL) {
			send_fail(sender->first, EIO, adapter_status);
			finish_first(port, sender);
		}
	}
}

int send_check_timeouts(struct port *port)
{
	int64_t next = 0, time = clock_milliseconds();

	for (unsigned target = 0; target < SCSI_IDS; target++) {
		struct sender *sender = &port->senders[target];
		if (sender->active == 0 || sender->deadline == 0 || sender->timed_out)
			continue;
		/* Held off is no time-out: the data is delayed, not lost. */
		if (bus_is_held(port->bus, target))
			sender->deadline = time + (int64_t)sender->first->timeout_value * 1000;
		if (sender->deadline <= time) {
			sender->timed_out = true;
			bus_reset(port->bus);
		} else if (next == 0 || sender->deadline < next) {
			next = sender->deadline;
		}
	}
	return next == 0 ? -1 : (int)(next - time);
}
