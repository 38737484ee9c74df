/* One tunable of a queue that refuses, rounds and vanishes by plan. */
#include "suite.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "fake_queue.h"

/* Writes a value and asserts what is there then and what is said. */
static void assert_write(struct fake *fake, const struct tunable *tunable, const char *value,
	enum tunable_outcome outcome, const char *now, const char *sentence)
{
	struct tunable_change change = {.tunable = tunable, .value = value};

	ck_assert_int_eq(tunable_write(&fake->tree, "block/sda", &change), outcome);
	ck_assert_int_eq(change.outcome, outcome);
	ck_assert_str_eq(change.now, now);
	assert_sentence(fake, &change, sentence);
}

START_TEST(equal_is_by_form)
{
	static const struct {
		enum tunable_form form;
		const char *one, *other;
		bool equal;
	} pairs[] = {
		{TUNABLE_NUMBER, "1500", "0x5dc", true},
		{TUNABLE_NUMBER, "1500", "1501", false},
		{TUNABLE_NUMBER, "-1", "4294967295", true},
		{TUNABLE_NUMBER, "-1", "18446744073709551615", true},
		{TUNABLE_NUMBER, "-2147483648", "2147483648", true},
		{TUNABLE_NUMBER, "-1", "1", false},
		{TUNABLE_NUMBER, "-1", "75000", false},
		{TUNABLE_NUMBER, "-1", "-1", true},
		{TUNABLE_NUMBER, "0", "-0", true},
		{TUNABLE_NUMBER, "010", "10", true},
		{TUNABLE_NUMBER, "010", "8", false},
		{TUNABLE_NUMBER, " 10 ", "+10", true},
		{TUNABLE_NUMBER, "10k", "10", false},
		{TUNABLE_NUMBER, "10k", "10k", true},
		{TUNABLE_NUMBER, "18446744073709551616", "0", false},
		{TUNABLE_NUMBER, "", "0", false},
		{TUNABLE_NUMBER, "0x", "0", false},
		{TUNABLE_CHOICE, "none", "none", true},
		{TUNABLE_CHOICE, "none", "mq-deadline", false},
		{TUNABLE_TEXT, "write back", "write back ", true},
		{TUNABLE_TEXT, "write back", "write through", false},
		{TUNABLE_TEXT, "1", "01", false},
		{TUNABLE_TEXT, "", "  ", true},
		{TUNABLE_LIST, "0-3,8", "8,3,2,1,0", true},
		{TUNABLE_LIST, "0-3,8", "0-3", false},
		{TUNABLE_LIST, "0-7:2/4", "0,1,4,5", true},
		{TUNABLE_LIST, "", " ", true},
		{TUNABLE_LIST, "", "0", false},
		{TUNABLE_LIST, "3-1", "3-1", true},
		{TUNABLE_LIST, "3-1", "1-3", false},
		{TUNABLE_LIST, "99999", "99999", true},
		{TUNABLE_LIST, "0,", "0", false},
		{TUNABLE_LIST, "0-1+2", "0,1+2", true},
		{TUNABLE_LIST, "0-1+2", "0-1+3", false},
		{TUNABLE_LIST, "0-1+2", "0-1", false},
		{TUNABLE_LIST, "0+1+2", "0+1", false},
		{TUNABLE_LIST, "0-7:2/4+1", "0,1,4,5+1", true},
		{TUNABLE_NUMBER, "16+0x20", "16+32", true},
		{TUNABLE_NUMBER, "16+off", "16+off", true},
		{TUNABLE_NUMBER, "16+off", "off+16", false},
		{TUNABLE_MASK, "f", "00000000,0000000f", true},
		{TUNABLE_MASK, "1,0", "100000000", true},
		{TUNABLE_MASK, "F", "f", true},
		{TUNABLE_MASK, "f", "e", false},
		{TUNABLE_MASK, "0", "00", true},
		{TUNABLE_MASK, "", "0", false},
		{TUNABLE_MASK, "g", "0", false},
		{TUNABLE_SWITCH, "Y", "1", true},
		{TUNABLE_SWITCH, "on", "y", true},
		{TUNABLE_SWITCH, "0", "N", true},
		{TUNABLE_SWITCH, "0", "Y", false},
		{TUNABLE_SWITCH, "2", "Y", false},
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct tunable tunable = {.form = pairs[i].form};
		ck_assert_msg(
			tunable_equal(&tunable, pairs[i].one, pairs[i].other) == pairs[i].equal,
			"%d: \"%s\" and \"%s\"", (int)pairs[i].form, pairs[i].one, pairs[i].other);
		ck_assert_msg(
			tunable_equal(&tunable, pairs[i].other, pairs[i].one) == pairs[i].equal,
			"%d: \"%s\" and \"%s\"", (int)pairs[i].form, pairs[i].other, pairs[i].one);
	}
}
END_TEST

