/*
 * Interrupts are priorities. Manual: "Understanding Interrupts", i_init, i_clear, i_disable,
 * i_enable, i_mask, i_unmask, i_reset, i_sched, disable_lock kernel services.
 *
 * A thread runs at a priority. i_disable(p) keeps every handler of class p or less favoured from
 * running anywhere in the host, and returns only when none is running; i_enable ends that and runs
 * what came meanwhile. A level is which hardware interrupts, a priority is which handler goes
 * first; several adapters may share a level.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/checked.h>
#include <sys/intr_source.h>
#include <sys/lock_def.h>

#ifdef __cplusplus
extern "C" {
#endif

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

#define INTR_LEVELS 256

#define INTR_SUCC 0 /* the handler's interrupt; i_init: entered */
#define INTR_FAIL (-1) /* not the handler's; i_init: refused */

/* flags */
#define INTR_NOT_SHARED 1 /* nobody else may have the level */

/* An interrupt handler of a level, or an off-level routine. Stays in place until i_clear. */
struct intr {
	struct intr *next; /* of the same level: the host's */
	/*
	 * Level: looks whether its device interrupts, clears the cause there, calls i_reset and
	 * returns INTR_SUCC; or INTR_FAIL. Off-level: the result has no meaning.
	 */
	int (*handler)(struct intr *intr);
	int flags;
	int level; /* 0 to INTR_LEVELS - 1 */
	int priority; /* INTCLASS0-3 of a level, INTOFFL0-3 of an off-level routine */
	struct intr_source source; /* off-level only: the host's */
};

/*
 * Adds a handler to its level's chain; the first one unmasks the level. Returns INTR_SUCC, or
 * INTR_FAIL: no such level or priority, entered already, or the level can't be shared with who has
 * it (INTR_NOT_SHARED of either, another priority). The handler may run before the return.
 * Environment: process.
 */
int i_init(struct intr *intr) KEX_MUST_CHECK KEX_NONNULL;

/*
 * Removes a handler or an off-level routine: after the return it does not run and will not.
 * Environment: process, at INTBASE.
 */
void i_clear(struct intr *intr) KEX_NONNULL;

/*
 * Holds one level off, whatever its priority, until i_unmask; it may stay so across a return. What
 * interrupts meanwhile is one interrupt. Environment: process, interrupt.
 */
void i_mask(struct intr *intr) KEX_NONNULL;
void i_unmask(struct intr *intr) KEX_NONNULL;

/*
 * A handler's word that it has cleared the cause at its device: from then on the level interrupts
 * again. Environment: interrupt.
 */
void i_reset(struct intr *intr) KEX_NONNULL;

/* The hardware's side: a device of the level interrupts. Environment: any. */
void i_interrupt(int number);

/*
 * Schedules an off-level routine, which INIT_OFFL0 to INIT_OFFL3 have made. Ignored while it is
 * scheduled already; when it runs it is not any more and may schedule itself.
 * Environment: process, interrupt.
 */
void i_sched(struct intr *intr) KEX_NONNULL;
#define INIT_OFFL0(intr, routine) i_offlevel(intr, routine, INTOFFL0)
#define INIT_OFFL1(intr, routine) i_offlevel(intr, routine, INTOFFL1)
#define INIT_OFFL2(intr, routine) i_offlevel(intr, routine, INTOFFL2)
#define INIT_OFFL3(intr, routine) i_offlevel(intr, routine, INTOFFL3)
void i_offlevel(struct intr *intr, int (*routine)(struct intr *intr), int priority) KEX_NONNULL;

/* Raises the thread's priority to `priority` if that is more favoured; returns the old one. */
int i_disable(int priority);

/* Restores what i_disable returned and runs what became deliverable. */
void i_enable(int old_priority);

/* i_disable and simple_lock; simple_unlock and i_enable. */
int disable_lock(int priority, Simple_lock *lock) KEX_MUST_CHECK KEX_NONNULL;
void unlock_enable(int old_priority, Simple_lock *lock) KEX_NONNULL;

/* Whether some i_disable holds handlers of the priority off at this moment. Any environment. */
bool i_masked(int priority);

/* The calling thread's priority, and whether it is in a handler. */
int i_priority(void);
bool i_in_handler(void);

#ifdef __cplusplus
}
#endif
