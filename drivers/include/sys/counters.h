/*
 * What a driver counts for odmcfg kexstat and the tuning administrator. The driver and the event
 * dispatcher add with relaxed atomics; the host reads them at any time.
 */
#pragma once

#include <stdint.h>
#include <sys/atomic_word.h>

#define EVENT_FLAGS 4

struct device_counters {
	/* Asynchronous events of the device's session, counted by the event dispatcher. */
	KEX_ATOMIC(uint64_t) events_raised; /* flags reported by the adapter */
	KEX_ATOMIC(uint64_t) events_delivered; /* calls of the event-handler routine */
	KEX_ATOMIC(uint64_t) events_merged; /* raised while the same flag was pending */
	KEX_ATOMIC(uint64_t) events_masked; /* of those, while the interrupt class was masked */
	KEX_ATOMIC(uint64_t) raised_by_flag[EVENT_FLAGS]; /* of each event flag, the lowest first */
	KEX_ATOMIC(uint64_t) merged_by_flag[EVENT_FLAGS];
	KEX_ATOMIC(uint64_t) last_event_time; /* of the last report, seconds since the epoch */
	KEX_ATOMIC(uint32_t) last_events; /* its flags */

	/* Data. */
	KEX_ATOMIC(uint64_t) bytes; /* read or written */
	KEX_ATOMIC(uint64_t) records; /* SENDs received or sent */
	KEX_ATOMIC(uint64_t) sender_waits; /* times a SEND was held off (initiator) */
	KEX_ATOMIC(uint64_t) sender_wait_time; /* nanoseconds that took (initiator) */

	/* Target mode only; num_bufs is 0 elsewhere. */
	KEX_ATOMIC(uint32_t) num_bufs; /* receive buffers the device was given */
	KEX_ATOMIC(uint32_t) bufs_in_use; /* filled and not yet emptied */
	KEX_ATOMIC(uint32_t) bufs_peak; /* largest bufs_in_use since CFG_INIT */
	KEX_ATOMIC(uint64_t) bufs_filled; /* buffers filled */
	KEX_ATOMIC(uint64_t) bufs_exhausted; /* times all were full */
	KEX_ATOMIC(uint64_t) full_time; /* nanoseconds that initiators were held off for that */
};

#define COUNT(counter) atomic_fetch_add_explicit(&(counter), 1, memory_order_relaxed)