START_TEST(what_holds_is_read_without_brackets)
{
	struct fake fake;
	char value[TUNABLE_VALUE], small[4], list[TUNABLE_VALUE + 1];
	static const struct tunable absent = {.attribute = "x", .path = "queue/x"},
				    governor = {.attribute = "governor",
					    .path = "queue/governor",
					    .form = TUNABLE_CHOICE};

	open_queue(&fake);
	fake_set(&fake, QUEUE "governor", "powersave");
	ck_assert_int_eq(
		tunable_read(&fake.tree, "block/sda", &scheduler, value, sizeof(value)), 0);
	ck_assert_str_eq(value, "none");
	ck_assert_int_eq(tunable_read(&fake.tree, "block/sda", &governor, value, sizeof(value)), 0);
	ck_assert_str_eq(value, "powersave");
	ck_assert_int_eq(
		tunable_read(&fake.tree, "block/sda", &scheduler, small, sizeof(small)), -1);
	ck_assert_int_eq(errno, EOVERFLOW);
	ck_assert_int_eq(tunable_read(&fake.tree, "block/sda", &absent, value, sizeof(value)), -1);
	ck_assert_int_eq(errno, ENOENT);

	memset(list, 'x', sizeof(list) - 1);
	list[sizeof(list) - 1] = '\0';
	fake_set(&fake, QUEUE "x", list);
	ck_assert_int_eq(tunable_read(&fake.tree, "block/sda", &absent, value, sizeof(value)), -1);
	ck_assert_int_eq(errno, EOVERFLOW);
	fake_close(&fake);
}
END_TEST

static void assert_allowed(struct fake *fake, const struct tunable *tunable, const char *expected)
{
	AUTO(text_release) struct text allowed = {0};

	ck_assert_int_eq(tunable_allowed(&fake->tree, "block/sda", tunable, &allowed), 0);
	ck_assert_str_eq(allowed.data != NULL ? allowed.data : "", expected);
}

START_TEST(what_is_allowed_is_the_kernel_s)
{
	struct fake fake;
	static const struct tunable governor = {.attribute = "governor",
		.path = "queue/governor",
		.form = TUNABLE_CHOICE,
		.choices = "queue/governors"};
	struct tunable plain = governor;

	open_queue(&fake);
	fake_set(&fake, QUEUE "governor", "powersave");
	fake_set(&fake, QUEUE "governors", "performance powersave ");
	plain.choices = NULL;
	assert_allowed(&fake, &scheduler, "none mq-deadline kyber");
	assert_allowed(&fake, &governor, "performance powersave");
	assert_allowed(&fake, &plain, "");
	assert_allowed(&fake, &max_sectors, "..1280");
	assert_allowed(&fake, &wbt, "");
	fake_set(&fake, QUEUE "max_hw_sectors_kb", NULL);
	assert_allowed(&fake, &max_sectors, "");
	fake_close(&fake);
}
END_TEST

START_TEST(an_equal_value_is_never_written)
{
	struct fake fake;

	open_queue(&fake);
	assert_write(&fake, &nr_requests, "128", TUNABLE_ALREADY, "128", "");
	assert_write(&fake, &nr_requests, "0x80", TUNABLE_ALREADY, "128", "");
	assert_write(&fake, &scheduler, "none", TUNABLE_ALREADY, "none", "");
	ck_assert_uint_eq(fake.writes, 0);
	ck_assert_uint_eq(fake.reads, 3);
	fake_close(&fake);
}
END_TEST

