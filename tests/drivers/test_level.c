/* Interrupt levels with their chains, off-level routines, watchdogs. */
#include "suite.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/intr.h>
#include <sys/watchdog.h>
#include <time.h>

#include "error_log_capture.h"
#include "services/watchdog.h"

/* A device on a level: interrupts while its cause is set. */
struct card {
	struct intr intr; /* first: a struct intr * is a struct card * */
	atomic_bool cause;
	bool interrupt_again; /* before the reset, once */
	int asked, claimed, priority_seen;
};

static int handle(struct intr *intr)
{
	struct card *card = (struct card *)intr;

	card->asked++;
	card->priority_seen = i_priority();
	if (!atomic_exchange(&card->cause, false))
		return INTR_FAIL;
	card->claimed++;
	if (card->interrupt_again) {
		card->interrupt_again = false;
		atomic_store(&card->cause, true);
		i_interrupt(intr->level);
		ck_assert_int_eq(card->claimed, 1);
	}
	i_reset(intr);
	return INTR_SUCC;
}

static struct card new_card(int level, int priority)
{
	return (struct card){.intr = {.handler = handle, .level = level, .priority = priority}};
}

static void interrupt(struct card *card)
{
	atomic_store(&card->cause, true);
	i_interrupt(card->intr.level);
}

START_TEST(a_shared_level_asks_everybody)
{
	struct card one = new_card(9, INTCLASS2), two = new_card(9, INTCLASS2);

	ck_assert_int_eq(i_init(&one.intr), INTR_SUCC);
	ck_assert_int_eq(i_init(&one.intr), INTR_FAIL);
	ck_assert_int_eq(i_init(&two.intr), INTR_SUCC);
	interrupt(&two);
	ck_assert_int_eq(one.asked, 1);
	ck_assert_int_eq(one.claimed, 0);
	ck_assert_int_eq(two.claimed, 1);
	ck_assert_int_eq(two.priority_seen, INTCLASS2);

	/* Both while it is masked by priority: one interrupt, and both are served. */
	int old = i_disable(INTCLASS2);
	interrupt(&one);
	interrupt(&two);
	ck_assert_int_eq(one.asked, 1);
	i_enable(old);
	ck_assert_int_eq(one.claimed, 1);
	ck_assert_int_eq(two.claimed, 2);

	i_clear(&one.intr);
	interrupt(&one);
	ck_assert_int_eq(one.claimed, 1);
	interrupt(&two);
	ck_assert_int_eq(two.claimed, 3);
	i_clear(&two.intr);
	interrupt(&two);
	ck_assert_int_eq(two.claimed, 3);
}
END_TEST

START_TEST(who_can_not_share_is_refused)
{
	struct card one = new_card(9, INTCLASS2), other_class = new_card(9, INTCLASS1);
	struct card alone = new_card(9, INTCLASS2), bad = new_card(INTR_LEVELS, INTCLASS2);
	struct card off_level = new_card(10, INTOFFL0);

	alone.intr.flags = INTR_NOT_SHARED;
	ck_assert_int_eq(i_init(&one.intr), INTR_SUCC);
	ck_assert_int_eq(i_init(&other_class.intr), INTR_FAIL);
	ck_assert_int_eq(i_init(&alone.intr), INTR_FAIL);
	ck_assert_int_eq(i_init(&bad.intr), INTR_FAIL);
	ck_assert_int_eq(i_init(&off_level.intr), INTR_FAIL);
	i_clear(&one.intr);
	ck_assert_int_eq(i_init(&alone.intr), INTR_SUCC);
	ck_assert_int_eq(i_init(&one.intr), INTR_FAIL);
	i_clear(&alone.intr);
}
END_TEST

START_TEST(a_masked_level_waits_for_its_unmask)
{
	struct card one = new_card(9, INTCLASS2), other = new_card(10, INTCLASS2);

	ck_assert_int_eq(i_init(&one.intr), INTR_SUCC);
	ck_assert_int_eq(i_init(&other.intr), INTR_SUCC);
	i_mask(&one.intr);
	interrupt(&one);
	interrupt(&one);
	interrupt(&other);
	ck_assert_int_eq(one.asked, 0);
	ck_assert_int_eq(other.claimed, 1);
	i_unmask(&one.intr);
	ck_assert_int_eq(one.claimed, 1);

	/* Masked after it became pending. */
	int old = i_disable(INTCLASS2);
	interrupt(&one);
	i_mask(&one.intr);
	i_enable(old);
	ck_assert_int_eq(one.claimed, 1);
	i_unmask(&one.intr);
	ck_assert_int_eq(one.claimed, 2);
	i_clear(&one.intr);
	i_clear(&other.intr);
}
END_TEST

