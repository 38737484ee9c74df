/* odmcfg tmstat: buffers, events and rates of target-mode devices, once, again and again, or live.
 */
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/host_access.h"
#include "cli/shared/json_output.h"
#include "cli/shared/table.h"
#include "cli/shared/terminal.h"
#include "commands.h"
#include "tm_common.h"
#include "tmstat.h"

static const char usage[] =
	"odmcfg tmstat [-l Name] [-i Seconds [-n Count]] [--json | --prometheus] [-h]";

#define LONGEST_INTERVAL 86400

struct request {
	const char *pattern;
	double interval; /* 0: once */
	long count; /* 0: without end */
	bool json, prometheus;
};

/* What is measured, for the forms that machines read. */
static const struct metric {
	const char *name, *help;
	size_t offset;
	bool is_32;
	bool target_only;
	double scale;
} metrics[] = {
	{"num_bufs", "Receive buffers of the device", offsetof(struct kex_device, num_bufs), true,
		true, 1},
	{"bufs_in_use", "Receive buffers filled and not yet emptied",
		offsetof(struct kex_device, bufs_in_use), true, true, 1},
	{"bufs_peak", "Most receive buffers in use since the device was configured",
		offsetof(struct kex_device, bufs_peak), true, true, 1},
	{"bufs_filled_total", "Receive buffers filled", offsetof(struct kex_device, bufs_filled),
		false, true, 1},
	{"exhausted_total", "Times all receive buffers were full",
		offsetof(struct kex_device, bufs_exhausted), false, true, 1},
	{"full_seconds_total", "Time for which the sender was held off for lack of buffers",
		offsetof(struct kex_device, full_time), false, true, 1e-9},
	{"sender_waits_total", "Times a write was held off by the other side",
		offsetof(struct kex_device, sender_waits), false, false, 1},
	{"sender_wait_seconds_total", "Time for which writes were held off",
		offsetof(struct kex_device, sender_wait_time), false, false, 1e-9},
	{"bytes_total", "Bytes received or sent", offsetof(struct kex_device, bytes), false, false,
		1},
	{"records_total", "Records received or sent", offsetof(struct kex_device, records), false,
		false, 1},
	{"events_raised_total", "Asynchronous events reported by the adapter",
		offsetof(struct kex_device, events_raised), false, false, 1},
	{"events_merged_total", "Events reported while the same one was pending",
		offsetof(struct kex_device, events_merged), false, false, 1},
	{"events_delivered_total", "Calls of the event-handler routine",
		offsetof(struct kex_device, events_delivered), false, false, 1},
};
#define METRICS (sizeof(metrics) / sizeof(*metrics))

static double value_of(const struct metric *metric, const struct kex_device *device)
{
	const char *counter = (const char *)device + metric->offset;

	return (metric->is_32 ? (double)*(const uint32_t *)(const void *)counter
			      : (double)*(const uint64_t *)(const void *)counter) *
	       metric->scale;
}

static bool applies(const struct metric *metric, const struct kex_device *device)
{
	return !metric->target_only || device->num_bufs > 0;
}

void tmstat_advice_text(const struct kex_device *device, struct tm_advice advice, char text[32])
{
	if (device->num_bufs == 0 || advice.num_bufs == 0)
		snprintf(text, 32, "-");
	else
		snprintf(text, 32, "%u%s", advice.num_bufs,
			advice.reader_too_slow ? " (slow reader)" : "");
}

void tmstat_rate_text(double bytes, char text[16])
{
	static const char units[] = " KMGT";
	int unit = 0;

	while (bytes >= 1000 && units[unit + 1] != '\0') {
		bytes /= 1024;
		unit++;
	}
	snprintf(text, 16, unit == 0 ? "%.0f" : "%.1f%c", bytes, units[unit]);
}

