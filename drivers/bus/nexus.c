/* Commands from an initiator to a target, and the data that goes with them. */
#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "bus/memory.h"

void nexus_lock(struct nexus *nexus)
{
	if (pthread_mutex_lock(&nexus->mutex) == EOWNERDEAD)
		pthread_mutex_consistent(&nexus->mutex);
}

void nexus_unlock(struct nexus *nexus)
{
	pthread_mutex_unlock(&nexus->mutex);
}

void nexus_end(struct path *path, struct nexus *nexus, enum bus_outcome outcome)
{
	if (outcome != BUS_STATUS && !nexus->abandoned)
		atomic_store(&path->failed, true);
	nexus->result = (struct bus_result){.outcome = (uint8_t)outcome};
	atomic_store(&nexus->cut, false);
	atomic_store(&nexus->held, false);
	atomic_store(&nexus->state, nexus->abandoned ? NEXUS_IDLE : NEXUS_ENDED);
}

/* With the mutex held. What is accepted fails when the target sees it, and not if it ends first. */
static bool nexus_cut(struct path *path, struct nexus *nexus)
{
	uint32_t state = atomic_load(&nexus->state);

	if (state == NEXUS_POSTED)
		nexus_end(path, nexus, BUS_RESET);
	else if (state == NEXUS_ACCEPTED)
		atomic_store(&nexus->cut, true);
	return state == NEXUS_POSTED || state == NEXUS_ACCEPTED;
}

void path_cut(struct bus_memory *memory, unsigned initiator, unsigned target)
{
	struct path *path = &memory->paths[initiator][target];
	bool cut = false;

	for (unsigned i = 0; i < BUS_DEPTH; i++) {
		struct nexus *nexus = &path->nexuses[i];
		nexus_lock(nexus);
		cut = nexus_cut(path, nexus) || cut;
		nexus_unlock(nexus);
	}
	if (!cut)
		return;
	bell_ring(&memory->ports[initiator], BUS_TO(target));
	bell_ring(&memory->ports[target], BUS_FROM(initiator));
}

/* The oldest command to a target. */
static struct nexus *oldest_to(const struct bus_port *port, unsigned target)
{
	return &path_to(port, target)->nexuses[port->finished[target] % BUS_DEPTH];
}

/* The command of an initiator that this port carries out. */
static struct nexus *accepted_from(const struct bus_port *port, unsigned initiator)
{
	return &path_from(port, initiator)->nexuses[port->accepted[initiator]];
}

int bus_start(struct bus_port *port, unsigned target, const struct bus_command *command)
{
	struct bus_memory *memory = port->memory;

	if (target >= BUS_PORTS || target == port->id ||
		!atomic_load(&memory->ports[target].attached)) {
		errno = ENODEV;
		return -1;
	}
	struct nexus *nexus = &path_to(port, target)->nexuses[port->started[target] % BUS_DEPTH];
	nexus_lock(nexus);
	bool idle = atomic_load(&nexus->state) == NEXUS_IDLE;
	if (idle) {
		nexus->command = *command;
		nexus->abandoned = false;
		nexus->command.session = session_number(path_to(port, target));
		nexus->sequence = port->started[target]++;
		atomic_store(&nexus->by_ring, command->data.process == 0);
		atomic_store(&nexus->produced, 0);
		atomic_store(&nexus->consumed, 0);
		atomic_store(&nexus->producer_waits, false);
		atomic_store(&nexus->consumer_waits, false);
		atomic_store(&nexus->holds, 0);
		atomic_store(&nexus->held_time, 0);
		atomic_store(&nexus->state, NEXUS_POSTED);
	}
	nexus_unlock(nexus);
	if (!idle) {
		errno = EBUSY;
		return -1;
	}
	bell_ring(&memory->ports[target], BUS_FROM(port->id));
	return 0;
}

/* Whether the nexus carries data in this direction now. */
static bool carries(struct nexus *nexus, enum bus_direction direction)
{
	uint32_t state = atomic_load(&nexus->state);

	return state != NEXUS_IDLE && nexus->command.direction == direction;
}

size_t bus_put(struct bus_port *port, unsigned target, const void *data, size_t length)
{
	struct nexus *nexus = oldest_to(port, target);

	if (!carries(nexus, BUS_DATA_OUT) || atomic_load(&nexus->state) == NEXUS_ENDED ||
		!atomic_load(&nexus->by_ring))
		return 0;
	return ring_produce(nexus, data, length, &port->memory->ports[target], BUS_FROM(port->id));
}

