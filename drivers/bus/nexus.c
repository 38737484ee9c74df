/* Commands from an initiator to a target, and the data that goes with them. */
#include <errno.h>
#include <string.h>
#include <time.h>

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

void nexus_end(struct nexus *nexus, enum bus_outcome outcome)
{
	nexus->result = (struct bus_result){.outcome = (uint8_t)outcome};
	atomic_store(&nexus->cut, false);
	atomic_store(&nexus->held, false);
	atomic_store(&nexus->state, nexus->abandoned ? NEXUS_IDLE : NEXUS_ENDED);
}

void nexus_cut(struct bus_memory *memory, unsigned initiator, unsigned target)
{
	struct nexus *nexus = &memory->nexuses[initiator][target];
	uint32_t state = atomic_load(&nexus->state);

	if (state == NEXUS_POSTED)
		nexus_end(nexus, BUS_RESET);
	else if (state == NEXUS_ACCEPTED)
		atomic_store(&nexus->cut, true);
	else
		return;
	bell_ring(&memory->ports[initiator], BUS_TO(target));
	bell_ring(&memory->ports[target], BUS_FROM(initiator));
}

/* Bytes in the ring; more than its size when somebody spoiled the memory. */
static uint32_t ring_used(struct nexus *nexus)
{
	return atomic_load(&nexus->produced) - atomic_load(&nexus->consumed);
}

static size_t least(size_t one, size_t other)
{
	return one < other ? one : other;
}

/* Copies into the ring, which has room. */
static void copy_in(struct nexus *nexus, uint32_t produced, const char *data, size_t count)
{
	uint32_t place = produced % BUS_RING_SIZE;
	size_t to_end = least(count, BUS_RING_SIZE - place);

	memcpy(nexus->ring + place, data, to_end);
	memcpy(nexus->ring, data + to_end, count - to_end);
}

/*
 * Appends what fits, in pieces: the consumer begins with the first while the next is copied. It is
 * told when it had found the ring empty.
 */
static size_t produce(struct nexus *nexus, const void *data, size_t length,
	struct port_memory *consumer, uint32_t cause)
{
	size_t done = 0;

	while (done < length) {
		uint32_t used = ring_used(nexus);
		if (used >= BUS_RING_SIZE) {
			atomic_store(&nexus->producer_waits, true);
			used = ring_used(nexus);
			if (used >= BUS_RING_SIZE)
				return done;
		}
		uint32_t produced = atomic_load(&nexus->produced);
		size_t count = least(least(length - done, BUS_PIECE), BUS_RING_SIZE - used);
		copy_in(nexus, produced, (const char *)data + done, count);
		atomic_store(&nexus->produced, produced + (uint32_t)count);
		done += count;
		if (atomic_load(&nexus->consumer_waits) &&
			atomic_exchange(&nexus->consumer_waits, false))
			bell_ring(consumer, cause);
	}
	return done;
}

static void copy_out(struct nexus *nexus, uint32_t consumed, char *data, size_t count)
{
	uint32_t place = consumed % BUS_RING_SIZE;
	size_t to_end = least(count, BUS_RING_SIZE - place);

	memcpy(data, nexus->ring + place, to_end);
	memcpy(data + to_end, nexus->ring, count - to_end);
}

/*
 * Takes what is there, until it has found the ring empty after saying that it waits. `producer` is
 * told when it had found the ring full, once there is room for some more than a little.
 */
static size_t consume(struct nexus *nexus, void *data, size_t length, struct port_memory *producer,
	uint32_t cause)
{
	size_t done = 0;

	while (done < length) {
		uint32_t used = ring_used(nexus);
		if (used == 0) {
			atomic_store(&nexus->consumer_waits, true);
			used = ring_used(nexus);
		}
		if (used == 0 || used > BUS_RING_SIZE)
			return done;
		uint32_t consumed = atomic_load(&nexus->consumed);
		size_t count = least(length - done, used);
		copy_out(nexus, consumed, (char *)data + done, count);
		atomic_store(&nexus->consumed, consumed + (uint32_t)count);
		done += count;
		if (atomic_load(&nexus->producer_waits) && ring_used(nexus) <= BUS_RING_SIZE / 2 &&
			atomic_exchange(&nexus->producer_waits, false))
			bell_ring(producer, cause);
	}
	return done;
}

