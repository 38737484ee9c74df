/* The hardware's thread: it serves the bus, ends commands, and starts and stops with the adapter.
 */
#include "vscsi/port.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include "adapter/buf_list.h"
#include "vscsi/port_private.h"

void port_complete(struct port *port, struct scsi_buf *command)
{
	buf_list_push(&port->completed, &command->bufstruct);
	port->callbacks.interrupt(port->callbacks.driver, PORT_DONE);
}

struct buf *port_take_completed(struct port *port)
{
	return buf_list_take(&port->completed);
}

/* Fails what was submitted to a dead adapter. Any thread. */
static void fail_submitted(struct port *port)
{
	struct buf *bp = buf_list_take(&port->submitted);

	while (bp != NULL) {
		struct scsi_buf *command = (struct scsi_buf *)bp;
		bp = bp->av_forw;
		send_fail(command, EIO, SC_ADAPTER_HDW_FAILURE);
		port_complete(port, command);
	}
}

/* After the push, so that either the dying hardware sees the command or the caller the death. */
static void kick(struct port *port)
{
	if (atomic_load(&port->off_bus))
		fail_submitted(port);
	else
		bus_kick(port->bus);
}

void port_halt(struct port *port, unsigned scsi_id, unsigned lun)
{
	const struct timespec moment = {0, 50000};

	atomic_fetch_or(&port->halts[scsi_id], 1u << lun);
	kick(port);
	/* A command that resumes the queue is not to be aborted by the halt before it. */
	while ((atomic_load(&port->halts[scsi_id]) & (1u << lun)) && !atomic_load(&port->off_bus))
		nanosleep(&moment, NULL);
	pthread_mutex_lock(&port->mutex);
	pthread_mutex_unlock(&port->mutex);
}

void port_reset_device(struct port *port, unsigned scsi_id)
{
	atomic_fetch_or(&port->resets, 1u << scsi_id);
	kick(port);
}

void port_fault(struct port *port, uint32_t events)
{
	atomic_fetch_or(&port->faults, events);
	kick(port);
}

/* The adapter fails for good: nothing answers on its SCSI ID any more. */
static void die(struct port *port)
{
	port->dead = true;
	for (unsigned id = 0; id < SCSI_IDS; id++)
		if (port->receivers[id] != NULL)
			receive_cut(port, id);
	send_fail_all(port, SC_ADAPTER_HDW_FAILURE);
	bus_leave(port->bus);
	atomic_store(&port->off_bus, true);
	fail_submitted(port);
	port->callbacks.adapter_event(port->callbacks.driver, SCSI_FATAL_HDW_ERR);
}

static void simulate_faults(struct port *port)
{
	uint32_t faults = atomic_exchange(&port->faults, 0);

	if (faults & SCSI_RESET_EVENT)
		bus_reset(port->bus);
	if (faults & SCSI_ADAP_CMD_FAILED)
		port->callbacks.adapter_event(port->callbacks.driver, SCSI_ADAP_CMD_FAILED);
	if (faults & SCSI_FATAL_HDW_ERR)
		die(port);
}

static void take_submitted(struct port *port)
{
	struct buf *bp = buf_list_take(&port->submitted);

	while (bp != NULL) {
		struct buf *next = bp->av_forw;
		send_queue(port, (struct scsi_buf *)bp);
		bp = next;
	}
	uint32_t resets = atomic_exchange(&port->resets, 0);
	for (unsigned target = 0; target < SCSI_IDS; target++) {
		if (resets & (1u << target))
			bus_reset_device(port->bus, target);
		uint32_t luns = atomic_exchange(&port->halts[target], 0);
		if (luns != 0)
			send_halt(port, target, luns);
	}
}

static void serve_causes(struct port *port, uint32_t causes)
{
	if (causes & BUS_WAS_RESET)
		port->callbacks.adapter_event(port->callbacks.driver, SCSI_RESET_EVENT);
	for (unsigned id = 0; id < SCSI_IDS; id++)
		if (causes & BUS_LOST(id))
			port->callbacks.lost(port->callbacks.driver, id);
	simulate_faults(port);
	if (port->dead)
		return;
	take_submitted(port);

	bool all = (causes & (BUS_WAS_RESET | BUS_KICKED)) != 0;
	for (unsigned id = 0; id < SCSI_IDS; id++) {
		if (all || (causes & BUS_TO(id)))
			send_progress(port, id);
		if (all || (causes & BUS_FROM(id)))
			receive_progress(port, id);
	}
}

/* While commands are on their way their time is checked, and while memory is mapped its use. */
#define CHECK_INTERVAL 500 /* milliseconds */

/* Whether a command is on its way, from another adapter or to it. */
static bool is_at_work(const struct port *port)
{
	bool works = false;

	for (unsigned id = 0; id < SCSI_IDS; id++) {
		const struct receiver *receiver = port->receivers[id];
		works = works || port->senders[id].active > 0 ||
			(receiver != NULL && receiver->receiving);
	}
	return works;
}

static void serve(struct port *port, uint32_t causes)
{
	serve_causes(port, causes);
	atomic_store(&port->hardware.at_work, !port->dead && is_at_work(port));
}

