#include "suite.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/intr.h>
#include <sys/sleep.h>

#include "error_log_capture.h"

/* A handler that remembers what it was given. */
struct recorder {
	struct intr_source source; /* first: a struct intr_source * is a struct recorder * */
	uint32_t flags;
	int calls;
	int priority_seen;
	bool in_handler_seen;
	uint32_t raise_again; /* flags to raise from inside the handler, once */
	struct intr_source *also; /* another handler to raise from inside */
	int calls_of_also_after;
};

static void record(struct intr_source *source, uint32_t flags)
{
	struct recorder *recorder = (struct recorder *)source;

	recorder->flags |= flags;
	recorder->calls++;
	recorder->priority_seen = i_priority();
	recorder->in_handler_seen = i_in_handler();
	if (recorder->raise_again != 0) {
		uint32_t again = recorder->raise_again;
		recorder->raise_again = 0;
		source_raise(source, again);
	}
	if (recorder->also != NULL) {
		source_raise(recorder->also, 1);
		recorder->calls_of_also_after = ((struct recorder *)recorder->also)->calls;
	}
}

static struct recorder new_recorder(int priority)
{
	return (struct recorder){.source = {.handler = record, .priority = priority}};
}

START_TEST(raise_runs_the_handler_at_its_priority)
{
	struct recorder one = new_recorder(INTCLASS2);
	ck_assert_int_eq(source_init(&one.source), INTR_SUCC);

	ck_assert_uint_eq(source_raise(&one.source, 4), 0);
	ck_assert_int_eq(one.calls, 1);
	ck_assert_uint_eq(one.flags, 4);
	ck_assert_int_eq(one.priority_seen, INTCLASS2);
	ck_assert(one.in_handler_seen);
	ck_assert_int_eq(i_priority(), INTBASE);
	ck_assert(!i_in_handler());
	source_clear(&one.source);
}
END_TEST

START_TEST(masked_flags_merge_and_arrive_at_enable)
{
	struct recorder one = new_recorder(INTCLASS3);
	ck_assert_int_eq(source_init(&one.source), INTR_SUCC);

	int old = i_disable(INTCLASS3);
	ck_assert_int_eq(old, INTBASE);
	ck_assert_uint_eq(source_raise(&one.source, 1), 0);
	ck_assert_uint_eq(source_raise(&one.source, 1), 1);
	ck_assert_uint_eq(source_raise(&one.source, 3), 1);
	ck_assert_int_eq(one.calls, 0);
	ck_assert(i_masked(INTCLASS3));
	ck_assert(!i_masked(INTCLASS2));
	i_enable(old);
	ck_assert(!i_masked(INTCLASS3));
	ck_assert_int_eq(one.calls, 1);
	ck_assert_uint_eq(one.flags, 3);
	source_clear(&one.source);
}
END_TEST

START_TEST(a_more_favoured_class_is_not_masked)
{
	struct recorder favoured = new_recorder(INTCLASS1), other = new_recorder(INTCLASS2);
	ck_assert_int_eq(source_init(&favoured.source), INTR_SUCC);
	ck_assert_int_eq(source_init(&other.source), INTR_SUCC);

	int old = i_disable(INTCLASS2);
	source_raise(&other.source, 1);
	source_raise(&favoured.source, 1);
	ck_assert_int_eq(favoured.calls, 1);
	ck_assert_int_eq(other.calls, 0);
	i_enable(old);
	ck_assert_int_eq(other.calls, 1);
	source_clear(&favoured.source);
	source_clear(&other.source);
}
END_TEST

