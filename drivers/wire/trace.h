/* The trace ring: memory that all workers share and odmcfg trcrpt reads, through libkex. */
#pragma once

#include <stdatomic.h>
#include <stdint.h>
#include <sys/trcmacros.h>

#define TRACE_SLOT 64 /* bytes */
#define TRACE_SLOTS 65536u /* a power of two */
#define TRACE_HOOKS 4096

/* The first slot of a record; the data follows in it and in as many more slots as it takes. */
struct trace_record {
	/* Number of its first slot plus 1, which is written last; anything else: not complete. */
	_Atomic uint64_t sequence;
	uint64_t time; /* nanoseconds since the epoch */
	uint32_t hook_word, data_word;
	int32_t process, thread;
	uint32_t length; /* bytes of data */
	unsigned char data[TRACE_SLOT - 36];
};
#define TRACE_DATA_OFFSET 36
_Static_assert(sizeof(struct trace_record) == TRACE_SLOT, "a record is one slot");

struct trace_memory {
	_Atomic uint32_t on;
	/* Bit of each hook that is recorded. */
	_Atomic uint32_t hooks[TRACE_HOOKS / 32];
	_Alignas(64) _Atomic uint64_t next; /* slot, only grows */
	_Atomic uint64_t begun; /* slot at which the session began */
	_Alignas(64) struct trace_record slots[TRACE_SLOTS];
};

/* Slots that a record with so much data takes. */
static inline uint32_t trace_slots(uint32_t length)
{
	return 1 + (length <= TRACE_SLOT - TRACE_DATA_OFFSET
				   ? 0
				   : (length - (TRACE_SLOT - TRACE_DATA_OFFSET) + TRACE_SLOT - 1) /
					     TRACE_SLOT);
}
