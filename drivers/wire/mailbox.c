/* A mailbox's states, and the receiver's wait: a spin, then a sleep, then off to the socket. */
#include "wire/mailbox.h"

#include <errno.h>
#include <string.h>

#include "base/futex.h"
#include "base/spin.h"

/*
 * A sleep at the mailbox, as long as a large transfer takes: who waits longer does so at the
 * socket, which tells of the other side's death, and does not mind its microseconds.
 */
#define LONGEST_SLEEP 10000000 /* nanoseconds */

void mailbox_expect(struct mailbox *box)
{
	atomic_store(&box->state, MAILBOX_AWAKE);
}

/* The length is read once: the sender might change it, and so must not be believed twice. */
static ssize_t fetch(struct mailbox *box, void *message, size_t size)
{
	uint32_t length = *(volatile uint32_t *)&box->length;

	bool fits = length <= MAILBOX_MESSAGE && length <= size;

	if (fits)
		memcpy(message, box->message, length);
	atomic_store(&box->state, MAILBOX_AWAY);
	if (fits)
		return (ssize_t)length;
	errno = EMSGSIZE;
	return -1;
}

ssize_t mailbox_take(struct mailbox *box, void *message, size_t size)
{
	uint32_t awake = MAILBOX_AWAKE;
	int error = 0;

	spin_until_changed(&box->state, MAILBOX_AWAKE);
	atomic_compare_exchange_strong(&box->state, &awake, MAILBOX_ASLEEP);
	while (atomic_load(&box->state) == MAILBOX_ASLEEP) {
		if (error == EINTR) {
			errno = EINTR;
			return -1;
		}
		uint32_t asleep = MAILBOX_ASLEEP;
		if (error == ETIMEDOUT &&
			atomic_compare_exchange_strong(&box->state, &asleep, MAILBOX_AWAY))
			return 0;
		error = futex_wait(&box->state, MAILBOX_ASLEEP, LONGEST_SLEEP);
	}
	return atomic_load(&box->state) == MAILBOX_FULL ? fetch(box, message, size) : 0;
}

bool mailbox_is_full(const struct mailbox *box)
{
	return atomic_load(&box->state) == MAILBOX_FULL;
}

bool mailbox_put(struct mailbox *box, const void *message, size_t length)
{
	uint32_t state = atomic_load(&box->state);

	if (length > MAILBOX_MESSAGE || (state != MAILBOX_AWAKE && state != MAILBOX_ASLEEP))
		return false;
	box->length = (uint32_t)length;
	memcpy(box->message, message, length);
	do
		if (state != MAILBOX_AWAKE && state != MAILBOX_ASLEEP)
			return false;
	while (!atomic_compare_exchange_weak(&box->state, &state, MAILBOX_FULL));
	if (state == MAILBOX_ASLEEP)
		futex_wake(&box->state);
	return true;
}

void mailbox_send_away(struct mailbox *box)
{
	uint32_t state = MAILBOX_AWAKE;

	while (state == MAILBOX_AWAKE || state == MAILBOX_ASLEEP)
		if (atomic_compare_exchange_weak(&box->state, &state, MAILBOX_AWAY))
			break;
	if (state == MAILBOX_ASLEEP)
		futex_wake(&box->state);
}
