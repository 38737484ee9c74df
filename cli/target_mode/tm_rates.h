/* What target-mode devices did between two samples, and how many buffers that calls for. */
#pragma once

#include <kex.h>
#include <stdbool.h>

/* A sample: all devices at one time. Zero-initialise it; tm_sample_release it. */
struct tm_sample {
	double time; /* seconds of CLOCK_MONOTONIC */
	struct kex_device *devices;
	ssize_t count;
};
void tm_sample_release(struct tm_sample *sample);

/*
 * Samples devices of target mode, both sides, whose names match the pattern (NULL: all). False and
 * no message: host_reason() has the cause.
 */
bool tm_sample_take(struct tm_sample *sample, const char *pattern);

/* The same device in another sample, NULL when it is not there. */
const struct kex_device *tm_sample_find(
	const struct tm_sample *sample, const struct kex_device *device);

/* Seconds between two samples, 0 when there was no earlier one. */
double tm_sample_interval(const struct tm_sample *before, const struct tm_sample *after);

/* Per second, between two samples of a device; all 0 when `seconds` is. `before` may be NULL. */
struct tm_rates {
	double bytes, records, buffers, events;
	double full; /* share of the time in which the sender was held off, 0 to 1 */
	double waits; /* share of the time in which this sender waited, 0 to 1 */
};
struct tm_rates tm_rates_between(
	const struct kex_device *before, const struct kex_device *after, double seconds);

/* Advice about num_bufs, from what was seen between two samples. */
struct tm_advice {
	unsigned num_bufs; /* 0: nothing was received, so nothing can be said */
	bool reader_too_slow; /* no number of buffers would have been enough */
};
struct tm_advice tm_advise(
	const struct kex_device *before, const struct kex_device *after, double seconds);