/* Writes every device's metrics in the text format that Prometheus collects. */
static bool print_prometheus(const struct tm_sample *sample)
{
	for (size_t i = 0; i < METRICS; i++) {
		const struct metric *metric = &metrics[i];
		bool counter = strstr(metric->name, "_total") != NULL;
		printf("# HELP odmcfg_tm_%s %s.\n# TYPE odmcfg_tm_%s %s\n", metric->name,
			metric->help, metric->name, counter ? "counter" : "gauge");
		for (ssize_t d = 0; d < sample->count; d++)
			if (applies(metric, &sample->devices[d]))
				printf("odmcfg_tm_%s{device=\"%s\"} %.17g\n", metric->name,
					sample->devices[d].name,
					value_of(metric, &sample->devices[d]));
	}
	return true;
}

static bool set_rates(json_t *object, const struct tm_rates *rates)
{
	return json_object_set_new(object, "bytes_per_second", json_real(rates->bytes)) == 0 &&
	       json_object_set_new(object, "records_per_second", json_real(rates->records)) == 0 &&
	       json_object_set_new(object, "events_per_second", json_real(rates->events)) == 0 &&
	       json_object_set_new(object, "full_share", json_real(rates->full)) == 0 &&
	       json_object_set_new(object, "wait_share", json_real(rates->waits)) == 0;
}

static json_t *describe(const struct kex_device *device, const struct kex_device *before,
	double seconds, bool repeated)
{
	struct tm_advice advice = tm_advise(before, device, seconds);
	struct tm_rates rates = tm_rates_between(before, device, seconds);
	json_t *object = json_pack("{s:s, s:i, s:b}", "device", device->name, "process",
		(int)device->process, "open", device->opens > 0);
	bool ok = object != NULL;

	for (size_t i = 0; i < METRICS && ok; i++) {
		double value = value_of(&metrics[i], device);
		if (applies(&metrics[i], device))
			ok = json_object_set_new(object, metrics[i].name,
				     metrics[i].scale == 1 ? json_integer((json_int_t)value)
							   : json_real(value)) == 0;
	}
	if (ok && device->num_bufs > 0 && advice.num_bufs > 0)
		ok = json_object_set_new(
			     object, "recommended_num_bufs", json_integer(advice.num_bufs)) == 0 &&
		     json_object_set_new(
			     object, "reader_too_slow", json_boolean(advice.reader_too_slow)) == 0;
	if (ok && repeated)
		ok = set_rates(object, &rates);
	if (ok)
		return object;
	json_decref(object);
	return NULL;
}

/* One array a sample, on one line when there are several samples. */
static bool print_json(
	const struct tm_sample *sample, const struct tm_sample *before, bool repeated)
{
	AUTO(json_release) json_t *array = json_array();

	for (ssize_t i = 0; i < sample->count; i++) {
		const struct kex_device *device = &sample->devices[i];
		json_t *object = describe(device, tm_sample_find(before, device),
			tm_sample_interval(before, sample), repeated);
		if (object == NULL || json_array_append_new(array, object) < 0) {
			message("there is not enough memory");
			return false;
		}
	}
	AUTO_FREE char *text = json_dumps(array, repeated ? JSON_COMPACT : JSON_INDENT(2));
	if (text == NULL) {
		message("there is not enough memory");
		return false;
	}
	foreign_print_json(text, stdout);
	putchar('\n');
	return fflush(stdout) == 0;
}

static bool add_number(struct table *table, double number, bool applies_here)
{
	char text[32];

	snprintf(text, sizeof(text), "%.0f", number);
	return table_add(table, applies_here ? text : "-");
}

/* Totals in the first sample, what happened since the last one in the others. */
static bool add_row(struct table *table, const struct kex_device *device,
	const struct kex_device *before, double seconds)
{
	struct tm_rates rates = tm_rates_between(before, device, seconds);
	bool target = device->num_bufs > 0, is_rate = before != NULL;
	char advice[32], bytes[16], share[16];

	tmstat_advice_text(device, tm_advise(before, device, seconds), advice);
	tmstat_rate_text(is_rate ? rates.bytes : (double)device->bytes, bytes);
	snprintf(share, sizeof(share), "%.1f%%", 100 * (target ? rates.full : rates.waits));
	return table_add(table, device->name) && add_number(table, device->num_bufs, target) &&
	       add_number(table, device->bufs_in_use, target) &&
	       add_number(table, device->bufs_peak, target) &&
	       table_add(table, is_rate ? share : "-") && table_add(table, bytes) &&
	       add_number(table, is_rate ? rates.records : (double)device->records, true) &&
	       add_number(table, (double)device->events_raised, true) &&
	       add_number(table, (double)device->events_merged, true) &&
	       add_number(table, (double)device->events_delivered, true) &&
	       table_add(table, advice);
}