size_t bus_get(struct bus_port *port, unsigned target, void *data, size_t length)
{
	struct nexus *nexus = oldest_to(port, target);

	if (!carries(nexus, BUS_DATA_IN))
		return 0;
	return ring_consume(nexus, data, length, &port->memory->ports[target], BUS_FROM(port->id));
}

/* The initiator knows that a command failed: what it has begun after that is not to be done. */
static void flush(struct bus_port *port, unsigned target)
{
	struct path *path = path_to(port, target);

	for (unsigned i = 0; i < BUS_DEPTH; i++) {
		struct nexus *nexus = &path->nexuses[i];
		nexus_lock(nexus);
		if (atomic_load(&nexus->state) == NEXUS_POSTED)
			nexus_end(path, nexus, BUS_FLUSHED);
		nexus_unlock(nexus);
	}
	atomic_store(&path->failed, false);
	bell_ring(&port->memory->ports[target], BUS_FROM(port->id));
}

bool bus_finish(struct bus_port *port, unsigned target, struct bus_result *result)
{
	struct nexus *nexus = oldest_to(port, target);

	if (atomic_load(&nexus->state) != NEXUS_ENDED)
		return false;
	nexus_lock(nexus);
	*result = nexus->result;
	result->holds = atomic_load(&nexus->holds);
	result->held_time = atomic_load(&nexus->held_time);
	result->taken = atomic_load(&nexus->by_ring) ? 0 : atomic_load(&nexus->consumed);
	uint32_t used = ring_used(nexus);
	bool drained = result->outcome != BUS_STATUS || nexus->command.direction != BUS_DATA_IN ||
		       used == 0 || used > BUS_RING_SIZE;
	if (drained)
		atomic_store(&nexus->state, NEXUS_IDLE);
	nexus_unlock(nexus);
	if (drained) {
		port->finished[target]++;
		if (result->outcome != BUS_STATUS || result->status != 0)
			flush(port, target);
	}
	if (result->sense_length > sizeof(result->sense))
		result->sense_length = sizeof(result->sense);
	return drained;
}

bool bus_is_held(struct bus_port *port, unsigned target)
{
	return atomic_load(&oldest_to(port, target)->held);
}

void bus_abort(struct bus_port *port, unsigned target)
{
	path_cut(port->memory, port->id, target);
}

bool path_is_busy(const struct path *path)
{
	bool busy = false;

	for (unsigned i = 0; i < BUS_DEPTH; i++) {
		uint32_t state = atomic_load(&path->nexuses[i].state);
		busy = busy || state == NEXUS_POSTED || state == NEXUS_ACCEPTED;
	}
	return busy;
}

/* The oldest of the posted ones that one pass finds, BUS_DEPTH for none or when one is at work. */
static unsigned find_posted(struct path *path)
{
	unsigned next = BUS_DEPTH;

	for (unsigned i = 0; i < BUS_DEPTH; i++) {
		uint32_t state = atomic_load(&path->nexuses[i].state);
		if (state == NEXUS_ACCEPTED)
			return BUS_DEPTH;
		if (state == NEXUS_POSTED &&
			(next == BUS_DEPTH || (int32_t)(path->nexuses[i].sequence -
							path->nexuses[next].sequence) < 0))
			next = i;
	}
	return next;
}

/*
 * The nexus whose command is next. Two that come during a pass may be found without the first, when
 * the pass was past it already: it was posted by then, and so a second pass finds it.
 */
static unsigned next_posted(struct path *path)
{
	return find_posted(path) == BUS_DEPTH ? BUS_DEPTH : find_posted(path);
}

bool bus_accept(struct bus_port *port, unsigned initiator, struct bus_command *command)
{
	struct path *path = path_from(port, initiator);
	unsigned next = next_posted(path);

	if (next == BUS_DEPTH || atomic_load(&path->failed))
		return false;
	struct nexus *nexus = &path->nexuses[next];
	nexus_lock(nexus);
	bool accepted = atomic_load(&nexus->state) == NEXUS_POSTED && !atomic_load(&path->failed);
	if (accepted) {
		*command = nexus->command;
		port->accepted[initiator] = next;
		atomic_store(&nexus->state, NEXUS_ACCEPTED);
	}
	nexus_unlock(nexus);
	return accepted;
}

