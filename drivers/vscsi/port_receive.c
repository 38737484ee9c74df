/* The hardware as target: it fills the driver's buffers with what initiators send. */
#include <errno.h>
#include <string.h>

#include "vscsi/port_private.h"

#define CDB_TEST_UNIT_READY 0x00
#define CDB_SEND 0x0a
#define CDB_INQUIRY 0x12

int receiver_create(struct receiver *receiver, uint32_t num_bufs, uint32_t buf_size,
	uint32_t low_water, int priority)
{
	memset(receiver, 0, sizeof(*receiver));
	receiver->buf_size = buf_size;
	receiver->priority = priority;
	atomic_store(&receiver->num_bufs, num_bufs);
	atomic_store(&receiver->low_water, low_water);
	receiver->free_ring = xmalloc(RECEIVER_BUFS * sizeof(*receiver->free_ring), 6, pinned_heap);
	receiver->filled_ring =
		xmalloc(RECEIVER_BUFS * sizeof(*receiver->filled_ring), 6, pinned_heap);
	receiver->retired = xmalloc(RECEIVER_BUFS * sizeof(*receiver->retired), 6, pinned_heap);
	/* What is never filled takes no memory. */
	if (receiver->free_ring == NULL || receiver->filled_ring == NULL ||
		receiver->retired == NULL ||
		shared_segment_create(
			"tm-buffers", (size_t)RECEIVER_BUFS * buf_size, &receiver->buffers) != 0) {
		receiver_release(receiver);
		return ENOMEM;
	}
	for (uint32_t buffer = 0; buffer < RECEIVER_BUFS; buffer++) {
		receiver->free_ring[buffer] = buffer;
		receiver->retired[buffer] = buffer >= num_bufs;
	}
	atomic_store(&receiver->freed, num_bufs);
	return 0;
}

void receiver_release(struct receiver *receiver)
{
	shared_segment_destroy(&receiver->buffers);
	xmfree(receiver->free_ring, pinned_heap);
	xmfree(receiver->filled_ring, pinned_heap);
	xmfree(receiver->retired, pinned_heap);
}

static uint32_t free_buffers(struct receiver *receiver)
{
	return atomic_load(&receiver->freed) - atomic_load(&receiver->refilled);
}

/* With free_lock held. */
static void push_free(struct receiver *receiver, uint32_t buffer)
{
	uint32_t freed = atomic_load(&receiver->freed);

	receiver->free_ring[freed % RECEIVER_BUFS] = buffer;
	atomic_store(&receiver->freed, freed + 1);
}

/* The hardware sets `held` and then counts again; so one of the two sees the other. */
static void wake_hardware(struct port *port, struct receiver *receiver)
{
	if (atomic_load(&receiver->held) &&
		free_buffers(receiver) >= atomic_load(&receiver->low_water))
		bus_kick(port->bus);
}

void receiver_free(struct port *port, struct receiver *receiver, uint32_t buffer)
{
	int old = disable_lock(receiver->priority, &receiver->free_lock);
	if (buffer < atomic_load(&receiver->num_bufs))
		push_free(receiver, buffer);
	else
		receiver->retired[buffer] = true;
	unlock_enable(old, &receiver->free_lock);
	wake_hardware(port, receiver);
}

void receiver_tune(
	struct port *port, struct receiver *receiver, uint32_t num_bufs, uint32_t low_water)
{
	int old = disable_lock(receiver->priority, &receiver->free_lock);
	atomic_store(&receiver->num_bufs, num_bufs);
	atomic_store(&receiver->low_water, low_water);
	for (uint32_t buffer = 0; buffer < num_bufs; buffer++)
		if (receiver->retired[buffer]) {
			receiver->retired[buffer] = false;
			push_free(receiver, buffer);
		}
	unlock_enable(old, &receiver->free_lock);
	wake_hardware(port, receiver);
}

