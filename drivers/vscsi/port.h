/*
 * The virtual adapter's hardware: it moves data between the bus and memory by itself, as DMA, and
 * interrupts when something is finished. It knows commands and buffers, but no sessions or events'
 * meaning: those are the driver's.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/dds.h>
#include <sys/hardware.h>
#include <sys/intr.h>
#include <sys/malloc.h>
#include <sys/scsi_buf.h>

#include "bus/bus.h"

/* Interrupt causes. */
#define PORT_DONE 0x01 /* commands are finished: port_take_completed */
#define PORT_RECEIVED 0x02 /* a receive buffer is filled, a session ended: receiver_take */

/* One filled receive buffer. */
struct received {
	uint32_t buffer;
	uint32_t length;
	uint32_t flags; /* TM_HASDATA and TM_MORE_DATA or TM_ERROR */
	uint16_t adapter_status;
	uint32_t session; /* the initiator's */
};

/* Buffers of a receiver, at most: its rings have room for all. */
#define RECEIVER_BUFS TMSCSI_MAX_BUFS

/*
 * Receive buffers for one initiator. The driver frees buffers to the hardware, the hardware hands
 * filled ones to the driver; each way is a ring with one producer and one consumer.
 */
struct receiver {
	uint32_t buf_size;
	int priority; /* the adapter's */
	_Atomic uint32_t num_bufs, low_water; /* change while it receives: receiver_tune */
	struct shared_segment buffers; /* room for RECEIVER_BUFS */

	/* Free buffers. Producers take free_lock at the adapter's priority. */
	Simple_lock free_lock;
	uint32_t *free_ring;
	_Atomic uint32_t freed, refilled; /* only grow; freed - refilled are in the ring */
	/* Buffers beyond num_bufs that nobody has, under free_lock; the others come back. */
	bool *retired;

	/* Filled buffers. */
	struct received *filled_ring;
	_Atomic uint32_t filled, taken;

	/* Initiators' sessions, the newest whose end is told, and that was broken. */
	_Atomic uint32_t ended, broken;

	/* The hardware waits for low_water free buffers and holds the initiator off. */
	atomic_bool held;

	/* The hardware's own, under the port's mutex. */
	bool receiving; /* a SEND is in progress */
	bool cut; /* it was cut off and that is not reported yet */
	uint32_t left; /* bytes of the SEND still to come */
	bool has_buffer; /* `buffer` is being filled */
	uint32_t buffer, fill;
	uint32_t untold; /* buffers handed over since the last interrupt */
	uint32_t session; /* of the last SEND */
};

struct port_callbacks {
	/* Interrupts the driver. */
	void (*interrupt)(void *driver, uint32_t causes);
	/* The hardware noticed an adapter-wide event (SCSI_..., never SCSI_BUFS_EXHAUSTED). */
	void (*adapter_event)(void *driver, uint32_t events);
	/* The adapter or disk with this SCSI ID is gone; another may have come in its place. */
	void (*lost)(void *driver, unsigned scsi_id);
	/* The receiver for `scsi_id` ran out of buffers. */
	void (*exhausted)(void *driver, unsigned scsi_id);
	/* It goes on after so many nanoseconds. */
	void (*resumed)(void *driver, unsigned scsi_id, uint64_t time);
	void *driver;
};

/* The initiator's side towards one SCSI ID; the hardware's own, under the port's mutex. */
struct sender {
	struct scsi_buf *first, *last; /* queue; the `active` first of it are on the bus */
	unsigned active; /* BUS_DEPTH at most */
	size_t moved; /* bytes of the first one's data */
	int64_t deadline; /* milliseconds of CLOCK_MONOTONIC, 0 none */
	bool timed_out;
	uint32_t broken; /* LUNs whose last command failed: bit 1 << LUN */
};

struct port {
	struct hardware hardware;
	unsigned scsi_id;
	unsigned max_active; /* commands on the bus at once */
	struct port_callbacks callbacks;
	struct bus_port *bus;
	pthread_t thread;
	atomic_bool stopping;
	_Atomic uint32_t faults; /* events to simulate */
	struct buf *_Atomic submitted; /* the last first */
	struct buf *_Atomic completed; /* the last first */
	_Atomic uint32_t halts[SCSI_IDS]; /* LUNs whose commands are to be aborted */
	_Atomic uint32_t resets; /* targets to be reset, bit 1 << ID */

	/*
	 * Guards everything below. The hardware thread holds it except while it waits for news, so
	 * that after taking and leaving it nothing touches a receiver just removed. Never taken by
	 * an interrupt handler.
	 */
	pthread_mutex_t mutex;
	struct receiver *receivers[SCSI_IDS];
	struct sender senders[SCSI_IDS];
	unsigned active;
	bool dead; /* failed for good */
	atomic_bool off_bus; /* `dead`, for those without the mutex */
	atomic_bool unwatched; /* the thread does not know yet of work that was begun */
};

/*
 * Powers an adapter on: takes the SCSI ID on the bus and starts the hardware. Returns 0 or an
 * errno of bus_attach. The port stays in place until port_close, which aborts what is in progress.
 */
int port_open(struct port *port, const char *bus_memory, unsigned scsi_id, unsigned max_active,
	const struct port_callbacks *callbacks);
void port_close(struct port *port);

/* Hands a command over; any environment. It comes back through port_take_completed. */
void port_submit(struct port *port, struct scsi_buf *command);

/* Finished commands linked by av_forw, in order; NULL for none. Interrupt handler only. */
struct buf *port_take_completed(struct port *port);

/* Aborts the commands to a LUN, queued or running, and waits until that is done. Process level. */
void port_halt(struct port *port, unsigned scsi_id, unsigned lun);

/* Ends everybody's commands to a target: Bus Device Reset. Any environment. */
void port_reset_device(struct port *port, unsigned scsi_id);

/* Simulates events (SCSI_RESET_EVENT, ...). Any environment. */
void port_fault(struct port *port, uint32_t events);

/*
 * Begins and ends this initiator's session with a target, as that one is told. given_up: in the
 * middle of its commands. Process level.
 */
void port_session_begin(struct port *port, unsigned scsi_id);
void port_session_end(struct port *port, unsigned scsi_id, bool given_up);

/* Starts and ends reception from an initiator. Process level. EIO when the adapter is dead. */
int port_receive_start(struct port *port, unsigned scsi_id, struct receiver *receiver);
void port_receive_stop(struct port *port, unsigned scsi_id);

/* Makes a receiver with all its buffers free: 0 or ENOMEM; receiver_release undoes it. */
int receiver_create(struct receiver *receiver, uint32_t num_bufs, uint32_t buf_size,
	uint32_t low_water, int priority);
void receiver_release(struct receiver *receiver);

/* Gives a buffer back to the hardware. Any environment. */
void receiver_free(struct port *port, struct receiver *receiver, uint32_t buffer);

/*
 * Changes the number of buffers while it receives. More are there at once; of fewer, those that are
 * filled are first emptied. Process level.
 */
void receiver_tune(
	struct port *port, struct receiver *receiver, uint32_t num_bufs, uint32_t low_water);

/* The next filled buffer, false when there is none. Interrupt handler only. */
bool receiver_take(struct receiver *receiver, struct received *received);