/* False when the command's data can't be seen from here: the initiator is asked for it. */
static bool take_itself(struct bus_port *port, unsigned initiator, void *data, size_t *length)
{
	struct nexus *nexus = accepted_from(port, initiator);
	struct bus_command command = nexus->command;
	uint32_t consumed = atomic_load(&nexus->consumed);
	const char *source = view_find(&port->views[initiator], &command.data, command.data_length);

	if (source == NULL || consumed > command.data_length) {
		atomic_store(&nexus->by_ring, true);
		bell_ring(&port->memory->ports[initiator], BUS_TO(port->id));
		return false;
	}
	*length = least(*length, command.data_length - consumed);
	memcpy(data, source + consumed, *length);
	atomic_store(&nexus->consumed, consumed + (uint32_t)*length);
	return true;
}

size_t bus_take(struct bus_port *port, unsigned initiator, void *data, size_t length)
{
	struct nexus *nexus = accepted_from(port, initiator);

	if (atomic_load(&nexus->cut) || !carries(nexus, BUS_DATA_OUT))
		return 0;
	if (!atomic_load(&nexus->by_ring) && take_itself(port, initiator, data, &length))
		return length;
	return ring_consume(nexus, data, length, &port->memory->ports[initiator], BUS_TO(port->id));
}

size_t bus_give(struct bus_port *port, unsigned initiator, const void *data, size_t length)
{
	struct nexus *nexus = accepted_from(port, initiator);

	if (atomic_load(&nexus->cut) || !carries(nexus, BUS_DATA_IN))
		return 0;
	return ring_produce(nexus, data, length, &port->memory->ports[initiator], BUS_TO(port->id));
}

void bus_forget_memory(struct bus_port *port)
{
	for (unsigned initiator = 0; initiator < BUS_PORTS; initiator++)
		view_close(&port->views[initiator]);
}

bool bus_knows_memory(const struct bus_port *port)
{
	bool knows = false;

	for (unsigned initiator = 0; initiator < BUS_PORTS; initiator++)
		knows = knows || port->views[initiator].reference.process != 0;
	return knows;
}

bool bus_cut(struct bus_port *port, unsigned initiator)
{
	struct nexus *nexus = accepted_from(port, initiator);

	if (!atomic_load(&nexus->cut))
		return false;
	nexus_lock(nexus);
	bool cut = atomic_load(&nexus->cut) && atomic_load(&nexus->state) == NEXUS_ACCEPTED;
	if (cut)
		nexus_end(path_from(port, initiator), nexus, BUS_RESET);
	nexus_unlock(nexus);
	bell_ring(&port->memory->ports[initiator], BUS_TO(port->id));
	return cut;
}

uint64_t bus_hold(struct bus_port *port, unsigned initiator, bool held)
{
	struct nexus *nexus = accepted_from(port, initiator);

	if (atomic_exchange(&nexus->held, held) == held)
		return 0;
	if (held) {
		atomic_fetch_add(&nexus->holds, 1);
		atomic_store(&nexus->held_since, (uint64_t)clock_nanoseconds());
		return 0;
	}
	uint64_t time = (uint64_t)clock_nanoseconds() - atomic_load(&nexus->held_since);
	atomic_fetch_add(&nexus->held_time, time);
	return time;
}

void bus_complete(struct bus_port *port, unsigned initiator, uint8_t status, const uint8_t *sense,
	size_t length)
{
	struct path *path = path_from(port, initiator);
	struct nexus *nexus = accepted_from(port, initiator);

	nexus_lock(nexus);
	if (atomic_load(&nexus->state) == NEXUS_ACCEPTED) {
		if (status != 0 && !nexus->abandoned)
			atomic_store(&path->failed, true);
		if (status == 0 && nexus->command.bound)
			session_bind(path, nexus->command.session);
		nexus_end(path, nexus, BUS_STATUS);
		nexus->result.status = status;
		nexus->result.sense_length = (uint8_t)least(length, sizeof(nexus->result.sense));
		if (length != 0)
			memcpy(nexus->result.sense, sense, nexus->result.sense_length);
	}
	nexus_unlock(nexus);
	bell_ring(&port->memory->ports[initiator], BUS_TO(port->id));
}
