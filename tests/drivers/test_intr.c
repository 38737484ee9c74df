#include "suite.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/intr.h>
#include <sys/sleep.h>

#include "error_log_capture.h"

/* A handler that remembers what it was given. */
struct recorder {
	struct intr intr; /* first: a struct intr * is a struct recorder * */
	uint32_t flags;
	int calls;
	int priority_seen;
	bool in_handler_seen;
	uint32_t raise_again; /* flags to raise from inside the handler, once */
	struct intr *also; /* another handler to raise from inside */
	int calls_of_also_after;
};

static void record(struct intr *intr, uint32_t flags)
{
	struct recorder *recorder = (struct recorder *)intr;

	recorder->flags |= flags;
	recorder->calls++;
	recorder->priority_seen = i_priority();
	recorder->in_handler_seen = i_in_handler();
	if (recorder->raise_again != 0) {
		uint32_t again = recorder->raise_again;
		recorder->raise_again = 0;
		i_raise(intr, again);
	}
	if (recorder->also != NULL) {
		i_raise(recorder->also, 1);
		recorder->calls_of_also_after = ((struct recorder *)recorder->also)->calls;
	}
}

static struct recorder new_recorder(int priority)
{
	return (struct recorder){.intr = {.handler = record, .priority = priority}};
}

START_TEST(raise_runs_the_handler_at_its_priority)
{
	struct recorder one = new_recorder(INTCLASS2);
	ck_assert_int_eq(i_init(&one.intr), INTR_SUCC);

	ck_assert_int_eq(i_raise(&one.intr, 4), RAISED);
	ck_assert_int_eq(one.calls, 1);
	ck_assert_uint_eq(one.flags, 4);
	ck_assert_int_eq(one.priority_seen, INTCLASS2);
	ck_assert(one.in_handler_seen);
	ck_assert_int_eq(i_priority(), INTBASE);
	ck_assert(!i_in_handler());
	i_clear(&one.intr);
}
END_TEST

START_TEST(masked_flags_merge_and_arrive_at_enable)
{
	struct recorder one = new_recorder(INTCLASS3);
	i_init(&one.intr);

	int old = i_disable(INTCLASS3);
	ck_assert_int_eq(old, INTBASE);
	ck_assert_int_eq(i_raise(&one.intr, 1), RAISED);
	ck_assert_int_eq(i_raise(&one.intr, 1), MERGED);
	ck_assert_int_eq(i_raise(&one.intr, 2), RAISED);
	ck_assert_int_eq(one.calls, 0);
	ck_assert(i_masked(INTCLASS3));
	ck_assert(!i_masked(INTCLASS2));
	i_enable(old);
	ck_assert(!i_masked(INTCLASS3));
	ck_assert_int_eq(one.calls, 1);
	ck_assert_uint_eq(one.flags, 3);
	i_clear(&one.intr);
}
END_TEST

START_TEST(a_more_favoured_class_is_not_masked)
{
	struct recorder favoured = new_recorder(INTCLASS1), other = new_recorder(INTCLASS2);
	i_init(&favoured.intr);
	i_init(&other.intr);

	int old = i_disable(INTCLASS2);
	i_raise(&other.intr, 1);
	i_raise(&favoured.intr, 1);
	ck_assert_int_eq(favoured.calls, 1);
	ck_assert_int_eq(other.calls, 0);
	i_enable(old);
	ck_assert_int_eq(other.calls, 1);
	i_clear(&favoured.intr);
	i_clear(&other.intr);
}
END_TEST

START_TEST(nested_masks_end_in_order)
{
	struct recorder one = new_recorder(INTCLASS3), two = new_recorder(INTCLASS0);
	i_init(&one.intr);
	i_init(&two.intr);

	int base = i_disable(INTCLASS3);
	int outer = i_disable(INTMAX);
	ck_assert_int_eq(outer, INTCLASS3);
	ck_assert_int_eq(i_disable(INTCLASS2), INTMAX);
	i_raise(&one.intr, 1);
	i_raise(&two.intr, 1);
	ck_assert_int_eq(one.calls + two.calls, 0);
	i_enable(outer);
	ck_assert_int_eq(two.calls, 1);
	ck_assert_int_eq(one.calls, 0);
	i_enable(base);
	ck_assert_int_eq(one.calls, 1);
	i_clear(&one.intr);
	i_clear(&two.intr);
}
END_TEST

