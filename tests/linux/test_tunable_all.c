/* Tunables of many devices at once, whose reads and writes block by plan. */
#include "suite.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "fake_tree.h"
#include "sysfs/tunable.h"

#define DEVICES 40

/* Devices whose writes, or reads, wait until they are let go. */
struct gate {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	unsigned inside, most, written;
	bool open;
};

struct many {
	struct fake fake;
	struct gate gate;
	char names[DEVICES][16];
	struct tunable_change changes[DEVICES];
	struct tunable_device devices[DEVICES];
	pthread_t thread;
};

static const struct tunable depth = {
	.attribute = "queue_depth", .path = "depth", .form = TUNABLE_NUMBER};

static void open_many(struct many *many)
{
	*many = (struct many){
		.gate = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER}};
	fake_open(&many->fake);
	many->fake.closure = &many->gate;
	for (size_t i = 0; i < DEVICES; i++) {
		char path[32];
		sprintf(many->names[i], "d%zu", i);
		sprintf(path, "d%zu/depth", i);
		fake_set(&many->fake, path, "32");
		many->changes[i] = (struct tunable_change){.tunable = &depth, .value = "64"};
		many->devices[i] = (struct tunable_device){
			.device = many->names[i], .changes = &many->changes[i], .count = 1};
	}
}

static void *write_all(void *argument)
{
	struct many *many = argument;

	tunables_write_all(&many->fake.tree, many->devices, DEVICES);
	return NULL;
}

static void start_all(struct many *many)
{
	ck_assert_int_eq(pthread_create(&many->thread, NULL, write_all, many), 0);
}

static void let_go_and_wait(struct many *many)
{
	pthread_mutex_lock(&many->gate.mutex);
	many->gate.open = true;
	pthread_cond_broadcast(&many->gate.changed);
	pthread_mutex_unlock(&many->gate.mutex);
	ck_assert_int_eq(pthread_join(many->thread, NULL), 0);
}

static void wait_at(struct gate *gate)
{
	pthread_mutex_lock(&gate->mutex);
	gate->inside++;
	if (gate->inside > gate->most)
		gate->most = gate->inside;
	pthread_cond_broadcast(&gate->changed);
	while (!gate->open)
		pthread_cond_wait(&gate->changed, &gate->mutex);
	gate->inside--;
	pthread_mutex_unlock(&gate->mutex);
}

static void wait_until(struct gate *gate, const unsigned *counter, unsigned least)
{
	pthread_mutex_lock(&gate->mutex);
	while (*counter < least)
		pthread_cond_wait(&gate->changed, &gate->mutex);
	pthread_mutex_unlock(&gate->mutex);
}

static int count_written(struct gate *gate)
{
	pthread_mutex_lock(&gate->mutex);
	gate->written++;
	pthread_cond_broadcast(&gate->changed);
	pthread_mutex_unlock(&gate->mutex);
	return 0;
}

static int write_and_wait(struct fake *fake, const char *path, char *value)
{
	(void)path;
	(void)value;
	wait_at(fake->closure);
	return 0;
}

START_TEST(devices_are_written_at_once_and_not_too_many)
{
	struct many many;

	open_many(&many);
	many.fake.on_write = write_and_wait;
	start_all(&many);
	wait_until(&many.gate, &many.gate.most, 32);
	nanosleep(&(struct timespec){.tv_nsec = 150000000}, NULL);
	ck_assert_uint_eq(many.fake.writes, 32);
	let_go_and_wait(&many);
	ck_assert_uint_eq(many.fake.writes, DEVICES);
	for (size_t i = 0; i < DEVICES; i++) {
		ck_assert(many.devices[i].succeeded);
		ck_assert_int_eq(many.changes[i].outcome, TUNABLE_SET);
	}
	fake_close(&many.fake);
}
END_TEST

/* The first devices' writes block. */
static int block_first_writes(struct fake *fake, const char *path, char *value)
{
	(void)value;
	if (strcmp(path, "d0/depth") == 0 || strcmp(path, "d1/depth") == 0) {
		wait_at(fake->closure);
		return EIO;
	}
	return count_written(fake->closure);
}

START_TEST(a_write_that_blocks_holds_no_other)
{
	struct many many;

	open_many(&many);
	many.fake.on_write = block_first_writes;
	start_all(&many);
	wait_until(&many.gate, &many.gate.written, DEVICES - 2);
	let_go_and_wait(&many);
	ck_assert(!many.devices[0].succeeded);
	ck_assert_int_eq(many.changes[1].outcome, TUNABLE_REFUSED);
	ck_assert(many.devices[DEVICES - 1].succeeded);
	fake_close(&many.fake);
}
END_TEST

static int block_first_reads(struct fake *fake, const char *path)
{
	if (strcmp(path, "d0/depth") == 0 || strcmp(path, "d1/depth") == 0)
		wait_at(fake->closure);
	return 0;
}

START_TEST(a_read_that_blocks_holds_no_other)
{
	struct many many;

	open_many(&many);
	many.fake.on_read = block_first_reads;
	many.fake.on_write = block_first_writes;
	start_all(&many);
	wait_until(&many.gate, &many.gate.written, DEVICES - 2);
	let_go_and_wait(&many);
	ck_assert(!many.devices[0].succeeded);
	ck_assert(many.devices[DEVICES - 1].succeeded);
	fake_close(&many.fake);
}
END_TEST

START_TEST(devices_that_lack_nothing_are_read_only)
{
	struct many many;

	open_many(&many);
	for (size_t i = 0; i < DEVICES; i++)
		many.changes[i].value = i == 7 ? "64" : "32";
	tunables_write_all(&many.fake.tree, many.devices, DEVICES);
	ck_assert_uint_eq(many.fake.writes, 1);
	for (size_t i = 0; i < DEVICES; i++)
		ck_assert_int_eq(many.changes[i].outcome, i == 7 ? TUNABLE_SET : TUNABLE_ALREADY);
	tunables_write_all(&many.fake.tree, many.devices, 0);
	fake_close(&many.fake);
}
END_TEST

SUITE_MAIN("tunable all", devices_are_written_at_once_and_not_too_many,
	a_write_that_blocks_holds_no_other, a_read_that_blocks_holds_no_other,
	devices_that_lack_nothing_are_read_only)
