/*
 * Simulated hardware works in a thread of its own. A thread of the host that waits for it would
 * wake it and then sleep; instead it does the hardware's work itself while there is some.
 */
#pragma once

#include <stdbool.h>
#include <sys/atomic_word.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One piece of hardware, in place between hardware_add and hardware_remove. */
struct hardware {
	/* Does what can be done now without waiting; false when there was nothing. Process level.
	 */
	bool (*advance)(struct hardware *hardware);
	/* Whether a thread polls now, calling `advance` again and again: its own may sleep on. */
	void (*set_polled)(struct hardware *hardware, bool polled);
	/* Who has called `advance` goes away: its own thread has to see to what is in progress. */
	void (*release)(struct hardware *hardware);
	KEX_ATOMIC(bool) at_work; /* something is in progress: the hardware's own word */
	struct hardware *next; /* the host's */
};

/*
 * What a hardware thread calls first: a fault in it, its stack's overflow too, is told then with
 * whose routine it was.
 */
void hardware_thread_begin(void);

/* Environment: process. After hardware_remove no routine of it runs or will. */
void hardware_add(struct hardware *hardware);
void hardware_remove(struct hardware *hardware);

/*
 * Whether the calling thread may do the hardware's work: it carries out an application's call, at
 * process level, with interrupts enabled. When it sleeps, or at the latest when the call returns,
 * the host calls `release`. Environment: process, interrupt.
 */
bool hardware_may_advance(void);

#ifdef __cplusplus
}
#endif
