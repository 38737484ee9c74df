/* Several tunables of a queue that refuses, resets others and vanishes by plan. */
#include "suite.h"

#include <errno.h>
#include <string.h>

#include "fake_queue.h"

static void assert_outcomes(
	const struct tunable_change *changes, const enum tunable_outcome *outcomes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(changes[i].outcome == outcomes[i], "%s=%s: %d, not %d",
			changes[i].tunable->attribute, changes[i].value, (int)changes[i].outcome,
			(int)outcomes[i]);
}

static bool write_two(struct fake *fake, struct tunable_change changes[2])
{
	return tunables_write(&fake->tree, "block/sda", changes, 2);
}

START_TEST(a_scheduler_comes_before_what_depends_on_it)
{
	for (int i = 0; i < 2; i++) {
		struct fake fake;
		struct tunable_change changes[2];
		changes[i] = (struct tunable_change){.tunable = &scheduler, .value = "mq-deadline"};
		changes[1 - i] = (struct tunable_change){.tunable = &nr_requests, .value = "512"};
		open_queue(&fake);
		ck_assert(write_two(&fake, changes));
		ck_assert_int_eq(changes[0].outcome, TUNABLE_SET);
		ck_assert_int_eq(changes[1].outcome, TUNABLE_SET);
		ck_assert_str_eq(changes[1 - i].before, "128");
		ck_assert_str_eq(fake_get(&fake, QUEUE "nr_requests"), "512");
		ck_assert_uint_eq(fake.writes, 2);
		fake_close(&fake);
	}
}
END_TEST

START_TEST(an_equal_batch_is_read_once)
{
	struct fake fake;
	struct tunable_change changes[] = {{.tunable = &scheduler, .value = "none"},
		{.tunable = &nr_requests, .value = "128"}};

	open_queue(&fake);
	ck_assert(write_two(&fake, changes));
	assert_outcomes(changes, (enum tunable_outcome[]){TUNABLE_ALREADY, TUNABLE_ALREADY}, 2);
	ck_assert_uint_eq(fake.writes, 0);
	ck_assert_uint_eq(fake.reads, 2);
	fake_close(&fake);
}
END_TEST

START_TEST(a_value_that_a_new_scheduler_resets_is_written)
{
	struct fake fake;
	/* It is there, until the scheduler takes it away. */
	struct tunable_change changes[] = {{.tunable = &nr_requests, .value = "128"},
		{.tunable = &scheduler, .value = "mq-deadline"}};

	open_queue(&fake);
	ck_assert(write_two(&fake, changes));
	ck_assert_str_eq(fake_get(&fake, QUEUE "nr_requests"), "128");
	ck_assert_uint_eq(fake.writes, 2);
	fake_close(&fake);
}
END_TEST

START_TEST(a_value_that_a_later_one_takes_away_is_written_again)
{
	struct fake fake;
	/* The schema did not say that one depends on the other. */
	struct tunable_change changes[] = {{.tunable = &read_ahead, .value = "514"},
		{.tunable = &max_sectors, .value = "640"}};

	open_queue(&fake);
	ck_assert(write_two(&fake, changes));
	assert_outcomes(changes, (enum tunable_outcome[]){TUNABLE_ROUNDED, TUNABLE_SET}, 2);
	ck_assert_str_eq(fake_get(&fake, QUEUE "read_ahead_kb"), "512");
	ck_assert_uint_eq(fake.writes, 3);
	fake_close(&fake);
}
END_TEST

START_TEST(a_value_is_kept_over_a_change_of_another)
{
	struct fake fake;
	struct tunable_change changes[] = {{.tunable = &max_sectors, .value = "640"},
		{.tunable = &read_ahead}, {.tunable = &read_expire}};

	open_queue(&fake);
	ck_assert(tunables_write(&fake.tree, "block/sda", changes, 3));
	ck_assert_str_eq(fake_get(&fake, QUEUE "read_ahead_kb"), "128");
	ck_assert_uint_eq(fake.writes, 2);
	assert_outcomes(
		changes, (enum tunable_outcome[]){TUNABLE_SET, TUNABLE_SET, TUNABLE_ALREADY}, 3);
	fake_close(&fake);
}
END_TEST

