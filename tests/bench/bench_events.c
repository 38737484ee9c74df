/* An adapter-wide event and 1,000 to 10,000 sessions, against a call of each handler in a loop. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/device.h>
#include <sys/errids.h>
#include <sys/malloc.h>
#include <sys/scsi_adapter.h>

#include "bench.h"

#define SESSIONS 10000
#define REPORTS 200

/* The dispatcher needs memory and the log from the host. */
struct heap {
	size_t bytes;
};
static struct heap heap;
struct heap *const kernel_heap = &heap;
struct heap *const pinned_heap = &heap;

void *xmalloc(size_t size, int align, struct heap *from)
{
	void *address = NULL;

	from->bytes += size;
	return posix_memalign(&address, (size_t)1 << align, size) == 0 ? address : NULL;
}

void xmfree(void *address, struct heap *from)
{
	(void)from;
	free(address);
}

void error_log(const char *label, const char *resource, const char *format, ...)
{
	(void)format;
	printf("%s %s\n", label, resource);
}

static struct scsi_adapter adapter;
static uint64_t events_seen;

static void handle(const struct scsi_event_info *info)
{
	events_seen += info->events;
}

static int start_sessions(unsigned first, unsigned end)
{
	for (unsigned id = first; id < end; id++) {
		const struct scsi_event_struct event = {
			.scsi_id = id, .mode = SCSI_IM_MODE, .async_func = handle};
		if (scsi_session_start(&adapter, id, 0, SCSI_IM_MODE, NULL) != 0 ||
			scsi_event_register(&adapter, &event, DKERNEL) != 0)
			return -1;
	}
	return 0;
}

static double time_reports(void)
{
	double start = now();

	for (int i = 0; i < REPORTS; i++)
		scsi_event_report(&adapter, SCSI_RESET_EVENT);
	return (now() - start) / REPORTS;
}

static double time_calls(unsigned sessions)
{
	static void (*volatile handler)(const struct scsi_event_info *info) = handle;
	const struct scsi_event_info info = {.events = SCSI_RESET_EVENT};
	double start = now();

	for (int i = 0; i < REPORTS; i++)
		for (unsigned session = 0; session < sessions; session++)
			handler(&info);
	return (now() - start) / REPORTS;
}

int main(void)
{
	static const unsigned counts[] = {1000, 10000};
	unsigned sessions = 0;

	scsi_adapter_init(&adapter, 1, INTCLASS2);
	for (int i = 0; i < 2; i++) {
		double start = now();
		if (start_sessions(sessions, counts[i]) < 0)
			return 1;
		double opening = (now() - start) / (counts[i] - sessions) * 1e9;
		sessions = counts[i];
		events_seen = 0;
		double report = time_reports(), calls = time_calls(sessions);
		printf("%u sessions: opened in %.0f ns each, %zu bytes each; a reset reaches all "
		       "in %.3f ms (%.3f ms a thousand), bare calls %.3f ms, time %.0fx\n",
			sessions, opening, heap.bytes / sessions, report * 1e3,
			report * 1e6 / sessions, calls * 1e3, report / calls);
		if (events_seen != 2ull * SCSI_RESET_EVENT * REPORTS * sessions)
			return 1;
	}
	return 0;
}
