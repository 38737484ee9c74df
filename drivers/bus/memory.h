/* The layout of a bus's shared memory. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "bus/bus.h"
#include "bus/view.h"

#define BUS_MAGIC 0x56425553u /* "VBUS" */
#define BUS_VERSION 3u
#define BUS_RING_SIZE (256u * 1024u) /* a power of two */
#define BUS_PIECE (16u * 1024u) /* bytes put into the ring before the other side is told */

enum nexus_state {
	NEXUS_IDLE, /* no command; the initiator may write the block and the ring */
	NEXUS_POSTED, /* a command waits for the target */
	NEXUS_ACCEPTED, /* the target is at work */
	NEXUS_ENDED, /* the result waits for the initiator */
};

/* What one initiator and one target share. */
struct nexus {
	/*
	 * Guards every change of `state` and `cut`, `command`, `result`: robust, for a process that
	 * dies. Data moves without it: one producer, one consumer, decided by the direction.
	 */
	pthread_mutex_t mutex;
	_Atomic uint32_t state;
	atomic_bool cut; /* posted or accepted, and to be given up by the target */
	bool abandoned; /* the initiator left: the target's end is the end */
	struct bus_command command;
	struct bus_result result;
	/*
	 * The data comes through the ring: from the start, or since the target, the only one to set
	 * it then, could not map what the command refers to. Otherwise the target takes it itself
	 * and counts in `consumed`.
	 */
	atomic_bool by_ring;
	_Atomic uint32_t holds;
	atomic_bool held;
	_Atomic uint64_t held_since, held_time; /* nanoseconds of CLOCK_MONOTONIC */

	/* The data ring: indexes only grow. */
	_Alignas(64) _Atomic uint32_t produced;
	atomic_bool producer_waits;
	_Alignas(64) _Atomic uint32_t consumed;
	atomic_bool consumer_waits;
	_Alignas(64) unsigned char ring[BUS_RING_SIZE];
};

struct port_memory {
	_Alignas(64) _Atomic uint32_t bell; /* causes; a futex */
	atomic_bool asleep;
	atomic_bool attached;
};

struct bus_memory {
	uint32_t magic, version;
	struct port_memory ports[BUS_PORTS];
	struct nexus nexuses[BUS_PORTS][BUS_PORTS]; /* [initiator][target] */
};

struct bus_port {
	struct bus_memory *memory;
	unsigned id;
	int fd; /* holds the ID's lock on the file */
	atomic_bool attended; /* bus_attend */
	struct bus_view views[BUS_PORTS]; /* as target: of each initiator */
};

/* Cuts off what the owner of an ID has in progress and takes the ID off the bus. */
void bus_expel(struct bus_memory *memory, unsigned id);

/* Tells a port some causes. */
void bell_ring(struct port_memory *port, uint32_t causes);

/* Takes and leaves a nexus's mutex, also when its last owner died. */
void nexus_lock(struct nexus *nexus);
void nexus_unlock(struct nexus *nexus);

/* With the mutex held: cuts a posted or accepted command off and tells both ports. */
void nexus_cut(struct bus_memory *memory, unsigned initiator, unsigned target);

/* With the mutex held: ends the command with an outcome that is no status. */
void nexus_end(struct nexus *nexus, enum bus_outcome outcome);
