/* Tunables of the kernel that runs, of devices that real_tunable.sh made for it. */
#include "suite.h"

#include <errno.h>
#include <string.h>

#include "sysfs/tunable.h"

#define VETH "class/net/left"

static const struct tunable scheduler = {.attribute = "scheduler",
				    .path = "queue/scheduler",
				    .form = TUNABLE_CHOICE},
			    nr_requests = {.attribute = "nr_requests",
				    .path = "queue/nr_requests",
				    .form = TUNABLE_NUMBER,
				    .order = 1},
			    max_sectors = {.attribute = "max_sectors_kb",
				    .path = "queue/max_sectors_kb",
				    .form = TUNABLE_NUMBER,
				    .maximum = "queue/max_hw_sectors_kb",
				    .rounds = true},
			    read_ahead = {.attribute = "read_ahead_kb",
				    .path = "queue/read_ahead_kb",
				    .form = TUNABLE_NUMBER,
				    .rounds = true},
			    rq_affinity = {.attribute = "rq_affinity",
				    .path = "queue/rq_affinity",
				    .form = TUNABLE_NUMBER},
			    mtu = {.attribute = "mtu", .path = "mtu", .form = TUNABLE_NUMBER},
			    queue_length = {.attribute = "tx_queue_len",
				    .path = "tx_queue_len",
				    .form = TUNABLE_NUMBER},
			    alias = {.attribute = "alias", .path = "ifalias"},
			    index_number = {.attribute = "ifindex",
				    .path = "ifindex",
				    .form = TUNABLE_NUMBER};

static struct sysfs_tree open_tree(void)
{
	struct sysfs_tree tree;

	ck_assert_ptr_nonnull(getenv("TREE"));
	ck_assert_int_eq(sysfs_open(&tree, getenv("TREE")), 0);
	return tree;
}

static void assert_holds(const struct sysfs_tree *tree, const char *device,
	const struct tunable *tunable, const char *expected)
{
	char value[TUNABLE_VALUE];

	ck_assert_int_eq(tunable_read(tree, device, tunable, value, sizeof(value)), 0);
	ck_assert_msg(tunable_equal(tunable, value, expected), "%s is %s, not %s",
		tunable->attribute, value, expected);
}

/* Writes one and asserts that the change says what is there then. */
static struct tunable_change write_one(const struct sysfs_tree *tree, const char *device,
	const struct tunable *tunable, const char *value)
{
	struct tunable_change change = {.tunable = tunable, .value = value};

	tunable_write(tree, device, &change);
	assert_holds(tree, device, tunable, change.now);
	return change;
}

static void assert_sentence(const struct sysfs_tree *tree, const char *device,
	const struct tunable_change *change, const char *sentence)
{
	AUTO(text_release) struct text text = {0};

	tunable_explain(tree, device, change, &text);
	ck_assert_str_eq(text.data != NULL ? text.data : "", sentence);
}

START_TEST(too_few_requests_are_not_taken)
{
	struct sysfs_tree tree = open_tree();
	const char *loop = getenv("LOOP");
	char sentence[256];
	struct tunable_change change = write_one(&tree, loop, &nr_requests, "1");

	ck_assert_int_eq(change.outcome, TUNABLE_CHANGED);
	ck_assert_str_eq(change.made, "4");
	ck_assert_str_eq(change.now, change.before);
	snprintf(sentence, sizeof(sentence),
		"nr_requests=1: the kernel makes 4 of it; it stays %.20s", change.before);
	assert_sentence(&tree, loop, &change, sentence);

	change = write_one(&tree, loop, &nr_requests, "many");
	ck_assert_int_eq(change.outcome, TUNABLE_REFUSED);
	ck_assert_int_eq(change.error, EINVAL);
	change = write_one(&tree, loop, &nr_requests, change.before);
	ck_assert_int_eq(change.outcome, TUNABLE_ALREADY);
	sysfs_close(&tree);
}
END_TEST