bool receiver_take(struct receiver *receiver, struct received *received)
{
	uint32_t taken = atomic_load(&receiver->taken);

	if (taken == atomic_load(&receiver->filled))
		return false;
	*received = receiver->filled_ring[taken % RECEIVER_BUFS];
	atomic_store(&receiver->taken, taken + 1);
	return true;
}

/* A buffer that is free, but one too many since the number was changed: it is put aside. */
static bool retire(struct receiver *receiver, uint32_t buffer)
{
	int old = disable_lock(receiver->priority, &receiver->free_lock);
	bool surplus = buffer >= atomic_load(&receiver->num_bufs);

	if (surplus)
		receiver->retired[buffer] = true;
	unlock_enable(old, &receiver->free_lock);
	return surplus;
}

/* The next free buffer is to be filled: false when there is none. */
static bool take_free(struct receiver *receiver)
{
	while (free_buffers(receiver) > 0) {
		uint32_t refilled = atomic_load(&receiver->refilled);
		uint32_t buffer = receiver->free_ring[refilled % RECEIVER_BUFS];
		atomic_store(&receiver->refilled, refilled + 1);
		if (buffer >= atomic_load(&receiver->num_bufs) && retire(receiver, buffer))
			continue;
		receiver->buffer = buffer;
		return true;
	}
	return false;
}

/*
 * One interrupt tells of several buffers: of so many, or of those there are when nothing else can
 * be done for now.
 */
#define BUFFERS_AN_INTERRUPT 16

static void interrupt_for(struct port *port, struct receiver *receiver)
{
	if (receiver->untold == 0)
		return;
	receiver->untold = 0;
	port->callbacks.interrupt(port->callbacks.driver, PORT_RECEIVED);
}

/* Makes sure that there is a buffer to fill; otherwise holds the initiator off. */
static bool have_buffer(struct port *port, struct receiver *receiver, unsigned initiator)
{
	if (receiver->has_buffer)
		return true;
	for (;;) {
		if (atomic_load(&receiver->held) &&
			free_buffers(receiver) < atomic_load(&receiver->low_water))
			return false;
		if (take_free(receiver))
			break;
		interrupt_for(port, receiver);
		if (atomic_exchange(&receiver->held, true))
			return false;
		bus_hold(port->bus, initiator, true);
		port->callbacks.exhausted(port->callbacks.driver, initiator);
	}
	if (atomic_exchange(&receiver->held, false))
		port->callbacks.resumed(
			port->callbacks.driver, initiator, bus_hold(port->bus, initiator, false));
	receiver->has_buffer = true;
	receiver->fill = 0;
	return true;
}

static void hand_over(struct port *port, struct receiver *receiver, uint32_t flags, uint16_t status)
{
	uint32_t filled = atomic_load(&receiver->filled);

	receiver->filled_ring[filled % RECEIVER_BUFS] = (struct received){
		.buffer = receiver->buffer,
		.length = receiver->fill,
		.flags = TM_HASDATA | flags,
		.adapter_status = status,
		.session = receiver->session,
	};
	receiver->has_buffer = false;
	atomic_store(&receiver->filled, filled + 1);
	if (++receiver->untold == BUFFERS_AN_INTERRUPT)
		interrupt_for(port, receiver);
}

/* Ends the record of a SEND that was cut off; false while there is no buffer to say so in. */
static bool report_cut(struct port *port, struct receiver *receiver, unsigned initiator)
{
	if (!have_buffer(port, receiver, initiator))
		return false;
	receiver->cut = false;
	hand_over(
		port, receiver, TM_ERROR, port->dead ? SC_ADAPTER_HDW_FAILURE : SC_SCSI_BUS_RESET);
	interrupt_for(port, receiver);
	return true;
}

void receive_cut(struct port *port, unsigned initiator)
{
	struct receiver *receiver = port->receivers[initiator];

	if (receiver->receiving) {
		receiver->receiving = false;
		receiver->cut = true;
	}
	if (receiver->cut)
		report_cut(port, receiver, initiator);
}

