/* The data ring of a nexus: one producer, one consumer, in different processes. */
#include <string.h>

#include "bus/memory.h"

uint32_t ring_used(struct nexus *nexus)
{
	return atomic_load(&nexus->produced) - atomic_load(&nexus->consumed);
}

/* Copies into the ring, which has room. */
static void copy_in(struct nexus *nexus, uint32_t produced, const char *data, size_t count)
{
	uint32_t offset = produced % BUS_RING_SIZE;
	size_t to_end = least(count, BUS_RING_SIZE - offset);

	memcpy(nexus->ring + offset, data, to_end);
	memcpy(nexus->ring, data + to_end, count - to_end);
}

size_t ring_produce(struct nexus *nexus, const void *data, size_t length,
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
	uint32_t offset = consumed % BUS_RING_SIZE;
	size_t to_end = least(count, BUS_RING_SIZE - offset);

	memcpy(data, nexus->ring + offset, to_end);
	memcpy(data + to_end, nexus->ring, count - to_end);
}

size_t ring_consume(struct nexus *nexus, void *data, size_t length, struct port_memory *producer,
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