static bool print_table(const struct tm_sample *sample, const struct tm_sample *before)
{
	const char *const totals[] = {"device", "bufs", "in_use", "peak", "full", "bytes",
		"records", "raised", "merged", "delivered", "advice"};
	const char *const rates[] = {"device", "bufs", "in_use", "peak", "full", "bytes/s",
		"records/s", "raised", "merged", "delivered", "advice"};
	AUTO(table_release) struct table table = {.columns = 11};

	for (ssize_t i = 0; i < sample->count; i++) {
		const struct kex_device *device = &sample->devices[i];
		if (!add_row(&table, device, tm_sample_find(before, device),
			    tm_sample_interval(before, sample))) {
			message("there is not enough memory");
			return false;
		}
	}
	table_sort(&table, true);
	return table_print(&table, before->count > 0 ? rates : totals, stdout) &&
	       fflush(stdout) == 0;
}

static void pause_for(double seconds)
{
	struct timespec pause = {
		(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};

	nanosleep(&pause, NULL);
}

static bool print_sample(const struct request *request, const struct tm_sample *sample,
	const struct tm_sample *before)
{
	if (request->prometheus)
		return print_prometheus(sample);
	return request->json ? print_json(sample, before, request->interval > 0)
			     : print_table(sample, before);
}

/* Takes as many samples as are asked for; the first one has only totals to show. */
static bool watch(const struct request *request)
{
	AUTO(tm_sample_release) struct tm_sample before = {0};
	AUTO(tm_sample_release) struct tm_sample now = {0};

	for (long number = 0;; number++) {
		if (!tm_sample_take(&now, request->pattern)) {
			message("%s", host_reason());
			return false;
		}
		if (now.count == 0) {
			if (request->pattern != NULL)
				host_device_missing(request->pattern, TM_KIND);
			else
				message("kexd has no device of target mode; cfgmgr configures "
					"them");
			return false;
		}
		if (!print_sample(request, &now, &before))
			return false;
		if (request->interval <= 0 || number + 1 == request->count)
			return true;
		tm_sample_release(&before);
		before = now;
		now = (struct tm_sample){0};
		pause_for(request->interval);
		if (!request->json && !request->prometheus)
			putchar('\n');
	}
}

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;
	char *end = NULL;

	switch (option) {
	case 'i':
		request->interval = strtod(value, &end);
		return (*end == '\0' && request->interval >= 0.01 &&
			       request->interval <= LONGEST_INTERVAL) ||
		       option_refused("-i", value, "seconds from 0.01 to 86400");
	case 'n':
		request->count = strtol(value, &end, 10);
		return (*end == '\0' && request->count > 0) ||
		       option_refused("-n", value, "a number of samples from 1");
	case 'j':
		request->json = true;
		return true;
	default:
		request->prometheus = true;
		return true;
	}
}

int tmstat_main(int argc, char **argv)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'}, {"prometheus", no_argument, NULL, 'p'}, {0}};
	static const struct argument stored[] = {ARGUMENT_TEXT('l', struct request, pattern), {0}};
	static const struct syntax syntax = {usage, "l:i:n:h", options, stored, set_option};
	struct request request = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if (request.json && request.prometheus)
		return usage_mistake(usage, "--json and --prometheus exclude each other");
	if (request.prometheus && request.interval > 0)
		return usage_mistake(usage, "--prometheus prints once: not with -i");
	if (request.count > 0 && request.interval <= 0)
		return usage_mistake(usage, "-n is for several samples: -i Seconds is missing");
	if (request.interval > 0 && !request.json && request.count == 0 && terminal_is(stdout))
		return tmstat_view(request.pattern, request.interval) ? 0 : 1;
	return watch(&request) ? 0 : 1;
}