START_TEST(a_value_is_set_once)
{
	struct fake fake;

	open_queue(&fake);
	assert_write(&fake, &nr_requests, "64", TUNABLE_SET, "64", "");
	assert_write(&fake, &scheduler, "mq-deadline", TUNABLE_SET, "mq-deadline", "");
	ck_assert_uint_eq(fake.writes, 2);
	ck_assert_uint_eq(fake.reads, 4);
	fake_close(&fake);
}
END_TEST

START_TEST(a_rounded_value_is_taken_and_said)
{
	struct fake fake;

	open_queue(&fake);
	assert_write(&fake, &max_sectors, "99999999", TUNABLE_ROUNDED, "1280",
		"max_sectors_kb=99999999: the kernel makes 1280 of it");
	assert_write(&fake, &read_ahead, "99999999", TUNABLE_ROUNDED, "99999996",
		"read_ahead_kb=99999999: the kernel makes 99999996 of it");
	ck_assert_uint_eq(fake.writes, 2);
	fake_close(&fake);
}
END_TEST

START_TEST(another_value_gives_way_to_the_old_one)
{
	struct fake fake;

	open_queue(&fake);
	assert_write(&fake, &nr_requests, "1", TUNABLE_CHANGED, "128",
		"nr_requests=1: the kernel makes 4 of it; at most 128 is allowed; it stays 128");
	ck_assert_uint_eq(fake.writes, 2);
	assert_write(&fake, &wbt, "-1", TUNABLE_CHANGED, "2000",
		"wbt_lat_usec=-1: the kernel makes 75000 of it; it stays 2000");
	fake_close(&fake);
}
END_TEST

/* rq_affinity's way: success, and nothing happens. */
static int ignore(struct fake *fake, const char *path, char *value)
{
	strcpy(value, fake_get(fake, path));
	return 0;
}

START_TEST(an_ignored_value_needs_no_way_back)
{
	struct fake fake;

	open_queue(&fake);
	fake.on_write = ignore;
	assert_write(&fake, &wbt, "64", TUNABLE_CHANGED, "2000",
		"wbt_lat_usec=64: the kernel makes 2000 of it; it stays 2000");
	ck_assert_uint_eq(fake.writes, 1);
	fake_close(&fake);
}
END_TEST

static int refuse(struct fake *fake, const char *path, char *value)
{
	(void)path;
	(void)value;
	return *(int *)fake->closure;
}

START_TEST(a_refusal_keeps_its_errno_and_has_words)
{
	static const struct {
		int error;
		const char *sentence;
	} refusals[] = {
		{EINVAL, "max_sectors_kb=1: the kernel refuses it: the value is not valid; at most "
			 "1280 is allowed"},
		{ERANGE, "max_sectors_kb=1: the kernel refuses it: the number is out of range; at "
			 "most 1280 is allowed"},
		{EOPNOTSUPP, "max_sectors_kb=1: the kernel refuses it: the device or its driver "
			     "does not support it"},
		{EBUSY, "max_sectors_kb=1: the kernel refuses it: the device is in use"},
		{ENODEV, "max_sectors_kb=1: the kernel refuses it: there is no such device"},
		{EIO, "max_sectors_kb=1: the kernel refuses it: the device failed"},
		{EMFILE, "max_sectors_kb=1: the kernel refuses it: Too many open files"},
	};
	struct fake fake;

	open_queue(&fake);
	fake.on_write = refuse;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		struct tunable_change change = {.tunable = &max_sectors, .value = "1"};
		int error = refusals[i].error;
		fake.closure = &error;
		fake.writes = 0;
		ck_assert_int_eq(tunable_write(&fake.tree, "block/sda", &change), TUNABLE_REFUSED);
		ck_assert_int_eq(change.error, error);
		ck_assert_str_eq(change.now, "1024");
		ck_assert_uint_eq(fake.writes, 1);
		assert_sentence(&fake, &change, refusals[i].sentence);
	}
	fake_close(&fake);
}
END_TEST

START_TEST(a_refused_choice_says_which_there_are)
{
	struct fake fake;

	open_queue(&fake);
	assert_write(&fake, &scheduler, "noop", TUNABLE_REFUSED, "none",
		"scheduler=noop: the kernel refuses it: the value is not valid; allowed: none "
		"mq-deadline kyber");
	fake_close(&fake);
}
END_TEST