START_TEST(a_failed_batch_is_put_back)
{
	struct fake fake;
	/* With the scheduler comes read_expire, and goes with it. */
	struct tunable_change changes[] = {{.tunable = &read_expire, .value = "100"},
		{.tunable = &wbt, .value = "3000"}, {.tunable = &nr_requests, .value = "4096"},
		{.tunable = &scheduler, .value = "mq-deadline"},
		{.tunable = &max_sectors, .value = "1024"}};

	open_queue(&fake);
	ck_assert(!tunables_write(&fake.tree, "block/sda", changes, 5));
	assert_outcomes(changes,
		(enum tunable_outcome[]){TUNABLE_WITHDRAWN, TUNABLE_WITHDRAWN, TUNABLE_REFUSED,
			TUNABLE_WITHDRAWN, TUNABLE_ALREADY},
		5);
	ck_assert_int_eq(changes[2].error, EINVAL);
	ck_assert_str_eq(changes[0].before, "500");
	ck_assert_str_eq(fake_get(&fake, QUEUE "wbt_lat_usec"), "2000");
	ck_assert_str_eq(fake_get(&fake, QUEUE "scheduler"), "[none] mq-deadline kyber ");
	ck_assert_str_eq(fake_get(&fake, QUEUE "nr_requests"), "128");
	ck_assert_str_eq(fake_get(&fake, QUEUE "max_sectors_kb"), "1024");
	ck_assert_ptr_null(fake_get(&fake, QUEUE "iosched/read_expire"));
	assert_sentence(&fake, &changes[1], "wbt_lat_usec=3000: another change failed");
	fake_close(&fake);
}
END_TEST

/* A queue whose writes are written down. */
static int note_order(struct fake *fake, const char *path, char *value)
{
	struct text *order = fake->closure;

	text_printf(order, "%s=%s ", path + strlen(QUEUE), value);
	return work_as_queue(fake, path, value);
}

START_TEST(old_values_come_back_in_reverse_order)
{
	struct fake fake;
	AUTO(text_release) struct text order = {0};
	struct tunable_change changes[] = {{.tunable = &nr_requests, .value = "4096"},
		{.tunable = &wbt, .value = "3000"}, {.tunable = &read_ahead, .value = "64"}};

	open_queue(&fake);
	fake.closure = &order;
	fake.on_write = note_order;
	ck_assert(!tunables_write(&fake.tree, "block/sda", changes, 3));
	ck_assert_str_eq(order.data, "wbt_lat_usec=3000 read_ahead_kb=64 nr_requests=4096 "
				     "read_ahead_kb=128 wbt_lat_usec=2000 ");
	fake_close(&fake);
}
END_TEST

START_TEST(what_came_with_another_value_is_not_written)
{
	struct fake fake;
	struct tunable_change changes[] = {{.tunable = &nr_requests, .value = "256"},
		{.tunable = &scheduler, .value = "mq-deadline"}};

	open_queue(&fake);
	ck_assert(write_two(&fake, changes));
	assert_outcomes(changes, (enum tunable_outcome[]){TUNABLE_ALREADY, TUNABLE_SET}, 2);
	ck_assert_uint_eq(fake.writes, 1);
	fake_close(&fake);
}
END_TEST

/* One limit that changes another one, and with that the read-ahead. */
static int reset_limits(struct fake *fake, const char *path, char *value)
{
	if (strcmp(path, QUEUE "wbt_lat_usec") == 0) {
		fake_set(fake, QUEUE "max_sectors_kb", "640");
		fake_set(fake, QUEUE "read_ahead_kb", "1280");
	}
	return work_as_queue(fake, path, value);
}

