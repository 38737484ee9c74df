/*
 * The simulated SCSI bus: hardware, as far as drivers can tell. It is a file of shared memory that
 * each adapter and each disk maps, so that they may live in different processes. Ports have SCSI
 * IDs 0-7. A command goes from an initiator's port to a target's: its block, then data one way
 * through a ring in the memory, then a status. From one port to another BUS_DEPTH commands may be
 * on their way; the target carries them out one after the other.
 *
 * A death. Each ID is a lock on the file, which the kernel drops with the process that has it; so
 * a process that was killed is found by who gets its lock: the next process with that ID, in
 * bus_attach, or anybody who waits for it: bus_wait checks every half second those that the port
 * has commands or a session with. Who finds it cleans up for it: what it sent is cut off at
 * its targets, what was sent to it ends with BUS_NO_TARGET, its sessions are broken, and every port
 * is told BUS_LOST. A target that has taken a command whole keeps it; what comes after is nothing.
 *
 * Nobody trusts the memory: lengths and indexes that another port wrote are checked at each use.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUS_PORTS 8
#define BUS_DEPTH 2

struct bus_port; /* this process's hold on one SCSI ID */

enum bus_direction { BUS_NO_DATA, BUS_DATA_OUT, BUS_DATA_IN };

/* Where an initiator's data is, for targets that can map its memory. */
struct bus_reference {
	uint32_t process; /* its ID; 0: the data comes through the ring */
	uint32_t descriptor; /* that process's, of a memfd that is sealed against shrinking */
	uint64_t inode; /* the memfd's */
	uint64_t offset; /* of the data in it */
};

struct bus_command {
	uint8_t cdb[16];
	uint8_t cdb_length; /* bytes */
	uint8_t lun;
	uint8_t direction; /* enum bus_direction */
	uint8_t bound; /* only for the reader that carried out the session's commands before it */
	uint32_t data_length; /* bytes the initiator will send, or at most take */
	uint32_t session; /* bus_start sets it: the initiator's with the target, 0 for none */
	struct bus_reference data; /* BUS_DATA_OUT: the target takes the data itself if it can */
};

enum bus_outcome {
	BUS_PENDING, /* the target is at work */
	BUS_STATUS, /* status and sense are valid */
	BUS_RESET, /* cut off by a reset */
	BUS_NO_TARGET, /* the target left the bus */
	BUS_FLUSHED /* not begun, as the command before it failed */
};

struct bus_result {
	uint8_t outcome; /* enum bus_outcome */
	uint8_t status; /* SCSI status byte */
	uint8_t sense_length;
	uint8_t sense[18];
	uint32_t holds; /* times the target held the command off with bus_hold */
	uint64_t held_time; /* nanoseconds that took */
	uint32_t taken; /* bytes that the target took itself, by the command's reference */
};

/* Causes that bus_wait returns. */
#define BUS_FROM(id) (1u << (id)) /* as target: initiator `id` has news */
#define BUS_TO(id) (1u << (8 + (id))) /* as initiator: target `id` has news */
#define BUS_WAS_RESET (1u << 16) /* somebody reset the bus */
#define BUS_KICKED (1u << 17) /* bus_kick */
#define BUS_LOST(id) (1u << (18 + (id))) /* `id` died, or failed for good; another may have it */

/*
 * Makes the bus's memory in `path`. One that a dead process made is emptied, unless living ones
 * are attached: then it is taken over. Returns 0, or -1 and errno.
 * bus_remove deletes it; ports that have it mapped find the bus dead (ENODEV).
 */
int bus_make(const char *path);
int bus_remove(const char *path);

/*
 * Takes a SCSI ID. Returns the port for bus_detach, or NULL and errno: ENOENT no such bus, EINVAL
 * not a bus's memory or a bad ID, EADDRINUSE the ID is taken by a living process.
 */
struct bus_port *bus_attach(const char *path, unsigned id);
void bus_detach(struct bus_port *port);

/*
 * Gives the ID up and cuts off all its commands, but keeps the port for bus_wait and bus_kick: what
 * an adapter that failed looks like to the others. bus_detach follows later.
 */
void bus_leave(struct bus_port *port);

/* Which IDs are attached now, bit 1 << id. */
uint32_t bus_present(struct bus_port *port);

/*
 * Waits for news, timeout in milliseconds, -1 for ever. Returns the causes, cleared; 0: timeout.
 * It checks in the meantime that those live that the port waits for.
 */
uint32_t bus_wait(struct bus_port *port, int timeout);

/* The causes there are, cleared, without waiting; whether there are any. */
uint32_t bus_news(struct bus_port *port);
bool bus_has_news(const struct bus_port *port);

