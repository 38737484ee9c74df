/*
 * What a driver counts for odmcfg kexstat and the tuning administrator. The driver and the event
 * dispatcher add with relaxed atomics; the host reads them at any time.
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

#define EVENT_FLAGS 4

struct device_counters {
	/* Asynchronous events of the device's session, counted by the event dispatcher. */
	_Atomic uint64_t events_raised; /* flags reported by the adapter */
	_Atomic uint64_t events_delivered; /* calls of the event-handler routine */
	_Atomic uint64_t events_merged; /* raised while the same flag was pending */
	_Atomic uint64_t events_masked; /* of those, while the interrupt class was masked */
	_Atomic uint64_t raised_by_flag[EVENT_FLAGS]; /* of each event flag, the lowest first */
	_Atomic uint64_t merged_by_flag[EVENT_FLAGS];
	_Atomic uint64_t last_event_time; /* of the last report, seconds since the epoch */
	_Atomic uint32_t last_events; /* its flags */

	/* Data. */
	_Atomic uint64_t bytes; /* read or written */
	_Atomic uint64_t records; /* SENDs received or sent */
	_Atomic uint64_t sender_waits; /* times a SEND was held off (initiator) */
	_Atomic uint64_t sender_wait_time; /* nanoseconds that took (initiator) */

	/* Target mode only; num_bufs is 0 elsewhere. */
	_Atomic uint32_t num_bufs; /* receive buffers the device was given */
	_Atomic uint32_t bufs_in_use; /* filled and not yet emptied */
	_Atomic uint32_t bufs_peak; /* largest bufs_in_use since CFG_INIT */
	_Atomic uint64_t bufs_filled; /* buffers filled */
	_Atomic uint64_t bufs_exhausted; /* times all were full */
	_Atomic uint64_t full_time; /* nanoseconds that initiators were held off for that */
};

#define COUNT(counter) atomic_fetch_add_explicit(&(counter), 1, memory_order_relaxed)