START_TEST(nested_masks_end_in_order)
{
	struct recorder one = new_recorder(INTCLASS3), two = new_recorder(INTCLASS0);
	ck_assert_int_eq(source_init(&one.source), INTR_SUCC);
	ck_assert_int_eq(source_init(&two.source), INTR_SUCC);

	int base = i_disable(INTCLASS3);
	int outer = i_disable(INTMAX);
	ck_assert_int_eq(outer, INTCLASS3);
	ck_assert_int_eq(i_disable(INTCLASS2), INTMAX);
	source_raise(&one.source, 1);
	source_raise(&two.source, 1);
	ck_assert_int_eq(one.calls + two.calls, 0);
	i_enable(outer);
	ck_assert_int_eq(two.calls, 1);
	ck_assert_int_eq(one.calls, 0);
	i_enable(base);
	ck_assert_int_eq(one.calls, 1);
	source_clear(&one.source);
	source_clear(&two.source);
}
END_TEST

START_TEST(raised_from_its_own_handler_it_runs_once_more)
{
	struct recorder one = new_recorder(INTCLASS3);
	ck_assert_int_eq(source_init(&one.source), INTR_SUCC);
	one.raise_again = 8;

	source_raise(&one.source, 1);
	ck_assert_int_eq(one.calls, 2);
	ck_assert_uint_eq(one.flags, 9);
	source_clear(&one.source);
}
END_TEST

START_TEST(a_handler_is_interrupted_only_by_the_more_favoured)
{
	struct recorder same = new_recorder(INTCLASS3), favoured = new_recorder(INTCLASS0);
	struct recorder first = new_recorder(INTCLASS3), second = new_recorder(INTCLASS3);
	ck_assert_int_eq(source_init(&same.source), INTR_SUCC);
	ck_assert_int_eq(source_init(&favoured.source), INTR_SUCC);
	ck_assert_int_eq(source_init(&first.source), INTR_SUCC);
	ck_assert_int_eq(source_init(&second.source), INTR_SUCC);

	first.also = &same.source;
	source_raise(&first.source, 1);
	ck_assert_int_eq(first.calls_of_also_after, 0);
	ck_assert_int_eq(same.calls, 1);

	second.also = &favoured.source;
	source_raise(&second.source, 1);
	ck_assert_int_eq(second.calls_of_also_after, 1);

	source_clear(&same.source);
	source_clear(&favoured.source);
	source_clear(&first.source);
	source_clear(&second.source);
}
END_TEST

START_TEST(entering_twice_or_at_a_bad_priority_is_refused)
{
	struct recorder one = new_recorder(INTCLASS3);
	ck_assert_int_eq(source_init(&one.source), INTR_SUCC);
	ck_assert_int_eq(source_init(&one.source), INTR_FAIL);
	source_clear(&one.source);
	ck_assert_int_eq(source_init(&one.source), INTR_SUCC);
	source_clear(&one.source);

	struct recorder base = new_recorder(INTBASE), max = new_recorder(INTMAX);
	ck_assert_int_eq(source_init(&base.source), INTR_FAIL);
	ck_assert_int_eq(source_init(&max.source), INTR_FAIL);
}
END_TEST

static void sleep_in_handler(struct intr_source *source, uint32_t flags)
{
	event_word word = EVENT_NULL;

	(void)flags;
	ck_assert_int_eq(e_sleep(&word, EVENT_SHORT), EVENT_SIG);
	source_clear(source);
}

START_TEST(sleeping_in_a_handler_is_refused_and_logged)
{
	struct intr_source source = {.handler = sleep_in_handler, .priority = INTCLASS3};
	ck_assert_int_eq(source_init(&source), INTR_SUCC);
	source_raise(&source, 1);
	ck_assert_int_eq(environment_violations(), 2);
	source_clear(&source);
}
END_TEST

/*
 * The stress test. Each raiser owns a flag of each handler, so a flag goes from clear to set
 * exactly as often as source_raise answers 0, and each time must be delivered: fewer deliveries
 * are lost flags. A raise that was answered with the flag found the flag set, and the delivery that
 * takes it begins later. Maskers check that nothing they mask runs. After each short round
 * everybody rests, so that nobody's later call can deliver what was forgotten.
 */
#define RAISERS 4
#define MASKERS 2
#define CLASSES 4
#define ROUNDS 2000
#define RAISES 40
#define MASKS 20

