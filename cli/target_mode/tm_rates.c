/* Samples of target-mode devices, their rates, and the advice about num_bufs. */
#include "tm_rates.h"

#include <stdlib.h>
#include <string.h>
#include <sys/dds.h>

#include "base/clock.h"
#include "cli/shared/device_command.h"

/* A reader that is behind for more of the time than this does not catch up between bursts. */
#define TOO_SLOW 0.5

void tm_sample_release(struct tm_sample *sample)
{
	free(sample->devices);
	*sample = (struct tm_sample){0};
}

static bool is_wanted(const struct kex_device *device, const char *pattern)
{
	const char *suffix = strrchr(device->name, '.');

	if (suffix == NULL || (strcmp(suffix, ".tm") != 0 && strcmp(suffix, ".im") != 0))
		return false;
	if (pattern == NULL || name_matches(pattern, device->name))
		return true;
	/* The device's logical name stands for both sides. */
	char logical[sizeof(device->name)];
	memcpy(logical, device->name, sizeof(logical));
	logical[suffix - device->name] = '\0';
	return name_matches(pattern, logical);
}

bool tm_sample_take(struct tm_sample *sample, const char *pattern)
{
	ssize_t kept = 0;

	tm_sample_release(sample);
	ssize_t count = kex_devices(&sample->devices);
	if (count < 0)
		return false;
	sample->time = (double)clock_nanoseconds() / 1e9;
	for (ssize_t i = 0; i < count; i++)
		if (is_wanted(&sample->devices[i], pattern))
			sample->devices[kept++] = sample->devices[i];
	sample->count = kept;
	return true;
}

const struct kex_device *tm_sample_find(
	const struct tm_sample *sample, const struct kex_device *device)
{
	for (ssize_t i = 0; i < sample->count; i++)
		if (sample->devices[i].devno == device->devno &&
			strcmp(sample->devices[i].name, device->name) == 0)
			return &sample->devices[i];
	return NULL;
}

double tm_sample_interval(const struct tm_sample *before, const struct tm_sample *after)
{
	return before->time > 0 ? after->time - before->time : 0;
}

/* What a counter grew by. One that became smaller began anew, with its process. */
static double growth(uint64_t before, uint64_t after)
{
	return (double)(after >= before ? after - before : after);
}

/* Of the interval. A wait is counted at its end, and counters are not read at one instant. */
static double share_of(double nanoseconds, double seconds)
{
	double share = nanoseconds / 1e9 / seconds;

	return share < 1 ? share : 1;
}

struct tm_rates tm_rates_between(
	const struct kex_device *before, const struct kex_device *after, double seconds)
{
	const struct kex_device nothing = {0};

	if (before == NULL)
		before = &nothing;
	if (seconds <= 0)
		return (struct tm_rates){0};
	return (struct tm_rates){
		.bytes = growth(before->bytes, after->bytes) / seconds,
		.records = growth(before->records, after->records) / seconds,
		.buffers = growth(before->bufs_filled, after->bufs_filled) / seconds,
		.events = growth(before->events_raised, after->events_raised) / seconds,
		.full = share_of(growth(before->full_time, after->full_time), seconds),
		.waits = share_of(
			growth(before->sender_wait_time, after->sender_wait_time), seconds),
	};
}

static unsigned rounded(double buffers)
{
	unsigned number = ((unsigned)buffers + 15) / 16 * 16;

	if (number < TMSCSI_MIN_BUFS)
		return TMSCSI_MIN_BUFS;
	return number > TMSCSI_MAX_BUFS ? TMSCSI_MAX_BUFS : number;
}

/*
 * Without exhaustion the peak and a quarter more. With it, what would have come at once: received
 * in the time in which the sender was not held off, N buffers leave a backlog of N times the share
 * in which it was, for that is how far the reader was behind.
 */
struct tm_advice tm_advise(
	const struct kex_device *before, const struct kex_device *after, double seconds)
{
	const struct kex_device nothing = {0};
	const struct kex_device *from = before != NULL ? before : &nothing;
	double holds = growth(from->bufs_exhausted, after->bufs_exhausted);
	double filled = growth(from->bufs_filled, after->bufs_filled);

	if (filled == 0)
		return (struct tm_advice){0};
	if (holds == 0)
		return (struct tm_advice){.num_bufs = rounded(after->bufs_peak * 1.25)};
	/* Without a time to compare with: twice as many, to be measured again. */
	if (seconds <= 0)
		return (struct tm_advice){.num_bufs = rounded(after->num_bufs * 2)};
	double share = share_of(growth(from->full_time, after->full_time), seconds);
	return (struct tm_advice){.num_bufs = rounded(after->num_bufs + filled * share),
		.reader_too_slow = share > TOO_SLOW};
}
