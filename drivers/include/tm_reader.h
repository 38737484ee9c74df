/*
 * Reading received data of a tmscsiN.tm without copying: the filled buffers are in this process's
 * memory. Part of libkex.
 */
#pragma once

#include <kex.h>
#include <sys/checked.h>
#include <sys/tmscsi.h>

#ifdef __cplusplus
extern "C" {
#endif

struct tm_reader;

/* One filled buffer. It stays filled until tm_reader_empty. */
struct tm_data {
	const void *data;
	uint32_t length; /* bytes */
	bool last; /* of its SEND: the record ends here */
	bool cut; /* the SEND was cut off: the record is not whole */
	uint32_t session; /* the sender's, from its open to its close: another one has another */
};

/*
 * Maps the queue of an open tmscsiN.tm. Returns the reader for tm_reader_free, before kex_close;
 * or NULL and errno (EINVAL: not a target-mode special file).
 */
struct tm_reader *tm_reader_create(struct kex_file *file) KEX_MUST_CHECK KEX_NONNULL;
void tm_reader_free(struct tm_reader *reader);

/* The oldest filled buffer. False when there is none: tm_reader_wait or kex_poll wait for one. */
bool tm_reader_next(struct tm_reader *reader, struct tm_data *data) KEX_MUST_CHECK KEX_NONNULL;

/*
 * Gives that buffer back; the data is gone. Lets a sender that was held off go on as soon as enough
 * are free. Returns 0, or -1 and errno as kex_ioctl.
 */
int tm_reader_empty(struct tm_reader *reader) KEX_MUST_CHECK KEX_NONNULL;

/*
 * What became of the sender whose session data came with: once nothing of it is left to be read,
 * whether it has closed its device, or gave up in a write, or its adapter's process ended. Costs no
 * call; tm_reader_wait returns when it changes.
 */
enum tm_sender { TM_SENDER_OPEN, TM_SENDER_CLOSED, TM_SENDER_BROKEN };
enum tm_sender tm_reader_sender(const struct tm_reader *reader, uint32_t session) KEX_NONNULL;

/* Whether TMIOEVNT would return events; costs no call. */
bool tm_reader_has_event(struct tm_reader *reader) KEX_NONNULL;

/*
 * Waits for a filled buffer or an event, without a call of the host; in the middle of a long record
 * for several buffers. timeout in milliseconds, -1 for ever. Returns 1, 0 at the timeout, or -1 and
 * errno: EINTR, or EIO and EHOSTDOWN as the calls of kex.h.
 */
int tm_reader_wait(struct tm_reader *reader, int timeout) KEX_MUST_CHECK KEX_NONNULL;

#ifdef __cplusplus
}
#endif