START_TEST(a_level_in_service_waits_for_its_reset)
{
	struct card one = new_card(9, INTCLASS2);

	ck_assert_int_eq(i_init(&one.intr), INTR_SUCC);
	one.interrupt_again = true;
	interrupt(&one);
	ck_assert_int_eq(one.claimed, 2);
	/* What nobody claims does not block the level. */
	i_interrupt(9);
	ck_assert_int_eq(one.asked, 3);
	interrupt(&one);
	ck_assert_int_eq(one.claimed, 3);
	i_clear(&one.intr);
}
END_TEST

static int runs, priority_of_run;
static bool once_more;

static int routine(struct intr *intr)
{
	runs++;
	priority_of_run = i_priority();
	if (once_more) {
		once_more = false;
		i_sched(intr);
	}
	return INTR_SUCC;
}

START_TEST(an_off_level_routine_is_scheduled_once)
{
	struct intr off_level;

	INIT_OFFL1(&off_level, routine);
	int old = i_disable(INTMAX);
	i_sched(&off_level);
	i_sched(&off_level);
	ck_assert_int_eq(runs, 0);
	i_enable(old);
	ck_assert_int_eq(runs, 1);
	ck_assert_int_eq(priority_of_run, INTOFFL1);

	once_more = true;
	i_sched(&off_level);
	ck_assert_int_eq(runs, 3);
	i_clear(&off_level);
	i_sched(&off_level);
	ck_assert_int_eq(runs, 3);
}
END_TEST

static atomic_int ends, priority_of_end;

static void end(struct watchdog *watchdog)
{
	atomic_store(&priority_of_end, i_priority());
	if (atomic_fetch_add(&ends, 1) == 0)
		w_start(watchdog);
}

START_TEST(a_watchdog_counts_seconds_and_can_be_stopped)
{
	const struct timespec moment = {0, 10000000};
	struct watchdog one = {.func = end, .restart = 1}, stopped = {.func = end, .restart = 1};

	ck_assert_int_eq(watchdog_start(), 0);
	w_init(&one);
	w_init(&stopped);
	w_start(&stopped);
	w_stop(&stopped);
	w_start(&one);
	while (atomic_load(&ends) < 2)
		nanosleep(&moment, NULL);
	ck_assert_int_eq(atomic_load(&priority_of_end), INTTIMER);
	w_clear(&one);
	w_clear(&stopped);
	ck_assert_int_eq(atomic_load(&ends), 2);
}
END_TEST

START_TEST(a_timer_is_entered_once_and_cleared_once)
{
	const struct timespec moment = {0, 10000000};
	struct watchdog one = {.func = end, .restart = 1}, other = {.func = end, .restart = 1};

	ck_assert_int_eq(watchdog_start(), 0);
	w_init(&one);
	w_init(&one);
	ck_assert_int_eq(environment_violations(), 1);
	w_init(&other);
	w_clear(&other);
	w_clear(&other);
	ck_assert_int_eq(environment_violations(), 2);
	/* The one that is entered still counts. */
	int before = atomic_load(&ends);
	w_start(&one);
	while (atomic_load(&ends) == before)
		nanosleep(&moment, NULL);
	w_clear(&one);
	w_clear(&one);
	ck_assert_int_eq(environment_violations(), 3);
}
END_TEST

/* Two devices come to a level and go, again and again: who has entered it is interrupted. */
#define COMINGS 20000
#define COMMON_LEVEL 11

static void *come_and_go(void *argument)
{
	struct card *card = argument;

	for (int i = 0; i < COMINGS; i++) {
		*card = new_card(COMMON_LEVEL, INTCLASS2);
		ck_assert_int_eq(i_init(&card->intr), INTR_SUCC);
		interrupt(card);
		while (atomic_load(&card->cause))
			sched_yield();
		i_clear(&card->intr);
	}
	return NULL;
}

START_TEST(who_enters_a_level_that_another_leaves_is_interrupted)
{
	struct card cards[2];
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, come_and_go, &cards[i]), 0);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	ck_assert_int_eq(environment_violations(), 0);
	i_clear(&cards[0].intr);
	ck_assert_int_eq(environment_violations(), 1);
}
END_TEST

SUITE_MAIN("level", a_shared_level_asks_everybody, who_can_not_share_is_refused,
	a_masked_level_waits_for_its_unmask, a_level_in_service_waits_for_its_reset,
	an_off_level_routine_is_scheduled_once, a_watchdog_counts_seconds_and_can_be_stopped,
	a_timer_is_entered_once_and_cleared_once,
	who_enters_a_level_that_another_leaves_is_interrupted)
