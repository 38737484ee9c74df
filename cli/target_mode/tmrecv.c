/*
 * odmcfg tmrecv: receives from a target-mode device and writes to standard output, whole records
 * only.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <tm_reader.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/host_access.h"
#include "commands.h"
#include "tm_common.h"
#include "tm_rates.h"
#include "tm_record.h"

static const char usage[] =
	"odmcfg tmrecv -l Name [--bytes N] [--delay TIME] [--timeout TIME] [--events]\n"
	"              [--failures N] [-h]";

struct request {
	const char *device;
	int64_t bytes; /* to receive; -1: until interrupted */
	int64_t delay; /* microseconds after each buffer */
	int64_t timeout; /* microseconds without data, -1: for ever */
	bool events;
	int64_t failures; /* adapter command failures that are borne; -1: any number */
};

struct reception {
	const struct request *request;
	struct kex_file *file;
	struct tm_reader *reader;
	struct tm_record record; /* the one that comes */
	uint32_t session; /* the sender's; 0 before the first record */
	int64_t received; /* bytes written */
	int64_t failures;
	const char *start_pattern; /* the special file's name */
	struct tm_sample start; /* the device before the session */
};

static void pause_for(int64_t microseconds)
{
	struct timespec pause = {
		(time_t)(microseconds / 1000000), (long)(microseconds % 1000000 * 1000)};

	while (microseconds > 0 && nanosleep(&pause, &pause) < 0 && errno == EINTR)
		continue;
}

/* How many buffers would have been enough, when they were not. */
static void advise(const struct reception *reception)
{
	AUTO(tm_sample_release) struct tm_sample end = {0};

	if (!reception->request->events || !tm_sample_take(&end, reception->start_pattern) ||
		end.count == 0)
		return;
	const struct kex_device *device = &end.devices[0];
	const struct kex_device *before = tm_sample_find(&reception->start, device);
	struct tm_advice advice =
		tm_advise(before, device, tm_sample_interval(&reception->start, &end));
	if (before == NULL || device->bufs_exhausted == before->bufs_exhausted)
		return;
	foreign_printf(stderr,
		"%s: the buffers were exhausted %llu times; num_bufs=%u would have been ",
		reception->request->device,
		(unsigned long long)(device->bufs_exhausted - before->bufs_exhausted),
		advice.num_bufs);
	foreign_printf(stderr, "%s\n",
		advice.reader_too_slow ? "better, but this reader is slower than the sender"
				       : "enough");
}

/* Whether the session goes on. A reset is only told: a record that it cut off is seen in the data.
 */
static bool react(struct reception *reception, uint32_t events)
{
	const char *device = reception->request->device;

	if (events & TM_ADAP_CMD_FAILED)
		reception->failures++;
	if (events & TM_FATAL_HDW_ERR) {
		message("%s: the adapter failed after %lld bytes; the session ends", device,
			(long long)reception->received);
		return false;
	}
	if (reception->request->failures < 0 || reception->failures <= reception->request->failures)
		return true;
	message("%s: %lld adapter commands failed, which is more than %lld; the session ends after "
		"%lld bytes",
		device, (long long)reception->failures, (long long)reception->request->failures,
		(long long)reception->received);
	return false;
}

/* Fetches and reports events. */
static bool take_events(struct reception *reception)
{
	const char *device = reception->request->device;
	struct tm_event_info info;

	if (kex_ioctl(reception->file, TMIOEVNT, &info) < 0) {
		message("%s: %s", device, host_reason());
		return false;
	}
	if (reception->request->events)
		tm_print_events(device, info.events);
	return react(reception, info.events);
}

/* Bytes that are wanted yet. */
static int64_t wanted(const struct reception *reception)
{
	int64_t bytes = reception->request->bytes;

	return bytes < 0 ? INT64_MAX : bytes - reception->received;
}

/* A record is written when all of it has come, or all that is wanted. */
static bool take_data(struct reception *reception, const struct tm_data *data)
{
	const char *device = reception->request->device;
	struct tm_record *record = &reception->record;

	if (!tm_record_add(record, data)) {
		message("%s: no memory for a record of more than %zu bytes", device,
			record->length);
		return false;
	}
	if (!data->last && (int64_t)record->length < wanted(reception))
		return true;
	int64_t written = tm_record_write(record, wanted(reception));
	if (written < 0)
		return false;
	reception->received += written;
	return true;
}

/* With --bytes all is of one sender; what another one sends is not added. */
static bool is_of_same_sender(const struct reception *reception, const struct tm_data *data)
{
	const struct request *request = reception->request;

	if (request->bytes < 0 || reception->session == 0 || data->session == reception->session)
		return true;
	message("%s: the sender ended after %lld bytes, %lld are missing; what another one sends "
		"is no part of it",
		request->device, (long long)reception->received, (long long)wanted(reception));
	return false;
}

