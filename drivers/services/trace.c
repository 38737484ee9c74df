/*
 * Trace records into memory that all workers share: a slot is reserved, filled, then made valid.
 */
#include "services/trace.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

static struct trace_memory *trace;

void trace_attach(struct trace_memory *memory)
{
	trace = memory;
}

static bool is_recorded(uint32_t hook_word)
{
	uint32_t hook = hook_word >> 20;

	return trace != NULL && atomic_load_explicit(&trace->on, memory_order_relaxed) != 0 &&
	       (atomic_load_explicit(&trace->hooks[hook / 32], memory_order_relaxed) &
		       (1u << hook % 32)) != 0;
}

/* The data's bytes, slot by slot: the ring's end may be between two. */
static void copy_data(uint64_t slot, const char *data, size_t length)
{
	size_t first = TRACE_SLOT - TRACE_DATA_OFFSET;
	size_t piece = length < first ? length : first;

	memcpy(trace->slots[slot % TRACE_SLOTS].data, data, piece);
	for (data += piece, length -= piece; length > 0; data += piece, length -= piece) {
		piece = length < TRACE_SLOT ? length : TRACE_SLOT;
		memcpy(&trace->slots[++slot % TRACE_SLOTS], data, piece);
	}
}

void trcgenk(
	unsigned channel, uint32_t hook_word, uint32_t data_word, size_t length, const void *data)
{
	if (channel != 0 || !is_recorded(hook_word))
		return;
	if (length > TRACE_MOST_DATA)
		length = TRACE_MOST_DATA;
	uint64_t slot = atomic_fetch_add(&trace->next, trace_slots((uint32_t)length));
	struct trace_record *record = &trace->slots[slot % TRACE_SLOTS];

	atomic_store(&record->sequence, 0);
	record->time = (uint64_t)clock_read(CLOCK_REALTIME);
	record->hook_word = hook_word;
	record->data_word = data_word;
	record->process = (int32_t)getpid();
	record->thread = (int32_t)gettid();
	record->length = (uint32_t)length;
	if (length > 0)
		copy_data(slot, data, length);
	atomic_store(&record->sequence, slot + 1);
}

void trcgenkt(
	unsigned channel, uint32_t hook_word, uint32_t data_word, size_t length, const void *data)
{
	trcgenk(channel, hook_word, data_word, length, data);
}

void trace_numbers(uint32_t hook, uint32_t data_word, uint64_t first, uint64_t second)
{
	const uint64_t numbers[2] = {first, second};

	trcgenk(0, TRACE_HOOK(hook, 0), data_word, sizeof(numbers), numbers);
}
