/*
 * Interrupts are priorities. Manual: "Understanding Interrupts", i_init, i_disable, i_enable,
 * disable_lock kernel services.
 *
 * A thread runs at a priority. i_disable(p) keeps every handler of class p or less favoured from
 * running anywhere in the host, and returns only when none is running; i_enable ends that and runs
 * what came meanwhile. Flags that are raised while a handler is held off are OR-ed into its
 * pending word: they merge, they do not queue, and none is lost. A handler borrows the thread that
 * raised it or the one whose i_enable, or end of a handler, let it run.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/lock_def.h>

/* Priorities, most favoured first. */
enum interrupt_priority {
	INTMAX, /* everything disabled */
	INTTIMER,
	INTCLASS0, /* bus interrupt classes */
	INTCLASS1,
	INTCLASS2,
	INTCLASS3,
	INTOFFL0, /* off-level classes */
	INTOFFL1,
	INTOFFL2,
	INTOFFL3,
	INTIODONE, /* iodone processing */
	INTBASE, /* process level: everything enabled */
};
#define INTR_PRIORITIES (INTBASE + 1)

#define INTR_SUCC 0 /* the handler's interrupt; i_init: entered */
#define INTR_FAIL (-1) /* not the handler's; i_init: refused */

/*
 * One interrupt handler with its pending word. The owner keeps it in place and untouched from
 * i_init until i_clear has returned.
 */
struct intr {
	/*
	 * Called at `priority` with the flags that were pending, at least one; no other handler
	 * runs at the same time. May raise, schedule and wake; may not sleep.
	 */
	void (*handler)(struct intr *intr, uint32_t flags);
	int priority; /* INTMAX < priority < INTBASE */

	/* Private to the host from here on. */
	_Atomic uint64_t pending; /* the flags, and whether the handler is on its ready list */
	struct intr *next; /* on that list */
	atomic_bool active; /* between i_init and i_clear */
};

/* What an i_raise found. */
enum raise_result {
	RAISED, /* some flag was new */
	MERGED, /* all of them were pending already */
};

/*
 * Enters a handler. Returns INTR_SUCC, or INTR_FAIL when the priority or handler is not valid or
 * the structure is in use. The handler may run before i_init returns. Environment: process.
 */
int i_init(struct intr *intr);

/*
 * Removes it: after the return the handler does not run and will not. Flags still pending are
 * dropped. The caller sees to it that nobody raises it any more. Environment: process, at INTBASE;
 * elsewhere it is refused and logged.
 */
void i_clear(struct intr *intr);

/*
 * Sets flags (not 0) in the pending word and runs the handler at once in this thread, unless its
 * priority is masked or a handler is running: then whoever ends that runs it.
 * Environment: process, interrupt, and a hardware thread of the simulation.
 */
enum raise_result i_raise(struct intr *intr, uint32_t flags);

/* Raises the thread's priority to `priority` if that is more favoured; returns the old one. */
int i_disable(int priority);

/* Restores what i_disable returned and runs what became deliverable. */
void i_enable(int old_priority);

/* i_disable and simple_lock; simple_unlock and i_enable. */
int disable_lock(int priority, Simple_lock *lock);
void unlock_enable(int old_priority, Simple_lock *lock);

/* Whether some i_disable holds handlers of the priority off at this moment. Any environment. */
bool i_masked(int priority);

/* The calling thread's priority, and whether it is in a handler. */
int i_priority(void);
bool i_in_handler(void);