/* Moves the SEND in progress on. True when it ended. */
static bool receive_data(struct port *port, struct receiver *receiver, unsigned initiator)
{
	while (receiver->left > 0) {
		if (!have_buffer(port, receiver, initiator))
			return false;
		char *buffer = (char *)receiver->buffers.address +
			       (size_t)receiver->buffer * receiver->buf_size;
		size_t room = receiver->buf_size - receiver->fill;
		size_t want = room < receiver->left ? room : receiver->left;
		size_t got = bus_take(port->bus, initiator, buffer + receiver->fill, want);
		if (got == 0) {
			interrupt_for(port, receiver);
			return false;
		}
		receiver->fill += (uint32_t)got;
		receiver->left -= (uint32_t)got;
		if (receiver->fill == receiver->buf_size || receiver->left == 0)
			hand_over(port, receiver, receiver->left > 0 ? TM_MORE_DATA : 0, 0);
	}
	interrupt_for(port, receiver);
	receiver->receiving = false;
	bus_complete(port->bus, initiator, SC_GOOD_STATUS, NULL, 0);
	return true;
}

static void refuse(struct port *port, unsigned initiator, uint8_t asc)
{
	const uint8_t sense[18] = {[0] = 0x70, [2] = 0x05, [7] = 10, [12] = asc};

	bus_complete(port->bus, initiator, SC_CHECK_CONDITION, sense, sizeof(sense));
}

static void answer_inquiry(struct port *port, unsigned initiator, const struct bus_command *command)
{
	/* A processor device, which is what target mode makes of a host. */
	static const char data[36] = "\x03\x00\x02\x02\x1f\x00\x00\x00"
				     "ODMCFG  VSCSI TARGET    0001";
	size_t length = command->data_length < sizeof(data) ? command->data_length : sizeof(data);

	bus_give(port->bus, initiator, data, length);
	bus_complete(port->bus, initiator, SC_GOOD_STATUS, NULL, 0);
}

/* Answers a command, or begins to receive a SEND. */
static void accept(struct port *port, unsigned initiator, const struct bus_command *command)
{
	struct receiver *receiver = port->receivers[initiator];

	switch (command->cdb[0]) {
	case CDB_SEND:
		if (receiver == NULL || command->lun != 0 ||
			!bus_is_for_reader(port->bus, initiator, command)) {
			bus_complete(port->bus, initiator, SC_BUSY_STATUS, NULL, 0);
			return;
		}
		receiver->receiving = true;
		receiver->left = command->data_length;
		receiver->session = command->session;
		return;
	case CDB_TEST_UNIT_READY:
		bus_complete(port->bus, initiator, SC_GOOD_STATUS, NULL, 0);
		return;
	case CDB_INQUIRY:
		answer_inquiry(port, initiator, command);
		return;
	default:
		refuse(port, initiator, 0x20);
	}
}

/* Nothing more of it is to come: whether the session that the last SEND was of has ended. */
static void notice_end(struct port *port, struct receiver *receiver, unsigned initiator)
{
	uint32_t session = receiver->session;

	if (session == 0 || session == atomic_load(&receiver->ended))
		return;
	enum bus_session state = bus_session(port->bus, initiator, session);
	if (state == BUS_SESSION_OPEN)
		return;
	if (state == BUS_SESSION_BROKEN)
		atomic_store(&receiver->broken, session);
	atomic_store(&receiver->ended, session);
	port->callbacks.interrupt(port->callbacks.driver, PORT_RECEIVED);
}

void receive_progress(struct port *port, unsigned initiator)
{
	struct bus_command command;

	for (;;) {
		struct receiver *receiver = port->receivers[initiator];
		bool cut = bus_cut(port->bus, initiator);
		if (receiver != NULL) {
			if (cut)
				receive_cut(port, initiator);
			if (receiver->cut && !report_cut(port, receiver, initiator))
				return;
			if (receiver->receiving && !receive_data(port, receiver, initiator))
				return;
		}
		if (!bus_accept(port->bus, initiator, &command)) {
			if (receiver != NULL)
				notice_end(port, receiver, initiator);
			return;
		}
		accept(port, initiator, &command);
	}
}
