/* A target-mode device's queue read in place: no call of the host while there is data. */
#include <tm_reader.h>

#include <errno.h>
#include <poll.h>
#include <sys/scsi_buf.h>

#include "base/clock.h"
#include "base/futex.h"
#include "client/client.h"

struct tm_reader {
	struct kex_file *file;
	struct tm_queue *queue;
	const char *buffers;
	uint32_t ring, buf_size;
	uint64_t emptied;
	uint32_t news; /* that the last wait returned for */
};

LIBKEX_API struct tm_reader *tm_reader_create(struct kex_file *file)
{
	size_t queue_size, buffers_size = 0;
	struct tm_queue *queue = kex_map(file, 0, &queue_size);
	const char *buffers = queue != NULL ? kex_map(file, 1, &buffers_size) : NULL;
	if (buffers == NULL)
		return NULL;
	if (queue->ring == 0 || queue->buf_size == 0 ||
		queue_size < sizeof(*queue) + queue->ring * sizeof(queue->entries[0]) ||
		buffers_size / queue->ring < queue->buf_size) {
		fail(EPROTO, "the device's queue has a form that this program does not know");
		return NULL;
	}

	struct tm_reader *reader = calloc(1, sizeof(*reader));
	if (reader == NULL)
		return NULL;
	*reader = (struct tm_reader){.file = file,
		.queue = queue,
		.buffers = buffers,
		.ring = queue->ring,
		.buf_size = queue->buf_size,
		.emptied = atomic_load(&queue->emptied)};
	return reader;
}

LIBKEX_API void tm_reader_free(struct tm_reader *reader)
{
	free(reader);
}

LIBKEX_API bool tm_reader_next(struct tm_reader *reader, struct tm_data *data)
{
	if (atomic_load(&reader->queue->filled) == reader->emptied)
		return false;
	const struct tm_queue_entry *entry =
		&reader->queue->entries[reader->emptied % reader->ring];
	*data = (struct tm_data){.data = reader->buffers + (size_t)entry->buffer * reader->buf_size,
		.length = entry->length,
		.last = !(entry->flags & TM_MORE_DATA),
		.cut = (entry->flags & TM_ERROR) != 0,
		.session = entry->session};
	return true;
}

/* The end is set after its last entry: who sees it sees that, too. */
LIBKEX_API enum tm_sender tm_reader_sender(const struct tm_reader *reader, uint32_t session)
{
	struct tm_queue *queue = reader->queue;

	if ((int32_t)(atomic_load(&queue->ended) - session) < 0 ||
		atomic_load(&queue->filled) != reader->emptied)
		return TM_SENDER_OPEN;
	return atomic_load(&queue->broken) == session ? TM_SENDER_BROKEN : TM_SENDER_CLOSED;
}

LIBKEX_API int tm_reader_empty(struct tm_reader *reader)
{
	struct tm_queue *queue = reader->queue;

	atomic_store(&queue->emptied, ++reader->emptied);
	if (!atomic_load(&queue->held_off))
		return 0;
	/* More than there are may be filled just after the number was made smaller. */
	uint64_t in_use = atomic_load(&queue->filled) - reader->emptied;
	if (in_use + atomic_load(&queue->low_water) > atomic_load(&queue->num_bufs))
		return 0;
	return kex_ioctl(reader->file, TMIORECLAIM, NULL);
}

LIBKEX_API bool tm_reader_has_event(struct tm_reader *reader)
{
	/* The queue of a process that ended says for ever what it said last. */
	if (file_has_ended(reader->file))
		return file_tells_end(reader->file);
	return atomic_load(&reader->queue->event_pending) != 0;
}

/* Milliseconds after which a reader that sleeps asks whether the host still lives. */
#define CHECK_PERIOD 500

/* Whether the driver has said that there is something, since the last time. */
static bool take_news(struct tm_reader *reader)
{
	uint32_t news = atomic_load(&reader->queue->news);
	bool is_new = news != reader->news;

	reader->news = news;
	return is_new || tm_reader_has_event(reader);
}

/* One sleep: 1 for news, 0 to go on, -1 and errno. */
static int wait_once(struct tm_reader *reader, int64_t left)
{
	struct tm_queue *queue = reader->queue;
	short revents;

	atomic_store(&queue->reader_waits, 1);
	if (take_news(reader))
		return 1;
	int error = futex_wait(
		&queue->news, reader->news, (left < CHECK_PERIOD ? left : CHECK_PERIOD) * 1000000);
	if (error == EINTR) {
		errno = EINTR;
		return -1;
	}
	if (error != ETIMEDOUT)
		return take_news(reader);
	return kex_poll(reader->file, POLLIN | POLLPRI, &revents, 0);
}

LIBKEX_API int tm_reader_wait(struct tm_reader *reader, int timeout)
{
	int64_t deadline = timeout < 0 ? INT64_MAX : clock_milliseconds() + timeout;
	int result = take_news(reader);

	for (int64_t left = deadline - clock_milliseconds(); result == 0 && left > 0;
		left = deadline - clock_milliseconds())
		result = wait_once(reader, left);
	return result;
}
