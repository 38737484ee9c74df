/* How tmstat's live view lies on a terminal of any size. For tmstat_view. */
#pragma once

#include "tm_rates.h"

#define TMSTAT_HISTORY 512

/* What a device's plot shows: of a receiver the buffers in use, of a sender the bytes a second. */
struct tmstat_past {
	double values[TMSTAT_HISTORY]; /* a ring; the newest at (seen - 1) % TMSTAT_HISTORY */
	unsigned seen;
};

/* What is shown of a device, measured at the last look. */
struct tmstat_shown {
	const struct kex_device *device;
	struct tm_rates rates;
	struct tm_advice advice;
	const struct tmstat_past *past; /* NULL: there was no memory for one */
};

/*
 * Draws what is shown on curses' screen as it is now: as many lines of each device as all of them
 * have room for, from a single short one to two with a plot, and no line wider than the screen.
 * blocks: the terminal has the block characters.
 */
void tmstat_draw(const struct tmstat_shown *shown, int count, double interval, bool blocks);
