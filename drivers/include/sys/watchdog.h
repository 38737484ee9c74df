/* Watchdog timers. Manual: w_init, w_start, w_stop, w_clear kernel services. */
#pragma once

#include <stdint.h>
#include <sys/checked.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Stays in place from w_init to w_clear. */
struct watchdog {
	struct watchdog *next, *prev; /* NULL before w_init: the host's */
	/*
	 * Called at INTTIMER when `count` has come to 0; the timer is stopped by then and may be
	 * started again.
	 */
	void (*func)(struct watchdog *watchdog);
	uint32_t count; /* seconds left; 0 before w_init: stopped */
	uint32_t restart; /* seconds that w_start sets */
};

/* Enters a timer, stopped; one that is entered is refused and logged. Environment: process. */
void w_init(struct watchdog *watchdog) KEX_NONNULL;

/*
 * Sets count to restart; takes a second from it every second. Stopping and starting again begins
 * anew. Environment: process, interrupt.
 */
void w_start(struct watchdog *watchdog) KEX_NONNULL;
void w_stop(struct watchdog *watchdog) KEX_NONNULL;

/*
 * Removes it: func does not run after the return and will not. One that is not entered is refused
 * and logged. Environment: process, at INTBASE.
 */
void w_clear(struct watchdog *watchdog) KEX_NONNULL;

#ifdef __cplusplus
}
#endif
