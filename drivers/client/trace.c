/* Trace sessions. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "client/client.h"
#include "wire/worker.h"

/* One call; the memory's descriptor, to be closed, or -1 and errno. */
static int ask(enum wire_trace command, const unsigned char *hooks)
{
	int fds[WIRE_FDS];

	clear_reason();
	AUTO_CLOSE int socket = host_connect();
	AUTO_FREE struct wire_request *request = wire_request_create(WIRE_TRACE);
	AUTO_FREE struct wire_reply *reply = malloc(sizeof(*reply));
	if (socket < 0)
		return -1;
	if (request == NULL || reply == NULL)
		return fail(ENOMEM, "out of memory");
	request->command = (int32_t)command;
	if (hooks != NULL) {
		request->payload_length = TRACE_HOOKS / 8;
		memcpy(request->payload, hooks, TRACE_HOOKS / 8);
	}
	if (host_call(socket, request, reply, -1, fds, -1) < 0)
		return -1;
	return fds[0];
}

LIBKEX_API int kex_trace_start(const unsigned char hooks[KEX_TRACE_HOOKS / 8])
{
	AUTO_CLOSE int fd = ask(WIRE_TRACE_START, hooks);

	return fd < 0 ? -1 : 0;
}

LIBKEX_API int kex_trace_stop(void)
{
	AUTO_CLOSE int fd = ask(WIRE_TRACE_STOP, NULL);

	return fd < 0 ? -1 : 0;
}

/* A copy of the record at a slot: false when it is not complete, or is being overwritten. */
static bool copy_record(const struct trace_memory *trace, uint64_t slot,
	struct kex_trace_record *copy, unsigned char data[TRACE_MOST_DATA])
{
	const struct trace_record *record = &trace->slots[slot % TRACE_SLOTS];

	if (atomic_load(&record->sequence) != slot + 1 || record->length > TRACE_MOST_DATA)
		return false;
	*copy = (struct kex_trace_record){.time = record->time,
		.hook_word = record->hook_word,
		.data_word = record->data_word,
		.process = record->process,
		.thread = record->thread,
		.length = record->length,
		.data = data};
	size_t first = TRACE_SLOT - TRACE_DATA_OFFSET;
	size_t piece = copy->length < first ? copy->length : first, copied = piece;
	memcpy(data, record->data, piece);
	for (uint64_t next = slot + 1; copied < copy->length; copied += piece) {
		piece = copy->length - copied < TRACE_SLOT ? copy->length - copied : TRACE_SLOT;
		memcpy(data + copied, &trace->slots[next++ % TRACE_SLOTS], piece);
	}
	/* Still the same, and nobody has come round to it. */
	return atomic_load(&record->sequence) == slot + 1 &&
	       atomic_load(&trace->next) - slot <= TRACE_SLOTS;
}

static int visit_records(const struct trace_memory *trace,
	int (*visit)(const struct kex_trace_record *record, void *closure), void *closure,
	uint64_t *lost)
{
	AUTO_FREE unsigned char *data = malloc(TRACE_MOST_DATA);
	struct kex_trace_record record;
	uint64_t end = atomic_load(&trace->next), slot = atomic_load(&trace->begun);
	int result = 0;

	*lost = 0;
	if (data == NULL)
		return fail(ENOMEM, "out of memory");
	if (end - slot > TRACE_SLOTS) {
		*lost = end - TRACE_SLOTS - slot;
		slot = end - TRACE_SLOTS;
	}
	while (slot < end && result == 0) {
		if (copy_record(trace, slot, &record, data)) {
			slot += trace_slots((uint32_t)record.length);
			result = visit(&record, closure);
		} else {
			/* The middle of a record whose beginning is gone, or one not complete. */
			slot++;
		}
	}
	return result;
}

LIBKEX_API int kex_trace_read(int (*visit)(const struct kex_trace_record *record, void *closure),
	void *closure, uint64_t *lost)
{
	AUTO_CLOSE int fd = ask(WIRE_TRACE_READ, NULL);

	if (fd < 0)
		return -1;
	const struct worker_shared *shared =
		mmap(NULL, sizeof(*shared), PROT_READ, MAP_SHARED, fd, 0);
	if (shared == MAP_FAILED)
		return fail(errno, "the trace can't be read: %s", strerror(errno));
	int result = visit_records(&shared->trace, visit, closure, lost);
	munmap((void *)(uintptr_t)shared, sizeof(*shared));
	return result;
}