int bus_start(struct bus_port *port, unsigned target, const struct bus_command *command)
{
	struct bus_memory *memory = port->memory;

	if (target >= BUS_PORTS || target == port->id ||
		!atomic_load(&memory->ports[target].attached)) {
		errno = ENODEV;
		return -1;
	}
	struct nexus *nexus = &memory->nexuses[port->id][target];
	nexus_lock(nexus);
	bool idle = atomic_load(&nexus->state) == NEXUS_IDLE;
	if (idle) {
		nexus->command = *command;
		nexus->abandoned = false;
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
	struct nexus *nexus = &port->memory->nexuses[port->id][target];

	if (!carries(nexus, BUS_DATA_OUT) || atomic_load(&nexus->state) == NEXUS_ENDED ||
		!atomic_load(&nexus->by_ring))
		return 0;
	return produce(nexus, data, length, &port->memory->ports[target], BUS_FROM(port->id));
}

size_t bus_get(struct bus_port *port, unsigned target, void *data, size_t length)
{
	struct nexus *nexus = &port->memory->nexuses[port->id][target];

	if (!carries(nexus, BUS_DATA_IN))
		return 0;
	return consume(nexus, data, length, &port->memory->ports[target], BUS_FROM(port->id));
}

bool bus_finish(struct bus_port *port, unsigned target, struct bus_result *result)
{
	struct nexus *nexus = &port->memory->nexuses[port->id][target];

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
	if (result->sense_length > sizeof(result->sense))
		result->sense_length = sizeof(result->sense);
	return drained;
}

void bus_abort(struct bus_port *port, unsigned target)
{
	struct nexus *nexus = &port->memory->nexuses[port->id][target];

	nexus_lock(nexus);
	nexus_cut(port->memory, port->id, target);
	nexus_unlock(nexus);
}

bool bus_accept(struct bus_port *port, unsigned initiator, struct bus_command *command)
{
	struct nexus *nexus = &port->memory->nexuses[initiator][port->id];

	if (atomic_load(&nexus->state) != NEXUS_POSTED)
		return false;
	nexus_lock(nexus);
	bool accepted = atomic_load(&nexus->state) == NEXUS_POSTED;
	if (accepted) {
		*command = nexus->command;
		atomic_store(&nexus->state, NEXUS_ACCEPTED);
	}
	nexus_unlock(nexus);
	return accepted;
}

/* False when the command's data can't be seen from here: the initiator is asked for it. */
static bool take_itself(struct bus_port *port, unsigned initiator, void *data, size_t *length)
{
	struct nexus *nexus = &port->memory->nexuses[initiator][port->id];
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
	struct nexus *nexus = &port->memory->nexuses[initiator][port->id];

	if (atomic_load(&nexus->cut) || !carries(nexus, BUS_DATA_OUT))
		return 0;
	if (!atomic_load(&nexus->by_ring) && take_itself(port, initiator, data, &length))
		return length;
	return consume(nexus, data, length, &port->memory->ports[initiator], BUS_TO(port->id));
}

size_t bus_give(struct bus_port *port, unsigned initiator, const void *data, size_t length)
{
	struct nexus *nexus = &port->memory->nexuses[initiator][port->id];

	if (atomic_load(&nexus->cut) || !carries(nexus, BUS_DATA_IN))
		return 0;
	return produce(nexus, data, length, &port->memory->ports[initiator], BUS_TO(port->id));
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
	struct nexus *nexus = &port->memory->nexuses[initiator][port->id];

	if (!atomic_load(&nexus->cut))
		return false;
	nexus_lock(nexus);
	bool cut = atomic_load(&nexus->cut) && atomic_load(&nexus->state) == NEXUS_ACCEPTED;
	if (cut)
		nexus_end(nexus, BUS_RESET);
	nexus_unlock(nexus);
	bell_ring(&port->memory->ports[initiator], BUS_TO(port->id));
	return cut;
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

uint64_t bus_hold(struct bus_port *port, unsigned initiator, bool held)
{
	struct nexus *nexus = &port->memory->nexuses[initiator][port->id];

	if (atomic_exchange(&nexus->held, held) == held)
		return 0;
	if (held) {
		atomic_fetch_add(&nexus->holds, 1);
		atomic_store(&nexus->held_since, now());
		return 0;
	}
	uint64_t time = now() - atomic_load(&nexus->held_since);
	atomic_fetch_add(&nexus->held_time, time);
	return time;
}

void bus_complete(struct bus_port *port, unsigned initiator, uint8_t status, const uint8_t *sense,
	size_t length)
{
	struct nexus *nexus = &port->memory->nexuses[initiator][port->id];

	nexus_lock(nexus);
	if (atomic_load(&nexus->state) == NEXUS_ACCEPTED) {
		nexus_end(nexus, BUS_STATUS);
		nexus->result.status = status;
		nexus->result.sense_length = (uint8_t)least(length, sizeof(nexus->result.sense));
		if (length != 0)
			memcpy(nexus->result.sense, sense, nexus->result.sense_length);
	}
	nexus_unlock(nexus);
	bell_ring(&port->memory->ports[initiator], BUS_TO(port->id));
}