START_TEST(what_the_kernel_rounds_is_taken)
{
	struct sysfs_tree tree = open_tree();
	const char *loop = getenv("LOOP");
	struct tunable_change change = write_one(&tree, loop, &read_ahead, "99999999");

	ck_assert_int_eq(change.outcome, TUNABLE_ROUNDED);
	ck_assert_str_eq(change.now, "99999996");

	/* Older kernels refuse it. */
	change = write_one(&tree, loop, &max_sectors, "99999999");
	ck_assert(change.outcome == TUNABLE_ROUNDED || change.outcome == TUNABLE_REFUSED);
	change = write_one(&tree, loop, &max_sectors, "1");
	ck_assert_int_eq(change.outcome, TUNABLE_REFUSED);
	sysfs_close(&tree);
}
END_TEST

START_TEST(an_ignored_value_is_not_taken)
{
	struct sysfs_tree tree = open_tree();
	struct tunable_change change = write_one(&tree, getenv("LOOP"), &rq_affinity, "64");

	/* The kernel says nothing against it. */
	ck_assert_int_eq(change.outcome, TUNABLE_CHANGED);
	assert_holds(&tree, getenv("LOOP"), &rq_affinity, change.before);
	sysfs_close(&tree);
}
END_TEST

START_TEST(read_ahead_survives_a_change_of_the_limits)
{
	/* The kernel computes it again with every change of the queue's limits. */
	for (int i = 0; i < 2; i++) {
		struct sysfs_tree tree = open_tree();
		const char *loop = getenv("LOOP"), *sectors = i == 0 ? "640" : "512";
		struct tunable_change changes[2];
		ck_assert(tunable_succeeded(write_one(&tree, loop, &read_ahead, "256").outcome));
		changes[i] = (struct tunable_change){.tunable = &max_sectors, .value = sectors};
		changes[1 - i] = (struct tunable_change){.tunable = &read_ahead};
		ck_assert(tunables_write(&tree, loop, changes, 2));
		assert_holds(&tree, loop, &read_ahead, "256");
		assert_holds(&tree, loop, &max_sectors, sectors);
		sysfs_close(&tree);
	}
}
END_TEST

START_TEST(a_scheduler_and_its_requests_come_in_any_order)
{
	struct sysfs_tree tree = open_tree();
	const char *loop = getenv("LOOP");

	/* Not every kernel has it. */
	if (!tunable_succeeded(write_one(&tree, loop, &scheduler, "mq-deadline").outcome)) {
		sysfs_close(&tree);
		return;
	}
	for (int i = 0; i < 2; i++) {
		struct tunable_change changes[2];
		ck_assert(tunable_succeeded(write_one(&tree, loop, &scheduler, "none").outcome));
		changes[i] = (struct tunable_change){.tunable = &scheduler, .value = "mq-deadline"};
		changes[1 - i] = (struct tunable_change){.tunable = &nr_requests, .value = "512"};
		ck_assert(tunables_write(&tree, loop, changes, 2));
		assert_holds(&tree, loop, &scheduler, "mq-deadline");
		assert_holds(&tree, loop, &nr_requests, "512");

		/* Refused without a scheduler, which the number then needs to be put back. */
		changes[i].value = "none";
		changes[1 - i].value = "4096";
		ck_assert(!tunables_write(&tree, loop, changes, 2));
		ck_assert_int_eq(changes[i].outcome, TUNABLE_WITHDRAWN);
		ck_assert_int_eq(changes[1 - i].outcome, TUNABLE_REFUSED);
		assert_holds(&tree, loop, &scheduler, "mq-deadline");
		assert_holds(&tree, loop, &nr_requests, "512");
	}
	ck_assert(tunable_succeeded(write_one(&tree, loop, &scheduler, "none").outcome));
	sysfs_close(&tree);
}
END_TEST

START_TEST(a_scheduler_that_is_none_is_refused)
{
	struct sysfs_tree tree = open_tree();
	AUTO(text_release) struct text text = {0};
	struct tunable_change change = write_one(&tree, getenv("LOOP"), &scheduler, "noop");

	ck_assert_int_eq(change.outcome, TUNABLE_REFUSED);
	tunable_explain(&tree, getenv("LOOP"), &change, &text);
	ck_assert_ptr_nonnull(strstr(text.data,
		"scheduler=noop: the kernel refuses it: the value is not valid; allowed: none"));
	sysfs_close(&tree);
}
END_TEST