START_TEST(what_a_reset_value_resets_is_put_back)
{
	struct fake fake;
	struct tunable_change changes[] = {{.tunable = &read_ahead}, {.tunable = &max_sectors},
		{.tunable = &wbt, .value = "3000"}, {.tunable = &nr_requests, .value = "4096"}};

	open_queue(&fake);
	fake.on_write = reset_limits;
	ck_assert(!tunables_write(&fake.tree, "block/sda", changes, 4));
	ck_assert_str_eq(fake_get(&fake, QUEUE "wbt_lat_usec"), "2000");
	ck_assert_str_eq(fake_get(&fake, QUEUE "max_sectors_kb"), "1024");
	ck_assert_str_eq(fake_get(&fake, QUEUE "read_ahead_kb"), "128");
	assert_outcomes(changes,
		(enum tunable_outcome[]){
			TUNABLE_ALREADY, TUNABLE_ALREADY, TUNABLE_WITHDRAWN, TUNABLE_REFUSED},
		4);
	fake_close(&fake);
}
END_TEST

START_TEST(what_a_scheduler_reset_is_put_back_with_it)
{
	struct fake fake;
	/* 512 needs mq-deadline; without it 4096 is refused, and 512 can't be put back at once. */
	struct tunable_change changes[] = {{.tunable = &scheduler, .value = "none"},
		{.tunable = &nr_requests, .value = "4096"}, {.tunable = &read_ahead}};

	open_queue(&fake);
	ck_assert_int_eq(write_one(&fake, &scheduler, "mq-deadline"), TUNABLE_SET);
	ck_assert_int_eq(write_one(&fake, &nr_requests, "512"), TUNABLE_SET);
	ck_assert(!tunables_write(&fake.tree, "block/sda", changes, 3));
	assert_outcomes(changes,
		(enum tunable_outcome[]){TUNABLE_WITHDRAWN, TUNABLE_REFUSED, TUNABLE_ALREADY}, 3);
	ck_assert_str_eq(changes[1].now, "512");
	ck_assert_str_eq(fake_get(&fake, QUEUE "scheduler"), "none [mq-deadline] kyber ");
	ck_assert_str_eq(fake_get(&fake, QUEUE "nr_requests"), "512");
	fake_close(&fake);
}
END_TEST

/* A queue that does not take this old value back. */
static int refuse_2000(struct fake *fake, const char *path, char *value)
{
	return strcmp(value, "2000") == 0 ? EBUSY : work_as_queue(fake, path, value);
}

START_TEST(what_can_t_be_put_back_of_a_batch_is_said)
{
	struct fake fake;
	struct tunable_change changes[] = {
		{.tunable = &wbt, .value = "3000"}, {.tunable = &nr_requests, .value = "1"}};

	open_queue(&fake);
	fake.on_write = refuse_2000;
	ck_assert(!write_two(&fake, changes));
	assert_outcomes(changes, (enum tunable_outcome[]){TUNABLE_STUCK, TUNABLE_CHANGED}, 2);
	ck_assert_str_eq(changes[0].now, "3000");
	assert_sentence(&fake, &changes[0],
		"wbt_lat_usec=3000: another change failed; its old value 2000 can't be put back: "
		"3000 holds");
	fake_close(&fake);
}
END_TEST

START_TEST(a_wrong_value_begins_nothing)
{
	struct fake fake;
	struct tunable_change changes[] = {
		{.tunable = &wbt, .value = "3000"}, {.tunable = &nr_requests, .value = "1\n"}};

	open_queue(&fake);
	ck_assert(!write_two(&fake, changes));
	assert_outcomes(changes, (enum tunable_outcome[]){TUNABLE_WITHDRAWN, TUNABLE_REFUSED}, 2);
	ck_assert_uint_eq(fake.writes, 0);
	fake_close(&fake);
}
END_TEST