/* Milliseconds until there is something to check without news, -1 for never. */
static int next_check(struct port *port, bool quiet)
{
	int timeout = send_check_timeouts(port);

	bool works = is_at_work(port);
	if (quiet && !works)
		bus_forget_memory(port->bus);
	if ((works || bus_knows_memory(port->bus)) && (timeout < 0 || timeout > CHECK_INTERVAL))
		timeout = CHECK_INTERVAL;
	return timeout;
}

/* What the hardware's thread does, done by another one; false when that is at it already. */
static bool advance(struct port *port, uint32_t causes)
{
	if (pthread_mutex_trylock(&port->mutex) != 0)
		return false;
	bool serves = !port->dead;
	if (serves) {
		serve(port, causes | bus_news(port->bus));
		atomic_store(&port->unwatched, atomic_load(&port->hardware.at_work));
	}
	pthread_mutex_unlock(&port->mutex);
	return serves;
}

static struct port *port_of(struct hardware *hardware)
{
	return (struct port *)((char *)hardware - offsetof(struct port, hardware));
}

static bool port_advance(struct hardware *hardware)
{
	struct port *port = port_of(hardware);

	return bus_has_news(port->bus) && advance(port, 0);
}

static void port_set_polled(struct hardware *hardware, bool polled)
{
	if (polled)
		bus_poll_begin(port_of(hardware)->bus);
	else
		bus_poll_end(port_of(hardware)->bus);
}

/* The thread counts the time of what was begun without it. */
static void port_release(struct hardware *hardware)
{
	struct port *port = port_of(hardware);

	if (atomic_exchange(&port->unwatched, false))
		bus_kick(port->bus);
}

void port_submit(struct port *port, struct scsi_buf *command)
{
	buf_list_push(&port->submitted, &command->bufstruct);
	if (!hardware_may_advance() || !advance(port, BUS_KICKED))
		kick(port);
}

static void *run(void *argument)
{
	struct port *port = argument;
	int timeout = -1;

	hardware_thread_begin();
	while (!atomic_load(&port->stopping)) {
		uint32_t causes = bus_wait(port->bus, timeout);

		pthread_mutex_lock(&port->mutex);
		serve(port, causes);
		timeout = port->dead ? -1 : next_check(port, causes == 0);
		bool dead = port->dead;
		pthread_mutex_unlock(&port->mutex);
		if (dead)
			break;
	}
	return NULL;
}

int port_open(struct port *port, const char *bus_memory, unsigned scsi_id, unsigned max_active,
	const struct port_callbacks *callbacks)
{
	memset(port, 0, sizeof(*port));
	port->scsi_id = scsi_id;
	port->max_active = max_active;
	port->callbacks = *callbacks;
	port->hardware = (struct hardware){
		.advance = port_advance, .set_polled = port_set_polled, .release = port_release};
	pthread_mutex_init(&port->mutex, NULL);
	port->bus = bus_attach(bus_memory, scsi_id);
	if (port->bus == NULL)
		return errno;

	int error = pthread_create(&port->thread, NULL, run, port);
	if (error != 0) {
		bus_detach(port->bus);
		return error;
	}
	hardware_add(&port->hardware);
	return 0;
}

void port_close(struct port *port)
{
	hardware_remove(&port->hardware);
	atomic_store(&port->stopping, true);
	bus_kick(port->bus);
	pthread_join(port->thread, NULL);
	bus_detach(port->bus);
	pthread_mutex_destroy(&port->mutex);
}

void port_session_begin(struct port *port, unsigned scsi_id)
{
	pthread_mutex_lock(&port->mutex);
	if (!port->dead)
		bus_session_begin(port->bus, scsi_id);
	pthread_mutex_unlock(&port->mutex);
	/* From now on the thread watches the target. */
	kick(port);
}

void port_session_end(struct port *port, unsigned scsi_id, bool given_up)
{
	pthread_mutex_lock(&port->mutex);
	bus_session_end(port->bus, scsi_id, given_up);
	pthread_mutex_unlock(&port->mutex);
}

int port_receive_start(struct port *port, unsigned scsi_id, struct receiver *receiver)
{
	pthread_mutex_lock(&port->mutex);
	bool dead = port->dead;
	if (!dead) {
		bus_reader_begin(port->bus, scsi_id);
		port->receivers[scsi_id] = receiver;
	}
	pthread_mutex_unlock(&port->mutex);
	if (dead)
		return EIO;
	kick(port);
	return 0;
}

void port_receive_stop(struct port *port, unsigned scsi_id)
{
	pthread_mutex_lock(&port->mutex);
	struct receiver *receiver = port->receivers[scsi_id];
	if (receiver != NULL && receiver->receiving && !port->dead) {
		bus_hold(port->bus, scsi_id, false);
		bus_complete(port->bus, scsi_id, SC_BUSY_STATUS, NULL, 0);
	}
	bus_reader_end(port->bus, scsi_id);
	port->receivers[scsi_id] = NULL;
	if (!is_at_work(port))
		bus_forget_memory(port->bus);
	pthread_mutex_unlock(&port->mutex);
}
