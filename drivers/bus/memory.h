/* The layout of a bus's shared memory. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "bus/bus.h"
#include "bus/view.h"

#define BUS_MAGIC 0x56425553u /* "VBUS" */
#define BUS_VERSION 5u
#define BUS_RING_SIZE (256u * 1024u) /* a power of two */
#define BUS_PIECE (16u * 1024u) /* bytes put into the ring before the other side is told */

enum nexus_state {
	NEXUS_IDLE, /* no command; the initiator may write the block and the ring */
	NEXUS_POSTED, /* a command waits for the target */
	NEXUS_ACCEPTED, /* the target is at work */
	NEXUS_ENDED, /* the result waits for the initiator */
};

/* One command from an initiator to a target, and its data. */
struct nexus {
	/*
	 * Guards every change of `state` and `cut`, `command`, `result`: robust, for a process that
	 * dies. Data moves without it: one producer, one consumer, decided by the direction.
	 */
	pthread_mutex_t mutex;
	_Atomic uint32_t state;
	atomic_bool cut; /* posted or accepted, and to be given up by the target */
	bool abandoned; /* the initiator left: the target's end is the end */
	uint32_t sequence; /* of the initiator's commands to this target, only grows */
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

/* What one initiator and one target share: commands are begun in the nexuses by turns. */
struct path {
	struct nexus nexuses[BUS_DEPTH];
	/*
	 * A command failed: the target takes none until the initiator has seen that and has flushed
	 * the one after it. Set before the failed command's end can be seen.
	 */
	atomic_bool failed;
	/*
	 * The initiator's sessions, by numbers that only grow: the newest, and of those that have
	 * ended and that were broken the newest. Written by who has the initiator's ID.
	 */
	_Atomic uint32_t session, ended, broken;
	/*
	 * The target's readers, numbered too: the newest, and the one there is, 0 for none. And for
	 * which of them a command of which session was carried out last. Written by who has the
	 * target's ID.
	 */
	_Atomic uint32_t readers, reader, bound_session, bound_reader;
};

struct port_memory {
	_Alignas(64) _Atomic uint32_t bell; /* a doorbell: causes; a futex */
	atomic_bool asleep;
	atomic_bool attached;
};

struct bus_memory {
	uint32_t magic, version;
	struct port_memory ports[BUS_PORTS];
	struct path paths[BUS_PORTS][BUS_PORTS]; /* [initiator][target] */
};

struct bus_port {
	struct bus_memory *memory;
	unsigned id;
	int fd; /* holds the ID's lock on the file */
	_Atomic uint32_t polled; /* bus_poll_begin: 0 or 1; a futex */
	atomic_bool awaits_poll_end; /* the thread in bus_wait sleeps on it */
	uint32_t started[BUS_PORTS],
		finished[BUS_PORTS]; /* as initiator: commands to each target */
	uint32_t accepted[BUS_PORTS]; /* as target: the nexus of the command of each initiator */
	struct bus_view views[BUS_PORTS]; /* as target: of each initiator */
};

/*
 * Cuts off what the owner of an ID has in progress, takes the ID off the bus, and tells the others
 * that its owner is lost. With the ID's lock held.
 */
void bus_expel(struct bus_memory *memory, unsigned id);

/* Whether the initiator has a session open, its number or 0; ends it. */
bool session_is_open(const struct path *path);
uint32_t session_number(const struct path *path);

/* A command of a session was carried out for the reader there is. */
void session_bind(struct path *path, uint32_t session);
void session_end(struct path *path, bool broken);

/* Whether a command of the initiator is not at its end. */
bool path_is_busy(const struct path *path);

/* Expels those that the port has commands or sessions with and that died without leaving. */
void expel_dead_peers(struct bus_port *port);

/* Whether the port has commands or a session with anybody. */
bool has_peers(const struct bus_port *port);

/* Tells a port some causes. */
void bell_ring(struct port_memory *port, uint32_t causes);

static inline size_t least(size_t one, size_t other)
{
	return one < other ? one : other;
}

/* Bytes in the ring; more than its size when somebody wrote nonsense into the memory. */
uint32_t ring_used(struct nexus *nexus);

/*
 * Appends what fits, in pieces: the consumer begins with the first while the next is copied. It is
 * told when it had found the ring empty.
 */
size_t ring_produce(struct nexus *nexus, const void *data, size_t length,
	struct port_memory *consumer, uint32_t cause);

/*
 * Takes what is there, until it has found the ring empty after saying that it waits. `producer` is
 * told when it had found the ring full, once there is room for some more than a little.
 */
size_t ring_consume(struct nexus *nexus, void *data, size_t length, struct port_memory *producer,
	uint32_t cause);

/* Takes and leaves a nexus's mutex, also when its last owner died. */
void nexus_lock(struct nexus *nexus);
void nexus_unlock(struct nexus *nexus);

/* Cuts posted and accepted commands off and tells both ports. */
void path_cut(struct bus_memory *memory, unsigned initiator, unsigned target);

/* With the mutex held: ends the command with an outcome that is no status. */
void nexus_end(struct path *path, struct nexus *nexus, enum bus_outcome outcome);

/* The path of the port's commands to a target, and of an initiator's to the port. */
static inline struct path *path_to(const struct bus_port *port, unsigned target)
{
	return &port->memory->paths[port->id][target];
}

static inline struct path *path_from(const struct bus_port *port, unsigned initiator)
{
	return &port->memory->paths[initiator][port->id];
}
