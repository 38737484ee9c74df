/*
 * A source of interrupts with a pending word: what the event dispatcher, SDI and the interrupt
 * levels are made of. An interrupt is one or more flags. Flags raised while the handler is held
 * off are OR-ed into the pending word: they merge, they do not queue, and none is lost. A handler
 * borrows the thread that raised it or the one whose i_enable, or end of a handler, let it run.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/atomic_word.h>
#include <sys/checked.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The owner keeps it in place and untouched from source_init until source_clear has returned. */
struct intr_source {
	/*
	 * Called at `priority` with the flags that were pending, at least one; no other handler
	 * runs at the same time. May raise, schedule and wake; may not sleep.
	 */
	void (*handler)(struct intr_source *source, uint32_t flags);
	int priority; /* INTMAX < priority < INTBASE */

	/* Private to the host from here on. */
	KEX_ATOMIC(uint64_t) pending; /* the flags, and whether the handler is on its ready list */
	struct intr_source *next; /* on that list */
	KEX_ATOMIC(bool) active; /* between source_init and source_clear */
};

/*
 * Enters a source. Returns INTR_SUCC, or INTR_FAIL when the priority or handler is not valid or
 * the structure is in use. The handler may run before source_init returns. Environment: process.
 */
int source_init(struct intr_source *source) KEX_MUST_CHECK KEX_NONNULL;

/*
 * Removes it: after the return the handler does not run and will not. Flags still pending are
 * dropped. The caller sees to it that nobody raises it any more. Environment: process, at INTBASE;
 * elsewhere it is refused and logged.
 */
void source_clear(struct intr_source *source) KEX_NONNULL;

/*
 * Sets flags (not 0) in the pending word and runs the handler at once in this thread, unless its
 * priority is masked or a handler is running: then whoever ends that runs it. The handler that is
 * given the flags sees whatever the caller stored before, also when they were pending already.
 * Returns those of the flags that were pending already: they have merged.
 * Environment: process, interrupt, and a hardware thread of the simulation.
 */
uint32_t source_raise(struct intr_source *source, uint32_t flags) KEX_NONNULL;

#ifdef __cplusplus
}
#endif