static struct stressed {
	struct intr_source source;
	atomic_int delivered[RAISERS];
} stressed[CLASSES];
static atomic_int raised[CLASSES][RAISERS];
static atomic_bool running[CLASSES];
static atomic_int overlaps, in_masked_region;
static int lost;
static pthread_barrier_t rest;

static unsigned next_random(unsigned *state)
{
	*state = *state * 1103515245u + 12345u;
	return *state >> 16;
}

static void stress_handler(struct intr_source *source, uint32_t flags)
{
	struct stressed *self = (struct stressed *)source;
	int class = (int)(self - stressed);

	if (atomic_exchange(&running[class], true))
		atomic_fetch_add(&overlaps, 1);
	for (int raiser = 0; raiser < RAISERS; raiser++)
		if (flags & (1u << raiser))
			atomic_fetch_add(&self->delivered[raiser], 1);
	if (flags & 1)
		sched_yield();
	atomic_store(&running[class], false);
}

/* One thread looks while the others rest. */
static void rest_and_look(void)
{
	if (pthread_barrier_wait(&rest) == PTHREAD_BARRIER_SERIAL_THREAD)
		for (int class = 0; class < CLASSES; class ++)
			for (int raiser = 0; raiser < RAISERS; raiser++)
				if (atomic_load(&stressed[class].delivered[raiser]) !=
					atomic_load(&raised[class][raiser]))
					lost++;
	pthread_barrier_wait(&rest);
}

static void *raise_much(void *argument)
{
	unsigned raiser = (unsigned)(uintptr_t)argument, state = raiser + 1;

	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < RAISES; i++) {
			unsigned class = next_random(&state) % CLASSES;
			if (source_raise(&stressed[class].source, 1u << raiser) == 0)
				atomic_fetch_add(&raised[class][raiser], 1);
		}
		rest_and_look();
	}
	return NULL;
}

static void *mask_much(void *argument)
{
	unsigned state = (unsigned)(uintptr_t)argument + 77;

	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < MASKS; i++) {
			int first = (int)(next_random(&state) % CLASSES);
			int old = i_disable(INTCLASS0 + first);
			for (int class = first; class < CLASSES; class ++)
				if (atomic_load(&running[class]))
					atomic_fetch_add(&in_masked_region, 1);
			if (next_random(&state) % 4 == 0)
				sched_yield();
			i_enable(old);
		}
		rest_and_look();
	}
	return NULL;
}

START_TEST(no_flag_is_lost_and_no_handler_runs_masked)
{
	pthread_t threads[RAISERS + MASKERS];

	ck_assert_int_eq(pthread_barrier_init(&rest, NULL, RAISERS + MASKERS), 0);
	for (int class = 0; class < CLASSES; class ++) {
		stressed[class].source.handler = stress_handler;
		stressed[class].source.priority = INTCLASS0 + class;
		ck_assert_int_eq(source_init(&stressed[class].source), INTR_SUCC);
	}
	for (uintptr_t i = 0; i < RAISERS + MASKERS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL,
					 i < RAISERS ? raise_much : mask_much, (void *)i),
			0);
	for (int i = 0; i < RAISERS + MASKERS; i++)
		pthread_join(threads[i], NULL);

	ck_assert_int_eq(lost, 0);
	ck_assert_int_eq(atomic_load(&overlaps), 0);
	ck_assert_int_eq(atomic_load(&in_masked_region), 0);
	for (int class = 0; class < CLASSES; class ++)
		source_clear(&stressed[class].source);
	pthread_barrier_destroy(&rest);
}
END_TEST

SUITE_MAIN("intr", raise_runs_the_handler_at_its_priority, masked_flags_merge_and_arrive_at_enable,
	a_more_favoured_class_is_not_masked, nested_masks_end_in_order,
	raised_from_its_own_handler_it_runs_once_more,
	a_handler_is_interrupted_only_by_the_more_favoured,
	entering_twice_or_at_a_bad_priority_is_refused, sleeping_in_a_handler_is_refused_and_logged,
	no_flag_is_lost_and_no_handler_runs_masked)