START_TEST(control_characters_do_not_get_to_the_kernel)
{
	struct fake fake;
	char longest[TUNABLE_VALUE + 1];

	open_queue(&fake);
	assert_write(&fake, &scheduler, "mq-deadline\nnone", TUNABLE_REFUSED, "none",
		"scheduler=mq-deadline\\012none: a value has no control characters");
	assert_write(&fake, &nr_requests, "128\n", TUNABLE_REFUSED, "128",
		"nr_requests=128\\012: a value has no control characters");
	assert_write(&fake, &nr_requests, "\0337", TUNABLE_REFUSED, "128",
		"nr_requests=\\0337: a value has no control characters");
	memset(longest, '1', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	struct tunable_change change = {.tunable = &nr_requests, .value = longest};
	ck_assert_int_eq(tunable_write(&fake.tree, "block/sda", &change), TUNABLE_REFUSED);
	ck_assert_int_eq(change.error, E2BIG);
	ck_assert_uint_eq(fake.writes, 0);
	fake_close(&fake);
}
END_TEST

/* discard_max_bytes' way: its own old value is refused. */
static int refuse_old(struct fake *fake, const char *path, char *value)
{
	(void)fake;
	(void)path;
	if (strcmp(value, "2000") == 0)
		return EINVAL;
	strcpy(value, "4096");
	return 0;
}

START_TEST(a_refused_way_back_names_both_values)
{
	struct fake fake;

	open_queue(&fake);
	fake.on_write = refuse_old;
	assert_write(&fake, &wbt, "1", TUNABLE_STUCK, "4096",
		"wbt_lat_usec=1: the kernel makes 4096 of it; its old value 2000 can't be put "
		"back: 4096 holds");
	ck_assert_str_eq(fake_get(&fake, QUEUE "wbt_lat_usec"), "4096");
	fake_close(&fake);
}
END_TEST

static int double_it(struct fake *fake, const char *path, char *value)
{
	(void)fake;
	(void)path;
	sprintf(value, "%ld", 2 * strtol(value, NULL, 10));
	return 0;
}

START_TEST(a_rounded_way_back_is_none)
{
	struct fake fake;

	open_queue(&fake);
	fake.on_write = double_it;
	assert_write(&fake, &wbt, "1", TUNABLE_STUCK, "4000",
		"wbt_lat_usec=1: the kernel makes 2 of it; its old value 2000 can't be put back: "
		"4000 holds");
	fake_close(&fake);
}
END_TEST

/* tx_queue_len's way. */
static int show_as_signed(struct fake *fake, const char *path, char *value)
{
	(void)fake;
	(void)path;
	if (value[0] == '-')
		return EINVAL;
	unsigned number = (unsigned)strtoul(value, NULL, 0);
	sprintf(value, "%d", number == 7 ? 8 : (int)number);
	return 0;
}

START_TEST(an_unsigned_number_may_read_as_minus_one)
{
	struct fake fake;

	open_queue(&fake);
	fake.on_write = show_as_signed;
	assert_write(&fake, &wbt, "4294967295", TUNABLE_SET, "-1", "");
	assert_write(&fake, &wbt, "-1", TUNABLE_ALREADY, "-1", "");
	ck_assert_uint_eq(fake.writes, 1);
	assert_write(&fake, &wbt, "7", TUNABLE_CHANGED, "-1",
		"wbt_lat_usec=7: the kernel makes 8 of it; it stays -1");
	assert_write(&fake, &wbt, "0x5dc", TUNABLE_SET, "1500", "");
	fake_close(&fake);
}
END_TEST

static int refuse_and_do_it(struct fake *fake, const char *path, char *value)
{
	if (strcmp(value, "5") != 0)
		return 0;
	fake_set(fake, path, value);
	return EIO;
}

START_TEST(a_refusal_that_did_something_is_put_back)
{
	struct fake fake;

	open_queue(&fake);
	fake.on_write = refuse_and_do_it;
	assert_write(&fake, &wbt, "5", TUNABLE_REFUSED, "2000",
		"wbt_lat_usec=5: the kernel refuses it: the device failed");
	fake_close(&fake);
}
END_TEST

static int interrupt(struct fake *fake)
{
	unsigned *left = fake->closure;

	return *left > 0 ? --*left, EINTR : 0;
}

static int interrupt_write(struct fake *fake, const char *path, char *value)
{
	(void)path;
	(void)value;
	return interrupt(fake);
}

static int interrupt_read(struct fake *fake, const char *path)
{
	(void)path;
	return interrupt(fake);
}

START_TEST(an_interrupted_call_is_made_again)
{
	struct fake fake;
	unsigned left = 3;

	open_queue(&fake);
	fake.closure = &left;
	fake.on_write = interrupt_write;
	assert_write(&fake, &wbt, "5", TUNABLE_SET, "5", "");
	ck_assert_uint_eq(fake.writes, 4);
	left = 3;
	fake.on_read = interrupt_read;
	assert_write(&fake, &wbt, "6", TUNABLE_SET, "6", "");

	left = UINT32_MAX;
	fake.on_read = NULL;
	assert_write(&fake, &wbt, "7", TUNABLE_REFUSED, "6",
		"wbt_lat_usec=7: the kernel refuses it: signals interrupted it again and again");
	fake_close(&fake);
}
END_TEST

static int fail_read(struct fake *fake, const char *path)
{
	(void)path;
	return fake->writes > 0 ? EIO : *(int *)fake->closure;
}

START_TEST(what_can_t_be_read_is_not_written)
{
	struct fake fake;
	int error = EACCES;

	open_queue(&fake);
	fake.closure = &error;
	fake.on_read = fail_read;
	assert_write(&fake, &wbt, "5", TUNABLE_UNREADABLE, "",
		"wbt_lat_usec=5: what holds can't be read: it is not readable");
	ck_assert_uint_eq(fake.writes, 0);

	error = 0;
	assert_write(&fake, &wbt, "5", TUNABLE_STUCK, "",
		"wbt_lat_usec=5: the kernel refuses it: the device failed; its old value 2000 "
		"can't be put back: what holds is not known");
	ck_assert_str_eq(fake_get(&fake, QUEUE "wbt_lat_usec"), "2000");
	fake_close(&fake);
}
END_TEST

static int vanish_at_write(struct fake *fake, const char *path, char *value)
{
	(void)value;
	fake_set(fake, path, NULL);
	return *(int *)fake->closure;
}

START_TEST(what_vanishes_is_gone)
{
	static const char sentence[] =
		"wbt_lat_usec=5: the device or this attribute of it is not there";
	struct fake fake;
	int error = ENODEV;

	open_queue(&fake);
	fake.closure = &error;
	fake.on_write = vanish_at_write;
	assert_write(&fake, &wbt, "5", TUNABLE_GONE, "", sentence);
	assert_write(&fake, &wbt, "5", TUNABLE_GONE, "", sentence);
	ck_assert_uint_eq(fake.writes, 1);
	fake_set(&fake, QUEUE "wbt_lat_usec", "2000");
	error = ENOENT;
	assert_write(&fake, &wbt, "5", TUNABLE_GONE, "", sentence);
	fake_close(&fake);
}
END_TEST

/* The device goes away when its value is put back. */
static int vanish_at_return(struct fake *fake, const char *path, char *value)
{
	if (strcmp(value, "2000") == 0) {
		fake_set(fake, path, NULL);
		return ENODEV;
	}
	strcpy(value, "4096");
	return 0;
}

START_TEST(what_vanishes_on_the_way_back_is_gone)
{
	struct fake fake;

	open_queue(&fake);
	fake.on_write = vanish_at_return;
	ck_assert_int_eq(write_one(&fake, &wbt, "5"), TUNABLE_GONE);
	fake_close(&fake);
}
END_TEST

SUITE_MAIN("tunable", equal_is_by_form, what_holds_is_read_without_brackets,
	what_is_allowed_is_the_kernel_s, an_equal_value_is_never_written, a_value_is_set_once,
	a_rounded_value_is_taken_and_said, another_value_gives_way_to_the_old_one,
	an_ignored_value_needs_no_way_back, a_refusal_keeps_its_errno_and_has_words,
	a_refused_choice_says_which_there_are, control_characters_do_not_get_to_the_kernel,
	a_refused_way_back_names_both_values, a_rounded_way_back_is_none,
	an_unsigned_number_may_read_as_minus_one, a_refusal_that_did_something_is_put_back,
	an_interrupted_call_is_made_again, what_can_t_be_read_is_not_written, what_vanishes_is_gone,
	what_vanishes_on_the_way_back_is_gone)
