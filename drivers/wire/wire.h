/*
 * What libkex, kexd and its workers say to each other: one SOCK_SEQPACKET message a call, one a
 * reply. A connection to kexd is for configuration until a WIRE_OPEN succeeds: kexd then hands it
 * over to the worker that has the device, for calls on that device only. kexd itself asks a worker
 * the same questions that it is asked. All sides check magic, version and lengths of everything
 * they receive. Bulk data goes through a shared window.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "wire/mailbox.h"

#ifndef WIRE_MAGIC /* a test makes a kexd of another build */
#define WIRE_MAGIC 0x6b657836u /* "kex6": changes with any layout */
#endif
#define WIRE_PAYLOAD 49152 /* bytes of the largest payload */
#define WIRE_TRANSFER (16u << 20) /* bytes of the largest read or write */
#define WIRE_WINDOW (32u << 20) /* bytes of the largest data window */
#define WIRE_REASON 160

enum wire_operation {
	WIRE_SYSCONFIG_LOAD, /* command: SYS_*LOAD; value: kmid; payload: path. Reply value: kmid */
	/*
	 * command: cmd; value: kmid; device; process_of; payload: DDS or MDI. A worker's reply to
	 * CFG_INIT has what was published as payload: struct wire_published[].
	 */
	WIRE_SYSCONFIG_CALL,
	WIRE_SYSCONFIG_SWITCH, /* device. Reply value: DSW_ bits */
	WIRE_STATUS, /* reply payload: struct wire_status */
	WIRE_STOP, /* value: force */
	WIRE_EXTENSIONS, /* value: first kmid wanted. Reply payload: struct kex_extension[] */
	/*
	 * device: first wanted; command: below. Reply payload: struct kex_device[]; reason: whose
	 * are missing.
	 */
	WIRE_DEVICES,
	/* command: WIRE_TRACE_...; payload of a start: a bit a hook. Reply: the memory's memfd */
	WIRE_TRACE,
	WIRE_EDT, /* value: first entry wanted. Reply payload: struct kex_edt[] */
	WIRE_OPEN, /* command: DREAD...; an fd of the special file. Reply: WIRE_OPEN_FDS */
	WIRE_CLOSE, /* closes the device; the connection has no further use */
	WIRE_WINDOW_SIZE, /* value: bytes. Reply: the window's memfd */
	WIRE_READ, /* value: bytes; offset. Reply value: bytes now in the window */
	/* value: bytes in the window; offset; command: below. Reply value: bytes taken */
	WIRE_WRITE,
	/* value: cmd, payload: the structure; command: below. Reply payload: the structure */
	WIRE_IOCTL,
	WIRE_POLL, /* command: events. Reply value: events that are true */
	WIRE_MAP, /* value: region. Reply value: bytes; the segment's memfd */
	WIRE_OPERATIONS
};

struct wire_request_head {
	uint32_t magic;
	uint32_t operation;
	int32_t command;
	uint32_t payload_length;
	uint64_t device;
	uint64_t offset;
	uint64_t value;
};

struct wire_request {
	uint32_t magic;
	uint32_t operation;
	int32_t command;
	uint32_t payload_length;
	uint64_t device;
	union {
		uint64_t offset; /* of the bytes in the window */
		/* CFG_INIT: the device whose process it shares, or one of the two below */
		uint64_t process_of;
	};
	uint64_t value;
	char payload[WIRE_PAYLOAD];
};
_Static_assert(sizeof(struct wire_request_head) == offsetof(struct wire_request, payload),
	"the head is the request without its payload");
#define WIRE_SHARED_PROCESS UINT64_C(0) /* that of the common worker */
#define WIRE_OWN_PROCESS UINT64_MAX
#define WIRE_ONE_DEVICE 1 /* of the devices: no more than the first is of interest */
#define WIRE_LINKED 1 /* if the request before it failed, this one does so, too: ECANCELED */
#define WIRE_BEGUN 2 /* others may follow before its reply */
#define WIRE_UNPRIVILEGED 1 /* of an ioctl: as for somebody who is neither root nor the owner */
#define WIRE_REQUEST_HEAD (sizeof(struct wire_request) - WIRE_PAYLOAD)