/* Each takes the other's value away. */
static int fight(struct fake *fake, const char *path, char *value)
{
	bool is_wbt = strcmp(path, QUEUE "wbt_lat_usec") == 0;

	(void)value;
	fake_set(fake, is_wbt ? QUEUE "nr_requests" : QUEUE "wbt_lat_usec", "9");
	return 0;
}

START_TEST(two_that_fight_end)
{
	struct fake fake;
	struct tunable_change changes[] = {
		{.tunable = &wbt, .value = "3000"}, {.tunable = &nr_requests, .value = "64"}};

	open_queue(&fake);
	fake.on_write = fight;
	ck_assert(!write_two(&fake, changes));
	ck_assert_uint_lt(fake.writes, 12);
	ck_assert_int_eq(changes[0].outcome, TUNABLE_STUCK);
	fake_close(&fake);
}
END_TEST

/* The whole device is gone at the second write. */
static int vanish_at_second(struct fake *fake, const char *path)
{
	(void)path;
	return fake->writes > 1 ? ENODEV : 0;
}

static int refuse_second(struct fake *fake, const char *path, char *value)
{
	(void)path;
	(void)value;
	return fake->writes > 1 ? ENODEV : 0;
}

START_TEST(a_device_that_vanishes_ends_its_batch)
{
	struct fake fake;
	struct tunable_change changes[] = {{.tunable = &wbt, .value = "3000"},
		{.tunable = &read_ahead, .value = "64"}, {.tunable = &max_sectors, .value = "640"}};

	open_queue(&fake);
	fake.on_write = refuse_second;
	fake.on_read = vanish_at_second;
	ck_assert(!tunables_write(&fake.tree, "block/sda", changes, 3));
	assert_outcomes(
		changes, (enum tunable_outcome[]){TUNABLE_GONE, TUNABLE_GONE, TUNABLE_GONE}, 3);
	ck_assert_uint_eq(fake.writes, 2);
	fake_close(&fake);
}
END_TEST

/* For each number of calls until it vanishes: it ends, and nothing crashes. */
static int vanish_after(struct fake *fake, const char *path)
{
	(void)path;
	return fake->writes + fake->reads > *(unsigned *)fake->closure ? ENODEV : 0;
}

static int vanish_after_write(struct fake *fake, const char *path, char *value)
{
	int error = vanish_after(fake, path);

	return error != 0 ? error : work_as_queue(fake, path, value);
}

START_TEST(a_device_may_vanish_at_any_call)
{
	for (unsigned calls = 0; calls < 40; calls++) {
		struct fake fake;
		struct tunable_change changes[] = {{.tunable = &nr_requests, .value = "4096"},
			{.tunable = &read_expire, .value = "100"},
			{.tunable = &scheduler, .value = "mq-deadline"}, {.tunable = &read_ahead},
			{.tunable = &max_sectors, .value = "640"}};
		open_queue(&fake);
		fake.closure = &calls;
		fake.on_write = vanish_after_write;
		fake.on_read = vanish_after;
		ck_assert(!tunables_write(&fake.tree, "block/sda", changes, 5));
		for (size_t i = 0; i < 5; i++) {
			AUTO(text_release) struct text text = {0};
			tunable_explain(&fake.tree, "block/sda", &changes[i], &text);
			ck_assert(!text.failed);
		}
		fake_close(&fake);
	}
}
END_TEST

SUITE_MAIN("tunable batch", old_values_come_back_in_reverse_order,
	what_came_with_another_value_is_not_written, what_a_reset_value_resets_is_put_back,
	a_scheduler_comes_before_what_depends_on_it, an_equal_batch_is_read_once,
	a_value_that_a_new_scheduler_resets_is_written,
	a_value_that_a_later_one_takes_away_is_written_again,
	a_value_is_kept_over_a_change_of_another, a_failed_batch_is_put_back,
	what_a_scheduler_reset_is_put_back_with_it, what_can_t_be_put_back_of_a_batch_is_said,
	a_wrong_value_begins_nothing, two_that_fight_end, a_device_that_vanishes_ends_its_batch,
	a_device_may_vanish_at_any_call)
