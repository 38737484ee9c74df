/* Interrupt levels with their chains of handlers, and off-level routines. */
#include <sys/intr.h>

#include <sched.h>
#include <string.h>

#include "processor/environment.h"
#include "processor/processor.h"

/*
 * A level interrupts by its source. `pending` is set before the two others are looked at, and who
 * clears one of those looks at `pending` after: one of the two sees the other.
 */
struct level {
	struct intr_source source;
	struct intr *chain; /* changed with the priority masked and levels_lock held */
	atomic_bool masked; /* by i_mask */
	atomic_bool in_service; /* from the call of the handlers to i_reset */
	atomic_bool pending;
	atomic_bool closing; /* its last handler has gone, its source not yet */
};

/* Guards every chain's change; taken at INTMAX. */
static Simple_lock levels_lock;
static struct level levels[INTR_LEVELS];

static struct level *level_of(const struct intr *intr)
{
	return &levels[intr->level];
}

static void interrupt_if_pending(struct level *level)
{
	if (atomic_load(&level->pending) && !atomic_load(&level->masked) &&
		!atomic_load(&level->in_service))
		source_raise(&level->source, 1);
}

/*
 * Asks every handler: interrupts merge, so several may have come. When none claims it, there is
 * nobody who would call i_reset.
 */
static void ask_chain(struct intr_source *source, uint32_t flags)
{
	struct level *level = (struct level *)source;
	bool claimed = false;

	(void)flags;
	if (atomic_load(&level->masked))
		return;
	atomic_store(&level->in_service, true);
	/* What the device stored before it interrupted is there for its handler. */
	atomic_exchange(&level->pending, false);
	for (struct intr *intr = level->chain; intr != NULL; intr = intr->next) {
		void *outer = processor_blame((void *)intr->handler);
		claimed |= intr->handler(intr) == INTR_SUCC;
		processor_restore(outer);
	}
	if (!claimed) {
		atomic_store(&level->in_service, false);
		interrupt_if_pending(level);
	}
}

static bool may_share(const struct level *level, const struct intr *new)
{
	for (const struct intr *intr = level->chain; intr != NULL; intr = intr->next)
		if (intr == new || intr->priority != new->priority ||
			((intr->flags | new->flags) & INTR_NOT_SHARED))
			return false;
	return true;
}

static void append(struct level *level, struct intr *new)
{
	struct intr **end = &level->chain;

	new->next = NULL;
	while (*end != NULL)
		end = &(*end)->next;
	*end = new;
}

/* Enters a handler; with the first, the level's source. With levels_lock held. */
static bool enter(struct level *level, struct intr *intr)
{
	if (!may_share(level, intr))
		return false;
	if (level->chain == NULL) {
		memset(level, 0, sizeof(*level));
		level->source =
			(struct intr_source){.handler = ask_chain, .priority = intr->priority};
		if (source_init(&level->source) != INTR_SUCC)
			return false;
	}
	append(level, intr);
	return true;
}

int i_init(struct intr *intr)
{
	if (!environment_is_process("i_init"))
		return INTR_FAIL;
	if (intr->handler == NULL || intr->priority < INTCLASS0 || intr->priority > INTCLASS3 ||
		intr->level < 0 || intr->level >= INTR_LEVELS)
		return INTR_FAIL;

	struct level *level = level_of(intr);
	for (;;) {
		int old = disable_lock(INTMAX, &levels_lock);
		bool closing = atomic_load(&level->closing);
		bool entered = !closing && enter(level, intr);
		unlock_enable(old, &levels_lock);
		if (entered || !closing)
			return entered ? INTR_SUCC : INTR_FAIL;
		/* Who closes it may wait for an interrupt that the caller masks. */
		if (i_priority() != INTBASE)
			return INTR_FAIL;
		sched_yield();
	}
}

enum taken { NOT_ENTERED, OTHERS_STAY, WAS_LAST };

/* Takes a handler off its chain; the last one's level is closing. */
static enum taken take_off(struct level *level, const struct intr *intr)
{
	int old = disable_lock(INTMAX, &levels_lock);
	struct intr **link = &level->chain;
	enum taken taken = NOT_ENTERED;

	while (*link != NULL && *link != intr)
		link = &(*link)->next;
	if (*link != NULL) {
		*link = intr->next;
		taken = level->chain == NULL ? WAS_LAST : OTHERS_STAY;
	}
	if (taken == WAS_LAST)
		atomic_store(&level->closing, true);
	unlock_enable(old, &levels_lock);
	return taken;
}

static void leave_level(struct level *level, const struct intr *intr)
{
	switch (take_off(level, intr)) {
	case NOT_ENTERED:
		environment_refuse("i_clear", "for a handler that is not entered",
			"clear each once after its i_init");
		break;
	case OTHERS_STAY:
		break;
	case WAS_LAST:
		/* Nobody enters the level meanwhile. */
		source_clear(&level->source);
		atomic_store(&level->closing, false);
	}
}

void i_clear(struct intr *intr)
{
	if (!environment_may_sleep("i_clear"))
		return;
	if (intr->priority >= INTOFFL0)
		source_clear(&intr->source);
	else
		leave_level(level_of(intr), intr);
}

void i_mask(struct intr *intr)
{
	struct level *level = level_of(intr);

	atomic_store(&level->masked, true);
	/* Who ran before has ended after this. */
	i_enable(i_disable(intr->priority));
}

void i_unmask(struct intr *intr)
{
	struct level *level = level_of(intr);

	atomic_store(&level->masked, false);
	interrupt_if_pending(level);
}

void i_reset(struct intr *intr)
{
	struct level *level = level_of(intr);

	atomic_store(&level->in_service, false);
	interrupt_if_pending(level);
}

void i_interrupt(int number)
{
	if (number < 0 || number >= INTR_LEVELS || !atomic_load(&levels[number].source.active))
		return;
	atomic_store(&levels[number].pending, true);
	interrupt_if_pending(&levels[number]);
}

static void run_routine(struct intr_source *source, uint32_t flags)
{
	struct intr *intr = (struct intr *)((char *)source - offsetof(struct intr, source));
	void *outer = processor_blame((void *)intr->handler);

	(void)flags;
	intr->handler(intr);
	processor_restore(outer);
}

void i_offlevel(struct intr *intr, int (*routine)(struct intr *intr), int priority)
{
	*intr = (struct intr){.handler = routine,
		.priority = priority,
		.source = {.handler = run_routine, .priority = priority}};
	/* Fails in a handler, which is told so: the routine never runs then. */
	bool entered = source_init(&intr->source) == INTR_SUCC;
	(void)entered;
}

void i_sched(struct intr *intr)
{
	source_raise(&intr->source, 1);
}