START_TEST(raised_from_its_own_handler_it_runs_once_more)
{
	struct recorder one = new_recorder(INTCLASS3);
	i_init(&one.intr);
	one.raise_again = 8;

	i_raise(&one.intr, 1);
	ck_assert_int_eq(one.calls, 2);
	ck_assert_uint_eq(one.flags, 9);
	i_clear(&one.intr);
}
END_TEST

START_TEST(a_handler_is_interrupted_only_by_the_more_favoured)
{
	struct recorder same = new_recorder(INTCLASS3), favoured = new_recorder(INTCLASS0);
	struct recorder first = new_recorder(INTCLASS3), second = new_recorder(INTCLASS3);
	i_init(&same.intr);
	i_init(&favoured.intr);
	i_init(&first.intr);
	i_init(&second.intr);

	first.also = &same.intr;
	i_raise(&first.intr, 1);
	ck_assert_int_eq(first.calls_of_also_after, 0);
	ck_assert_int_eq(same.calls, 1);

	second.also = &favoured.intr;
	i_raise(&second.intr, 1);
	ck_assert_int_eq(second.calls_of_also_after, 1);

	i_clear(&same.intr);
	i_clear(&favoured.intr);
	i_clear(&first.intr);
	i_clear(&second.intr);
}
END_TEST

START_TEST(entering_twice_or_at_a_bad_priority_is_refused)
{
	struct recorder one = new_recorder(INTCLASS3);
	ck_assert_int_eq(i_init(&one.intr), INTR_SUCC);
	ck_assert_int_eq(i_init(&one.intr), INTR_FAIL);
	i_clear(&one.intr);
	ck_assert_int_eq(i_init(&one.intr), INTR_SUCC);
	i_clear(&one.intr);

	struct recorder base = new_recorder(INTBASE), max = new_recorder(INTMAX);
	ck_assert_int_eq(i_init(&base.intr), INTR_FAIL);
	ck_assert_int_eq(i_init(&max.intr), INTR_FAIL);
}
END_TEST

static void sleep_in_handler(struct intr *intr, uint32_t flags)
{
	event_word word = EVENT_NULL;

	(void)flags;
	ck_assert_int_eq(e_sleep(&word, EVENT_SHORT), EVENT_SIG);
	i_clear(intr);
}

START_TEST(sleeping_in_a_handler_is_refused_and_logged)
{
	struct intr intr = {.handler = sleep_in_handler, .priority = INTCLASS3};
	i_init(&intr);
	i_raise(&intr, 1);
	ck_assert_int_eq(environment_violations(), 2);
	i_clear(&intr);
}
END_TEST

/*
 * The stress test. Each raiser owns a flag of each handler, so a flag goes from clear to set
 * exactly as often as i_raise answers RAISED, and each time must be delivered: fewer deliveries
 * are lost flags. A raise that was answered MERGED found the flag set, and the delivery that takes
 * it begins later. Maskers check that nothing they mask runs. After each short round everybody
 * rests, so that nobody's later call can deliver what was forgotten.
 */
#define RAISERS 4
#define MASKERS 2
#define CLASSES 4
#define ROUNDS 2000
#define RAISES 40
#define MASKS 20

static struct stressed {
	struct intr intr;
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

static void stress_handler(struct intr *intr, uint32_t flags)
{
	struct stressed *self = (struct stressed *)intr;
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
			if (i_raise(&stressed[class].intr, 1u << raiser) == RAISED)
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
		stressed[class].intr.handler = stress_handler;
		stressed[class].intr.priority = INTCLASS0 + class;
		ck_assert_int_eq(i_init(&stressed[class].intr), INTR_SUCC);
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
		i_clear(&stressed[class].intr);
	pthread_barrier_destroy(&rest);
}
END_TEST

SUITE_MAIN("intr", raise_runs_the_handler_at_its_priority, masked_flags_merge_and_arrive_at_enable,
	a_more_favoured_class_is_not_masked, nested_masks_end_in_order,
	raised_from_its_own_handler_it_runs_once_more,
	a_handler_is_interrupted_only_by_the_more_favoured,
	entering_twice_or_at_a_bad_priority_is_refused, sleeping_in_a_handler_is_refused_and_logged,
	no_flag_is_lost_and_no_handler_runs_masked)
