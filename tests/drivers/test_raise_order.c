#include "suite.h"

#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/intr.h>
#include <sys/intr_source.h>
#include <unistd.h>

#include "error_log_capture.h"

/*
 * What a thread stored before it raised an interrupt is there for the handler that runs afterwards,
 * also when the flag was pending already. One thread stores the round's number and raises; another
 * makes the flag pending and lets the handler run at that same moment. When both are done the
 * handler must have seen the number: nobody else would run it again.
 */
#define ROUNDS 1000000

/* Where a processor's stores pass its own loads, this loses a few in a million rounds. */
#define CONTROL_ROUNDS 100000000

typedef uint32_t raise_function(struct intr_source *source, uint32_t flags);

static struct scene {
	struct intr_source source;
	raise_function *raise;
	_Alignas(64) atomic_uint data; /* the number, stored like a plain variable */
	_Alignas(64) atomic_uint seen; /* by the handler */
	_Alignas(64) atomic_uint begun, done; /* rounds; done counts both threads */
	unsigned lost;
} scene;

static void look_at_data(struct intr_source *source, uint32_t flags)
{
	(void)source;
	(void)flags;
	atomic_store_explicit(&scene.seen, atomic_load_explicit(&scene.data, memory_order_relaxed),
		memory_order_relaxed);
}

/* How it must not be done: a look at the word orders nothing that was stored before it. */
static uint32_t raise_after_a_look(struct intr_source *source, uint32_t flags)
{
	if (((uint32_t)atomic_load(&source->pending) & flags) == flags)
		return flags;
	return source_raise(source, flags);
}

/* Without a call of the system, as long as the other thread has a processor of its own. */
static void await(const atomic_uint *counter, unsigned round)
{
	for (unsigned looks = 0; atomic_load(counter) < round; looks++)
		if (looks > 2000)
			sched_yield();
}

static void *raise_each_round(void *argument)
{
	(void)argument;
	for (unsigned round = 1;; round++) {
		await(&scene.begun, round);
		if (atomic_load(&scene.begun) == UINT_MAX)
			return NULL;
		atomic_store_explicit(&scene.data, round, memory_order_relaxed);
		scene.raise(&scene.source, 1);
		atomic_store(&scene.done, round);
	}
}

/* The pause moves from round to round, to meet the other thread's few instructions. */
static void let_it_run(unsigned round)
{
	int old = i_disable(INTCLASS3);

	scene.raise(&scene.source, 1);
	atomic_store(&scene.begun, round);
	for (volatile unsigned pause = round % 200; pause > 0; pause--)
		continue;
	i_enable(old);
	await(&scene.done, round);
}

static void play(raise_function *raise, unsigned rounds, bool until_lost)
{
	pthread_t thread;

	scene = (struct scene){
		.source = {.handler = look_at_data, .priority = INTCLASS3}, .raise = raise};
	ck_assert_int_eq(source_init(&scene.source), INTR_SUCC);
	ck_assert_int_eq(pthread_create(&thread, NULL, raise_each_round, NULL), 0);
	for (unsigned round = 1; round <= rounds && !(until_lost && scene.lost > 0); round++) {
		let_it_run(round);
		scene.lost += atomic_load(&scene.seen) != round;
	}
	atomic_store(&scene.begun, UINT_MAX);
	pthread_join(thread, NULL);
	source_clear(&scene.source);
}

START_TEST(the_handler_sees_what_was_stored_before_the_raise)
{
	play(source_raise, ROUNDS, false);
	ck_assert_uint_eq(scene.lost, 0);
}
END_TEST

/* The test is worth something: it finds the mistake. */
START_TEST(a_mere_look_before_the_raise_loses_some)
{
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		return;
	play(raise_after_a_look, CONTROL_ROUNDS, true);
	ck_assert_uint_gt(scene.lost, 0);
}
END_TEST

SUITE_MAIN("raise order", the_handler_sees_what_was_stored_before_the_raise,
	a_mere_look_before_the_raise_loses_some)
