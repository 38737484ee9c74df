/* odmcfg trace: starts and ends a trace session of the extension host. odmcfg trcrpt prints it. */
#include <errno.h>
#include <kex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/trcmacros.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/host_access.h"
#include "cli/shared/json_output.h"
#include "commands.h"

static const char trace_usage[] =
	"odmcfg trace [-j Hook[,Hook...]] [-h]\n       odmcfg trace --stop";
static const char report_usage[] = "odmcfg trcrpt [-d Hook[,Hook...]] [--json] [-h]";

/* Hooks as hexadecimal numbers with commas between. */
static bool read_hooks(const char *text, unsigned char hooks[KEX_TRACE_HOOKS / 8])
{
	memset(hooks, 0, KEX_TRACE_HOOKS / 8);
	for (;;) {
		char *end;
		unsigned long hook = strtoul(text, &end, 16);
		if (end == text || hook >= KEX_TRACE_HOOKS || (*end != ',' && *end != '\0')) {
			message("'%s' is no list of hooks: 6e3,700", text);
			return false;
		}
		hooks[hook / 8] |= (unsigned char)(1u << hook % 8);
		if (*end == '\0')
			return true;
		text = end + 1;
	}
}

struct session {
	const char *hooks;
	bool stop;
};

static bool set_session_option(void *closure, int option, const char *value)
{
	struct session *session = closure;

	(void)value;
	session->stop = option == 's';
	return true;
}

int trace_main(int argc, char **argv)
{
	static const struct option options[] = {{"stop", no_argument, NULL, 's'}, {0}};
	static const struct argument stored[] = {ARGUMENT_TEXT('j', struct session, hooks), {0}};
	static const struct syntax syntax = {
		trace_usage, "j:h", options, stored, set_session_option};
	unsigned char hooks[KEX_TRACE_HOOKS / 8];
	struct session session = {0};

	int status = arguments_read(argc, argv, &syntax, &session);
	if (status >= 0)
		return status;
	if (session.stop && session.hooks != NULL)
		return usage_mistake(
			trace_usage, "-j chooses hooks for the start: not with --stop");
	memset(hooks, 0xff, sizeof(hooks));
	if (session.hooks != NULL && !read_hooks(session.hooks, hooks))
		return usage_error(trace_usage);
	if ((session.stop ? kex_trace_stop() : kex_trace_start(hooks)) == 0)
		return 0;
	if (errno == EBUSY)
		message("a trace session is on; odmcfg trace --stop ends it");
	else if (errno == ENOENT)
		message("no trace session is on");
	else
		message("%s", host_reason());
	return EXIT_FAILED;
}

struct report {
	const char *hooks;
	unsigned char wanted[KEX_TRACE_HOOKS / 8];
	uint64_t first; /* time of the first record */
	bool json;
	json_t *array; /* with --json */
};

/* What the two numbers behind the host's own hooks are. */
static void print_known(const struct kex_trace_record *record, const char *event, bool of_device,
	const char *second, FILE *file)
{
	unsigned long long numbers[2] = {0};

	memcpy(numbers, record->data, sizeof(numbers));
	fprintf(file, "%s %u, ", event, record->data_word);
	if (of_device)
		fprintf(file, "device %u,%u", major((dev_t)numbers[0]), minor((dev_t)numbers[0]));
	else
		fprintf(file, "SCSI ID %llu", numbers[0]);
	if (second != NULL)
		fprintf(file, ", %s %llu", second, numbers[1]);
}

