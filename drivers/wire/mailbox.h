/*
 * Room for one small message, in memory that both sides of a connection map. Who waits at a mailbox
 * gets its message by a futex, in a few microseconds, where a socket takes tens. The socket stays
 * for what is larger or carries descriptors, for who has waited long, and to tell of the other
 * side's death: a receiver looks into its mailbox for a short time only, and says when it leaves.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define MAILBOX_MESSAGE 504 /* bytes, at most */

enum mailbox_state {
	MAILBOX_AWAY, /* the receiver is at the socket, or does not expect anything */
	MAILBOX_AWAKE, /* it will look here before it goes there, or spins here */
	MAILBOX_ASLEEP, /* it sleeps here: the futex */
	MAILBOX_FULL /* the sender's message is here */
};

/* Only the receiver's side leaves MAILBOX_FULL, only a sender's enters it. */
struct mailbox {
	_Alignas(64) _Atomic uint32_t state; /* enum mailbox_state */
	uint32_t length; /* of the message, which is the receiver's while the mailbox is full */
	unsigned char message[MAILBOX_MESSAGE];
};

/* Requests on their way at once, and so boxes each way: message n comes to box n % MAILBOXES. */
#define MAILBOXES 4

/* Of one connection. In zeroed memory nobody expects anything. */
struct mailboxes {
	struct mailbox requests[MAILBOXES], replies[MAILBOXES];
};

/* Receiver: from now on a message may come here. */
void mailbox_expect(struct mailbox *box);

/*
 * Receiver: waits for the message. Returns its bytes, copied out of the other side's reach; 0 when
 * it comes by the socket, or has not come for some milliseconds; -1 and errno: EINTR, after which
 * the message is still expected here, EMSGSIZE when there is more than `size`.
 */
ssize_t mailbox_take(struct mailbox *box, void *message, size_t size);

/* Receiver: whether the message is here. */
bool mailbox_is_full(const struct mailbox *box);

/* Sender: false when the receiver does not look here, or the message has no room. */
bool mailbox_put(struct mailbox *box, const void *message, size_t length);

/* Sender: the message that the receiver expects has been sent by the socket. */
void mailbox_send_away(struct mailbox *box);
