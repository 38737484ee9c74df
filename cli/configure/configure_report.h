/* What cfgmgr and boot print while they work: -v, or a line on a terminal. */
#pragma once

#include <stdbool.h>

#include "cfgmethods/method.h"

struct configure_report {
	bool verbose;
	bool progress; /* a line on the terminal that stderr is */
	int done, known; /* devices */
	int running; /* methods */
	long long started; /* microseconds of the monotonic clock */
	struct text packages; /* that methods asked for, a line each */
};
void configure_report_release(struct configure_report *report);
void configure_report_begin(struct configure_report *report, bool verbose);

/* A program of Config_Rules, or a device's method, begins; `led` is shown in hexadecimal. */
void configure_report_start(struct configure_report *report, const char *what, const char *subject,
	int led, const char *invoked);

/* It ended; it ran for so many microseconds. */
void configure_report_end(struct configure_report *report, const char *subject, int code,
	const struct method_output *output, long long elapsed);

/* Takes the packages (":name") out of an answer: false without memory. */
bool configure_report_packages(struct configure_report *report, struct text *names);

/* The end of it all: warns of missing packages. */
void configure_report_finish(struct configure_report *report);