static void print_event(const struct kex_trace_record *record, FILE *file)
{
	static const struct {
		uint32_t hook;
		const char *event; /* and what the data word is */
		bool of_device;
		const char *second;
	} known[] = {
		{HOOK_CONFIG, "configuration  errno", true, "command"},
		{HOOK_OPEN, "open           errno", true, "flags"},
		{HOOK_CLOSE, "close          errno", true, NULL},
		{HOOK_RAISE, "event reported flags", false, "LUN"},
		{HOOK_DELIVER, "event handler  flags", false, "LUN"},
		{HOOK_STRATEGY, "strategy       bytes", true, "flags"},
		{HOOK_IODONE, "iodone         errno", true, "residual"},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (record->hook_word >> 20 == known[i].hook &&
			record->length == 2 * sizeof(uint64_t)) {
			print_known(
				record, known[i].event, known[i].of_device, known[i].second, file);
			return;
		}
	fprintf(file, "detail %05x, data %08x", record->hook_word & 0xfffff, record->data_word);
	for (size_t i = 0; i < record->length; i++)
		fprintf(file, "%s%02x", i % 4 == 0 ? " " : "", record->data[i]);
}

static int print_record(const struct kex_trace_record *record, void *closure)
{
	struct report *report = closure;
	uint32_t hook = record->hook_word >> 20;

	if (!(report->wanted[hook / 8] & (1u << hook % 8)))
		return 0;
	if (report->first == 0) {
		time_t seconds = (time_t)(record->time / 1000000000u);
		char start[32];
		struct tm local;
		strftime(start, sizeof(start), "%Y-%m-%d %H:%M:%S", localtime_r(&seconds, &local));
		printf("The first record is of %s.\n\nID  PROCESS THREAD   SECONDS      EVENT\n",
			start);
		report->first = record->time;
	}
	uint64_t elapsed = record->time > report->first ? record->time - report->first : 0;
	printf("%03x %-7d %-7d %3llu.%09llu ", hook, (int)record->process, (int)record->thread,
		(unsigned long long)(elapsed / 1000000000u),
		(unsigned long long)(elapsed % 1000000000u));
	print_event(record, stdout);
	putchar('\n');
	return 0;
}

/* NULL without memory. */
static json_t *record_json(const struct kex_trace_record *record)
{
	AUTO(json_release) json_t *object = json_object();
	AUTO_FREE char *event = NULL;
	char hook[16];
	size_t length;
	FILE *memory = open_memstream(&event, &length);

	if (memory == NULL)
		return NULL;
	print_event(record, memory);
	fclose(memory);
	snprintf(hook, sizeof(hook), "%03x", record->hook_word >> 20);
	bool ok = event != NULL && json_set(object, "hook", json_string(hook)) &&
		  json_set(object, "process", json_integer(record->process)) &&
		  json_set(object, "thread", json_integer(record->thread)) &&
		  json_set(object, "nanoseconds", json_integer((json_int_t)record->time)) &&
		  json_set(object, "event", json_text(event));
	return ok ? json_incref(object) : NULL;
}

static int collect_record(const struct kex_trace_record *record, void *closure)
{
	struct report *report = closure;
	uint32_t hook = record->hook_word >> 20;

	if (!(report->wanted[hook / 8] & (1u << hook % 8)))
		return 0;
	return json_array_append_new(report->array, record_json(record));
}

static int report_trace(struct report *report)
{
	AUTO(json_release) json_t *array = report->json ? json_array() : NULL;
	uint64_t lost;

	report->array = array;
	if (kex_trace_read(report->json ? collect_record : print_record, report, &lost) < 0) {
		message("%s", host_reason());
		return EXIT_FAILED;
	}
	if (lost > 0)
		message("the beginning is lost: %llu slots were overwritten",
			(unsigned long long)lost);
	return !report->json || json_output(array) ? 0 : EXIT_FAILED;
}

int trcrpt_main(int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {0}};
	static const struct argument stored[] = {ARGUMENT_TEXT('d', struct report, hooks),
		ARGUMENT_FLAG('j', struct report, json), {0}};
	static const struct syntax syntax = {report_usage, "d:h", options, stored, NULL};
	struct report report = {0};

	int status = arguments_read(argc, argv, &syntax, &report);
	if (status >= 0)
		return status;
	memset(report.wanted, 0xff, sizeof(report.wanted));
	if (report.hooks != NULL && !read_hooks(report.hooks, report.wanted))
		return usage_error(report_usage);
	return report_trace(&report);
}