START_TEST(an_interface_s_numbers_are_compared_as_such)
{
	struct sysfs_tree tree = open_tree();
	struct tunable_change change = write_one(&tree, VETH, &mtu, "0x5dc");

	ck_assert_int_eq(change.outcome, TUNABLE_ALREADY);
	ck_assert_int_eq(write_one(&tree, VETH, &mtu, "0x2328").outcome, TUNABLE_SET);
	assert_holds(&tree, VETH, &mtu, "9000");
	change = write_one(&tree, VETH, &mtu, "99999999");
	ck_assert_int_eq(change.outcome, TUNABLE_REFUSED);
	assert_sentence(&tree, VETH, &change,
		"mtu=99999999: the kernel refuses it: the value is not valid");

	change = write_one(&tree, VETH, &queue_length, "4294967295");
	ck_assert_int_eq(change.outcome, TUNABLE_SET);
	ck_assert_str_eq(change.now, "-1");
	ck_assert_int_eq(write_one(&tree, VETH, &queue_length, "-1").outcome, TUNABLE_ALREADY);
	change = write_one(&tree, VETH, &queue_length, "4294967296");
	ck_assert_int_eq(change.outcome, TUNABLE_REFUSED);
	ck_assert_int_eq(change.error, ERANGE);
	sysfs_close(&tree);
}
END_TEST

START_TEST(an_old_value_below_zero_is_put_back)
{
	struct sysfs_tree tree = open_tree();
	struct tunable_change changes[] = {
		{.tunable = &queue_length, .value = "500"}, {.tunable = &mtu, .value = "99999999"}};

	ck_assert(tunable_succeeded(write_one(&tree, VETH, &queue_length, "4294967295").outcome));
	ck_assert(!tunables_write(&tree, VETH, changes, 2));
	ck_assert_int_eq(changes[0].outcome, TUNABLE_WITHDRAWN);
	assert_holds(&tree, VETH, &queue_length, "4294967295");
	sysfs_close(&tree);
}
END_TEST

START_TEST(text_is_set_and_what_can_only_be_read_is_not)
{
	struct sysfs_tree tree = open_tree();

	ck_assert_int_eq(write_one(&tree, VETH, &alias, "to the left").outcome, TUNABLE_SET);
	struct tunable_change change = write_one(&tree, VETH, &index_number, "4711");
	ck_assert_int_eq(change.outcome, TUNABLE_REFUSED);
	ck_assert_int_eq(change.error, EACCES);
	assert_sentence(
		&tree, VETH, &change, "ifindex=4711: the kernel refuses it: it can't be changed");
	sysfs_close(&tree);
}
END_TEST

START_TEST(an_interface_that_is_deleted_is_gone)
{
	struct sysfs_tree tree = open_tree();
	struct tunable_change changes[] = {
		{.tunable = &mtu, .value = "1400"}, {.tunable = &queue_length, .value = "100"}};

	ck_assert_int_eq(system("ip link add short type veth peer name lived"), 0);
	ck_assert_int_eq(write_one(&tree, "class/net/short", &mtu, "1300").outcome, TUNABLE_SET);
	ck_assert_int_eq(system("ip link delete short"), 0);
	ck_assert(!tunables_write(&tree, "class/net/short", changes, 2));
	ck_assert_int_eq(changes[0].outcome, TUNABLE_GONE);
	sysfs_close(&tree);
}
END_TEST

SUITE_MAIN("real tunable", too_few_requests_are_not_taken, what_the_kernel_rounds_is_taken,
	an_ignored_value_is_not_taken, read_ahead_survives_a_change_of_the_limits,
	a_scheduler_and_its_requests_come_in_any_order, a_scheduler_that_is_none_is_refused,
	an_interface_s_numbers_are_compared_as_such, an_old_value_below_zero_is_put_back,
	text_is_set_and_what_can_only_be_read_is_not, an_interface_that_is_deleted_is_gone)