/*
 * Begins and ends a time in which a thread polls with bus_news and does not sleep: news do not wake
 * bus_wait, until the end, when it is woken for those that are there. One thread a port at a time.
 */
void bus_poll_begin(struct bus_port *port);
void bus_poll_end(struct bus_port *port);

/* Makes the bus_wait of this port return BUS_KICKED. Any thread. */
void bus_kick(struct bus_port *port);

/*
 * An initiator's session with a target: the commands from its begin to its end belong together. One
 * that was given up, or whose initiator died, is broken. Any thread of the initiator, one at a
 * time; the target is told BUS_FROM.
 */
void bus_session_begin(struct bus_port *port, unsigned target);
void bus_session_end(struct bus_port *port, unsigned target, bool given_up);

/* What became of the session that a command of `initiator` came with. Target. */
enum bus_session { BUS_SESSION_OPEN, BUS_SESSION_ENDED, BUS_SESSION_BROKEN };
enum bus_session bus_session(const struct bus_port *port, unsigned initiator, uint32_t session);

/*
 * A target's reader of an initiator's data, from its begin to its end. bus_is_for_reader: whether a
 * command is for the one there is. It is not when it is bound, and one of its session's was carried
 * out for another. Target.
 */
void bus_reader_begin(struct bus_port *port, unsigned initiator);
void bus_reader_end(struct bus_port *port, unsigned initiator);
bool bus_is_for_reader(
	const struct bus_port *port, unsigned initiator, const struct bus_command *command);

/* Cuts off the commands of every initiator to one target. */
void bus_reset_device(struct bus_port *port, unsigned target);

/* Whether the target holds this port's command to it off. */
bool bus_is_held(struct bus_port *port, unsigned target);

/* Resets the bus: every command is cut off, every port told. */
void bus_reset(struct bus_port *port);

/*
 * Initiator. One thread a port makes these calls.
 * bus_start returns 0, or -1 and errno: ENODEV nobody has the ID, EBUSY BUS_DEPTH commands to it
 * are in progress. The other calls are about the oldest of them.
 * bus_put appends data to the ring, as much as fits, and returns the bytes taken; bus_get the other
 * way, and nothing when the target takes the data itself. When they return less than asked,
 * BUS_TO(target) comes once it is worth trying again. bus_finish returns true when the command
 * ended, and forgets it; otherwise BUS_TO comes. A command whose data comes in ends only when
 * bus_get has taken all that the target gave.
 * When a command ends without GOOD status, the one begun after it is not carried out (BUS_FLUSHED).
 * bus_abort cuts off the commands to one target: bus_finish then returns true with outcome
 * BUS_RESET for each, the target's bus_cut returns true, and commands to others go on.
 */
int bus_start(struct bus_port *port, unsigned target, const struct bus_command *command);
size_t bus_put(struct bus_port *port, unsigned target, const void *data, size_t length);
size_t bus_get(struct bus_port *port, unsigned target, void *data, size_t length);
bool bus_finish(struct bus_port *port, unsigned target, struct bus_result *result);
void bus_abort(struct bus_port *port, unsigned target);

/*
 * Target. One thread a port makes these calls.
 * bus_accept returns true with a new command of `initiator`, once for each, when the last one has
 * been completed or cut off.
 * bus_take and bus_give move its data, like bus_get and bus_put; BUS_FROM comes when it is worth
 * trying again. bus_cut tells that the accepted command was cut off (reset, or the initiator left):
 * the target forgets it and calls bus_complete no more for it.
 * bus_hold marks the initiator as held off for lack of buffers, or no longer; each change to true
 * counts one hold; it returns the nanoseconds of the hold that ends, 0 elsewhere. bus_complete ends
 * the command: data not yet given or taken is dropped.
 * bus_forget_memory unmaps initiators' memory, which otherwise stays mapped for their next
 * commands; not while a command is accepted. bus_knows_memory tells whether there is some.
 */
void bus_forget_memory(struct bus_port *port);
bool bus_knows_memory(const struct bus_port *port);

bool bus_accept(struct bus_port *port, unsigned initiator, struct bus_command *command);
size_t bus_take(struct bus_port *port, unsigned initiator, void *data, size_t length);
size_t bus_give(struct bus_port *port, unsigned initiator, const void *data, size_t length);
bool bus_cut(struct bus_port *port, unsigned initiator);
uint64_t bus_hold(struct bus_port *port, unsigned initiator, bool held);
void bus_complete(struct bus_port *port, unsigned initiator, uint8_t status, const uint8_t *sense,
	size_t length);
