/* Prints the progress of cfgmgr as AIX does with -v. */
#include "configure_report.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/foreign.h"
#include "cfgmethods/method_program.h"

void configure_report_release(struct configure_report *report)
{
	text_release(&report->packages);
}

void configure_report_begin(struct configure_report *report, bool verbose)
{
	*report = (struct configure_report){.verbose = verbose,
		.progress = !verbose && isatty(STDERR_FILENO) == 1,
		.started = monotonic_microseconds()};
}

static double seconds_since(long long started)
{
	return (double)(monotonic_microseconds() - started) / 1e6;
}

void configure_report_start(struct configure_report *report, const char *what, const char *subject,
	int led, const char *invoked)
{
	report->running++;
	if (report->progress) {
		char shown[41];
		foreign_copy(shown, sizeof(shown), subject);
		fprintf(stderr, "\rcfgmgr: %d of %d, %s\033[K", report->done, report->known, shown);
	}
	if (!report->verbose)
		return;
	foreign_printf(stdout, "----------------\n%s '%s'\n", what, subject);
	printf("Time: %d LEDS: 0x%x\n", (int)seconds_since(report->started), (unsigned)led);
	foreign_printf(
		stdout, "invoking %s\nNumber of running methods: %d\n", invoked, report->running);
}

static void print_stream(const char *name, const struct text *text)
{
	if (text->length > 0)
		foreign_printf(stdout, "****************** %s ***********\n%s\n", name, text->data);
	else
		foreign_printf(stdout, "****************** no %s ***********\n", name);
}

void configure_report_end(struct configure_report *report, const char *subject, int code,
	const struct method_output *output, long long elapsed)
{
	report->running--;
	report->done++;
	if (!report->verbose)
		return;
	foreign_printf(stdout, "----------------\nCompleted method for: %s, Elapsed time = %.3f\n",
		subject, (double)elapsed / 1e6);
	printf("return code = %d\n", code);
	print_stream("stdout", &output->names);
	print_stream("stderr", &output->reason);
	printf("----------------\nTime: %d LEDS: 0x539\nNumber of running methods: %d\n",
		(int)seconds_since(report->started), report->running);
}

static bool is_noted(const struct text *packages, const char *package, size_t length)
{
	const char *line = packages->data;

	while (line != NULL && *line != '\0') {
		size_t end = strcspn(line, "\n");
		if (end == length && memcmp(line, package, length) == 0)
			return true;
		line += end + (line[end] == '\n');
	}
	return false;
}

bool configure_report_packages(struct configure_report *report, struct text *names)
{
	char *word = names->data;

	while (word != NULL && *(word += strspn(word, " \t\n")) != '\0') {
		size_t length = strcspn(word, " \t\n");
		if (*word == ':') {
			if (!is_noted(&report->packages, word + 1, length - 1))
				text_printf(&report->packages, "%.*s\n", (int)length - 1, word + 1);
			memset(word, ' ', length);
		}
		word += length;
	}
	return !report->packages.failed;
}

void configure_report_finish(struct configure_report *report)
{
	if (report->progress && report->known > 0)
		fprintf(stderr, "\r\033[K");
	if (report->packages.length > 0)
		foreign_printf(stderr,
			"cfgmgr: 0514-621 WARNING: These device packages are needed to support\n"
			"        devices that were found, and are not installed.\n%s",
			report->packages.data);
	if (report->verbose)
		printf("----------------\nConfiguration time: %.3f seconds\n",
			seconds_since(report->started));
}