struct wire_reply_head {
	uint32_t magic;
	int32_t error;
	uint64_t value;
	uint32_t payload_length;
	char reason[WIRE_REASON];
	uint32_t reserved;
};

struct wire_reply {
	uint32_t magic;
	int32_t error; /* errno, 0 for success */
	uint64_t value;
	uint32_t payload_length;
	char reason[WIRE_REASON];
	uint32_t reserved;
	char payload[WIRE_PAYLOAD];
};
_Static_assert(sizeof(struct wire_reply_head) == offsetof(struct wire_reply, payload),
	"the head is the reply without its payload");
#define WIRE_REPLY_HEAD (sizeof(struct wire_reply) - WIRE_PAYLOAD)

struct wire_published {
	uint64_t devno;
	char name[32];
};

struct wire_status {
	int64_t started;
	uint32_t extensions;
	uint32_t devices;
	uint32_t open; /* devices that processes have open */
	uint32_t reserved;
};

enum wire_trace { WIRE_TRACE_START, WIRE_TRACE_STOP, WIRE_TRACE_READ };

/* Most descriptors in one message. */
#define WIRE_FDS 3

/* The descriptors that come with an open device. */
enum wire_open_fds {
	WIRE_NOTIFY_FD, /* an eventfd: the host tells that poll may answer otherwise now */
	WIRE_INTERRUPT_FD, /* an eventfd: the process tells of a signal */
	WIRE_MAILBOXES_FD, /* a memfd: struct mailboxes, for messages without descriptors */
	WIRE_OPEN_FDS
};

/* A request without a payload, to be freed: messages are too large for a stack. NULL without
 * memory.
 */
struct wire_request *wire_request_create(enum wire_operation operation);

/*
 * Sends a message with descriptors, receives one. Return 0, the bytes received, or -1 and errno;
 * receiving 0 bytes is the other side's end. `fds` gets -1 where none came; the caller closes them.
 * A message with more than WIRE_FDS is refused as one that is too long: EMSGSIZE.
 */
int wire_send(int socket, const void *message, size_t length, const int *fds, int fd_count);
ssize_t wire_receive(int socket, void *message, size_t size, int fds[WIRE_FDS]);

/* Answers a connection's first request with an error, come or not, and closes the connection. */
void wire_refuse(int socket, int error, const char *reason);

/*
 * Sends on the socket, by this process and by one that it is handed to, fail with EAGAIN when the
 * other side has not made room for WIRE_PATIENCE seconds. 0, or -1 and errno.
 */
#define WIRE_PATIENCE 5
int wire_limit_sends(int socket);

/* One side's ends of a connection. */
struct wire_end {
	int socket;
	struct mailbox *incoming, *outgoing; /* NULL while there is the socket only */
	unsigned received, posted; /* messages since there are mailboxes */
};

/*
 * From the next message on both sides use the mailboxes: `incoming` are the ones at which this side
 * has let itself be expected by wire_expect.
 */
void wire_expect(struct mailbox incoming[MAILBOXES]);
void wire_join(struct wire_end *end, struct mailbox incoming[MAILBOXES],
	struct mailbox outgoing[MAILBOXES]);

/* Another thread's word that there is something to see at the socket, such as its end. */
void wire_call_to_socket(struct mailbox incoming[MAILBOXES]);

/* The same as wire_send and wire_receive, by mailbox where that can be. */
int wire_post(
	struct wire_end *end, const void *message, size_t length, const int *fds, int fd_count);
ssize_t wire_await(struct wire_end *end, void *message, size_t size, int fds[WIRE_FDS]);

/* Whether wire_await would return at once with a message from a mailbox. */
bool wire_has_message(const struct wire_end *end);

/* Closes those that came. */
void wire_close(int fds[WIRE_FDS]);

/* Whether `length` bytes are a request of the right shape, or a reply. */
bool wire_is_request(const struct wire_request *request, ssize_t length);
bool wire_is_reply(const struct wire_reply *reply, ssize_t length);