static bool take_buffer(struct reception *reception, const struct tm_data *data)
{
	const char *device = reception->request->device;
	bool cut = data->cut;

	if (!is_of_same_sender(reception, data))
		return false;
	reception->session = data->session;
	if (!cut && !take_data(reception, data))
		return false;
	if (tm_reader_empty(reception->reader) < 0) {
		message("%s: %s", device, host_reason());
		return false;
	}
	if (cut) {
		message("%s: a record was cut off after %lld bytes of whole ones: the bus was "
			"reset, the sender gave up, or its adapter's process ended",
			device, (long long)reception->received);
		return false;
	}
	pause_for(reception->request->delay);
	return true;
}

/* Whether more is to come from the sender, as far as anybody waits for it. */
static bool sender_continues(const struct reception *reception)
{
	const struct request *request = reception->request;
	enum tm_sender sender = reception->session != 0
					? tm_reader_sender(reception->reader, reception->session)
					: TM_SENDER_OPEN;

	if (sender == TM_SENDER_BROKEN) {
		message("%s: the transfer was cut off after %lld bytes: the sender gave up, or its "
			"adapter's process ended",
			request->device, (long long)reception->received);
		return false;
	}
	if (sender == TM_SENDER_OPEN || request->bytes < 0)
		return true;
	message("%s: the sender ended after %lld bytes, %lld are missing", request->device,
		(long long)reception->received, (long long)wanted(reception));
	return false;
}

/* Until data or an event comes. False at the time-out or a failure, with a message. */
static bool wait_for_activity(struct reception *reception)
{
	const struct request *request = reception->request;
	int timeout = request->timeout < 0 ? -1 : (int)(request->timeout / 1000);
	int result = tm_reader_wait(reception->reader, timeout);

	if (result > 0)
		return true;
	if (result == 0)
		message("%s: nothing came for the time-out, after %lld bytes", request->device,
			(long long)reception->received);
	else
		message("%s: %s", request->device, errno == EINTR ? "interrupted" : host_reason());
	return false;
}

static bool receive(struct reception *reception)
{
	struct tm_data data;

	while (wanted(reception) > 0) {
		if (tm_reader_has_event(reception->reader) && !take_events(reception))
			return false;
		if (tm_reader_next(reception->reader, &data)) {
			if (!take_buffer(reception, &data))
				return false;
		} else if (!sender_continues(reception)) {
			/* The event that explains it is printed first. */
			if (tm_reader_has_event(reception->reader))
				take_events(reception);
			return false;
		} else if (!wait_for_activity(reception)) {
			return false;
		}
	}
	return !tm_reader_has_event(reception->reader) || take_events(reception);
}

static const struct argument stored[] = {ARGUMENT_TEXT('l', struct request, device),
	ARGUMENT_FLAG('e', struct request, events), {0}};

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;

	switch (option) {
	case 'b':
		return tm_take_bytes("--bytes", value, &request->bytes);
	case 'd':
		return tm_take_time("--delay", value, &request->delay);
	case 't':
		return tm_take_time("--timeout", value, &request->timeout);
	default:
		return tm_take_bytes("--failures", value, &request->failures);
	}
}

int tmrecv_main(int argc, char **argv)
{
	static const struct option options[] = {{"bytes", required_argument, NULL, 'b'},
		{"delay", required_argument, NULL, 'd'}, {"timeout", required_argument, NULL, 't'},
		{"events", no_argument, NULL, 'e'}, {"failures", required_argument, NULL, 'f'},
		{0}};
	static const struct syntax syntax = {usage, "l:h", options, stored, set_option};
	struct request request = {.bytes = -1, .timeout = -1, .failures = -1};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if (request.device == NULL)
		return usage_mistake(usage, "the device is missing: -l Name");
	AUTO(host_file_close)
	struct kex_file *file = host_file_open(request.device, ".tm", TM_KIND, O_RDONLY);
	if (file == NULL)
		return EXIT_FAILED;
	char name[64];
	snprintf(name, sizeof(name), "%s.tm", request.device);
	struct reception reception = {.request = &request, .file = file, .start_pattern = name};
	reception.reader = tm_reader_create(file);
	if (reception.reader == NULL) {
		message("%s: %s", request.device, host_reason());
		return EXIT_FAILED;
	}
	tm_sample_take(&reception.start, name);
	bool ok = receive(&reception);
	advise(&reception);
	tm_sample_release(&reception.start);
	tm_record_release(&reception.record);
	tm_reader_free(reception.reader);
	return ok ? 0 : EXIT_FAILED;
}
