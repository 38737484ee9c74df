/*
 * Interfaces' settings, read and written for true: veth and TAP interfaces in a network namespace
 * that each test makes, and this machine's own for reading. An exit status of 77 says that no
 * namespace can be made here.
 */
#include "suite.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "ethtool/ethtool.h"
#include "ethtool_by_ioctl.h"

/* The requests that were made; how many of the next ones get lost, and come twice. */
static int sent, to_lose, to_repeat;

int __real_nl_send_auto(struct nl_sock *socket, struct nl_msg *message);
int __wrap_nl_send_auto(struct nl_sock *socket, struct nl_msg *message);
int __wrap_nl_send_auto(struct nl_sock *socket, struct nl_msg *message)
{
	sent++;
	if (to_lose > 0)
		return to_lose--, 0;
	if (to_repeat > 0) {
		to_repeat--;
		ck_assert_int_ge(__real_nl_send_auto(socket, message), 0);
		/* Then as a new one, before the answers to the first were read. */
		nlmsg_hdr(message)->nlmsg_seq = NL_AUTO_SEQ;
	}
	return __real_nl_send_auto(socket, message);
}

static int write_file(const char *path, const char *text)
{
	AUTO_CLOSE int file = open(path, O_WRONLY | O_CLOEXEC);

	return file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : -1;
}

/* As root, or as who is root in a user namespace: 0, or -1. */
static int enter_namespace(void)
{
	char map[64];
	unsigned user = getuid(), group = getgid();

	if (unshare(CLONE_NEWNET) == 0)
		return 0;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return -1;
	snprintf(map, sizeof(map), "0 %u 1", user);
	if (write_file("/proc/self/uid_map", map) < 0 ||
		write_file("/proc/self/setgroups", "deny") < 0)
		return -1;
	snprintf(map, sizeof(map), "0 %u 1", group);
	return write_file("/proc/self/gid_map", map);
}

#define PAIR "ip link add left numrxqueues 4 numtxqueues 4 type veth peer name right"

/* A pair of veth interfaces, left and right, in a namespace of the test's own. */
static void make_pair(void)
{
	ck_assert_int_eq(enter_namespace(), 0);
	ck_assert_int_eq(system(PAIR), 0);
}

static const char *value_of(struct ethtool_interface *interface, const char *path)
{
	static char value[ETHTOOL_VALUE];

	ck_assert_msg(ethtool_read(interface, path, value) == 0, "%s %s: %s", interface->name, path,
		strerror(errno));
	return value;
}

static int error_of(struct ethtool_interface *interface, const char *path)
{
	char value[ETHTOOL_VALUE];

	return ethtool_read(interface, path, value) == 0 ? 0 : errno;
}

static const char *allowed_of(struct ethtool_interface *interface, const char *path)
{
	static char allowed[ETHTOOL_VALUE];
	AUTO(text_release) struct text text = {0};

	ck_assert_int_eq(ethtool_allowed(interface, path, &text), 0);
	snprintf(allowed, sizeof(allowed), "%s", text.data != NULL ? text.data : "");
	return allowed;
}

static void write_value(struct ethtool_interface *interface, const char *path, const char *value)
{
	char reason[ETHTOOL_REASON];

	ck_assert_msg(ethtool_write(interface, path, value, reason) == 0, "%s=%s: %s (%s)", path,
		value, strerror(errno), reason);
}

/* The errno of a refusal and "", or the reason. */
static int refusal_of(struct ethtool_interface *interface, const char *path, const char *value,
	char reason[ETHTOOL_REASON])
{
	return ethtool_write(interface, path, value, reason) == 0 ? 0 : errno;
}

START_TEST(channels_are_read_and_written)
{
	make_pair();
	AUTO(ethtool_close) struct ethtool *ethtool = ethtool_open();
	ck_assert_ptr_nonnull(ethtool);
	AUTO(ethtool_forget) struct ethtool_interface left = {.ethtool = ethtool, .name = "left"};

	ck_assert_str_eq(value_of(&left, "channels/rx"), "4");
	ck_assert_str_eq(value_of(&left, "channels/rx-max"), "4");
	ck_assert_str_eq(allowed_of(&left, "channels/rx"), "..4");
	ck_assert_str_eq(allowed_of(&left, "channels/rx-max"), "");
	write_value(&left, "channels/rx", "2");
	ck_assert_str_eq(value_of(&left, "channels/rx"), "2");
	ck_assert_str_eq(value_of(&left, "channels/tx"), "4");

	const struct ethtool_setting both[] = {{"channels/rx", "3"}, {"channels/tx", "1"}};
	char reason[ETHTOOL_REASON];
	sent = 0;
	ck_assert_int_eq(ethtool_write_several(&left, both, 2, reason), 0);
	ck_assert_int_eq(sent, 1);
	ck_assert_str_eq(value_of(&left, "channels/rx"), "3");
	ck_assert_str_eq(value_of(&left, "channels/tx"), "1");

	struct ethtool_channels old = {.cmd = ETHTOOL_GCHANNELS};
	ck_assert_int_eq(ethtool_ioctl("left", &old), 0);
	ck_assert_uint_eq(old.rx_count, 3);
	ck_assert_uint_eq(old.tx_count, 1);
}
END_TEST

START_TEST(the_kernel_gives_its_reason)
{
	make_pair();
	AUTO(ethtool_close) struct ethtool *ethtool = ethtool_open();
	AUTO(ethtool_forget) struct ethtool_interface left = {.ethtool = ethtool, .name = "left"};
	char reason[ETHTOOL_REASON];

	ck_assert_int_eq(refusal_of(&left, "channels/rx", "5", reason), EINVAL);
	ck_assert_str_eq(reason, "requested channel count exceeds maximum");
	ck_assert_int_eq(refusal_of(&left, "channels/rx", "4294967295", reason), EINVAL);
	ck_assert_str_eq(reason, "requested channel count exceeds maximum");
	ck_assert_str_eq(value_of(&left, "channels/rx"), "4");
	/* A reason is of its own request only. */
	ck_assert_int_eq(refusal_of(&left, "channels/rx", "4", reason), 0);
	ck_assert_str_eq(reason, "");

	/* All of a request, or none. */
	const struct ethtool_setting both[] = {{"channels/rx", "1"}, {"channels/tx", "9"}};
	ck_assert_int_lt(ethtool_write_several(&left, both, 2, reason), 0);
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_str_eq(value_of(&left, "channels/rx"), "4");
}
END_TEST

START_TEST(what_is_no_value_reaches_no_kernel)
{
	make_pair();
	AUTO(ethtool_close) struct ethtool *ethtool = ethtool_open();
	AUTO(ethtool_forget) struct ethtool_interface left = {.ethtool = ethtool, .name = "left"};
	static const char *const no_numbers[] = {"", "-1", "+1", " 1", "1 ", "1x", "0x1",
		"4294967296", "99999999999999999999999", "many"};
	char reason[ETHTOOL_REASON];

	ck_assert_str_eq(value_of(&left, "features/rx-gro"), "off");
	sent = 0;
	for (size_t i = 0; i < sizeof(no_numbers) / sizeof(no_numbers[0]); i++) {
		ck_assert_int_eq(refusal_of(&left, "channels/rx", no_numbers[i], reason), EINVAL);
		ck_assert_str_eq(reason, "it is no number from 0 to 4294967295");
	}
	ck_assert_int_eq(refusal_of(&left, "pause/rx", "yes", reason), EINVAL);
	ck_assert_str_eq(reason, "it is none of off, on");
	ck_assert_int_eq(refusal_of(&left, "features/rx-gro", "1", reason), EINVAL);
	ck_assert_str_eq(reason, "it is neither on nor off");
	ck_assert_int_eq(refusal_of(&left, "channels/rx-max", "4", reason), EACCES);
	ck_assert_int_eq(refusal_of(&left, "link/speed", "4", reason), EACCES);
	ck_assert_str_eq(reason, "it can only be read");
	const struct ethtool_setting mixed[] = {{"channels/rx", "1"}, {"rings/rx", "1"}};
	ck_assert_int_lt(ethtool_write_several(&left, mixed, 2, reason), 0);
	ck_assert_int_eq(errno, EINVAL);

	static const char *const no_paths[] = {"", "/", "rings", "rings/", "rings/rx-", "rings/r",
		"ring/rx", "rings/rx-max-max", "coalesce/rx-usecs-max", "/rx", "rings/rx/",
		"features/", "features/none-such", "features"};
	for (size_t i = 0; i < sizeof(no_paths) / sizeof(no_paths[0]); i++) {
		ck_assert_int_eq(error_of(&left, no_paths[i]), ENOENT);
		ck_assert_int_eq(refusal_of(&left, no_paths[i], "1", reason), ENOENT);
	}
	ck_assert_int_eq(sent, 0);
}
END_TEST

START_TEST(what_the_driver_has_not_got_is_said)
{
	make_pair();
	AUTO(ethtool_close) struct ethtool *ethtool = ethtool_open();
	AUTO(ethtool_forget) struct ethtool_interface left = {.ethtool = ethtool, .name = "left"};
	char reason[ETHTOOL_REASON];

	ck_assert_int_eq(error_of(&left, "rings/rx"), EOPNOTSUPP);
	ck_assert_int_eq(error_of(&left, "rings/rx-max"), EOPNOTSUPP);
	ck_assert_int_eq(refusal_of(&left, "rings/rx", "256", reason), EOPNOTSUPP);
	ck_assert_int_eq(error_of(&left, "coalesce/rx-usecs"), EOPNOTSUPP);
	ck_assert_int_eq(error_of(&left, "pause/rx"), EOPNOTSUPP);
	/* The group is there and one of its values is not. */
	ck_assert_int_eq(error_of(&left, "channels/combined"), EOPNOTSUPP);
	ck_assert_str_eq(value_of(&left, "link/speed"), "10000");
	ck_assert_str_eq(value_of(&left, "link/duplex"), "full");
	ck_assert_str_eq(value_of(&left, "link/autoneg"), "off");
	ck_assert_str_eq(value_of(&left, "driver/name"), "veth");
	/* Made up by the kernel: no hardware came with it. */
	ck_assert_int_eq(error_of(&left, "address/permanent"), EOPNOTSUPP);
}
END_TEST

START_TEST(features_have_two_states)
{
	make_pair();
	AUTO(ethtool_close) struct ethtool *ethtool = ethtool_open();
	AUTO(ethtool_forget) struct ethtool_interface left = {.ethtool = ethtool, .name = "left"};
	char reason[ETHTOOL_REASON];

	ck_assert_str_eq(value_of(&left, "features/tx-checksum-ip-generic"), "on");
	ck_assert_str_eq(value_of(&left, "features/tx-tcp-segmentation"), "on");
	ck_assert_str_eq(allowed_of(&left, "features/tx-tcp-segmentation"), "off on");
	/* Segmentation needs checksums. */
	write_value(&left, "features/tx-checksum-ip-generic", "off");
	ck_assert_str_eq(value_of(&left, "features/tx-checksum-ip-generic"), "off");
	ck_assert_str_eq(value_of(&left, "features/tx-tcp-segmentation"), "off [requested on]");
	/* What was read is put back. */
	write_value(&left, "features/tx-tcp-segmentation", "off");
	ck_assert_str_eq(value_of(&left, "features/tx-tcp-segmentation"), "off");
	write_value(&left, "features/tx-tcp-segmentation", "off [requested on]");
	write_value(&left, "features/tx-checksum-ip-generic", "on");
	ck_assert_str_eq(value_of(&left, "features/tx-tcp-segmentation"), "on");

	const struct ethtool_setting two[] = {
		{"features/rx-gro", "on"}, {"features/tx-checksum-ip-generic", "off"}};
	ck_assert_int_eq(ethtool_write_several(&left, two, 2, reason), 0);
	ck_assert_str_eq(value_of(&left, "features/rx-gro"), "on");
	ck_assert_int_eq(feature_by_ioctl("left", "rx-gro").active, 1);
	ck_assert_str_eq(value_of(&left, "features/tx-checksum-ip-generic"), "off");
}
END_TEST

START_TEST(a_fixed_feature_is_refused)
{
	make_pair();
	AUTO(ethtool_close) struct ethtool *ethtool = ethtool_open();
	AUTO(ethtool_forget) struct ethtool_interface left = {.ethtool = ethtool, .name = "left"};
	char reason[ETHTOOL_REASON];

	ck_assert_str_eq(value_of(&left, "features/rx-fcs"), "off");
	ck_assert_str_eq(allowed_of(&left, "features/rx-fcs"), "off");
	ck_assert_int_eq(refusal_of(&left, "features/rx-fcs", "on", reason), EOPNOTSUPP);
	ck_assert_str_eq(reason, "the driver has it fixed at off");
	write_value(&left, "features/rx-fcs", "off");
}
END_TEST

START_TEST(a_group_is_asked_for_once)
{
	make_pair();
	AUTO(ethtool_close) struct ethtool *ethtool = ethtool_open();
	AUTO(ethtool_forget)
	struct ethtool_interface left = {.ethtool = ethtool, .name = "left"},
				 right = {.ethtool = ethtool, .name = "right"};
	static const char *const paths[] = {"features/rx-gro", "features/tx-checksum-ip-generic",
		"features/tx-tcp-segmentation", "features/rx-fcs", "features/highdma",
		"channels/rx", "channels/rx-max", "channels/tx", "channels/tx-max", "rings/rx",
		"rings/tx"};

	sent = 0;
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
			int error = error_of(&left, paths[i]);
			ck_assert(error == (strncmp(paths[i], "rings", 5) == 0 ? EOPNOTSUPP : 0));
		}
	/* The names of features, and the three groups. */
	ck_assert_int_eq(sent, 4);
	value_of(&right, "features/rx-gro");
	ck_assert_int_eq(sent, 5);
	ethtool_forget(&left);
	value_of(&left, "channels/rx");
	ck_assert_int_eq(sent, 6);
}
END_TEST

START_TEST(an_interface_goes_away)
{
	make_pair();
	AUTO(ethtool_close) struct ethtool *ethtool = ethtool_open();
	AUTO(ethtool_forget) struct ethtool_interface left = {.ethtool = ethtool, .name = "left"};
	char longest[200] = "";
	const char *const names[] = {"left", "", "nowhere", "longer-than-any-interface", longest};
	static const char *const paths[] = {"channels/rx", "features/rx-gro", "rings/rx",
		"link/speed", "address/permanent", "driver/name"};
	char reason[ETHTOOL_REASON];

	memset(longest, 'x', sizeof(longest) - 1);
	value_of(&left, "channels/rx");
	ck_assert_int_eq(system("ip link del right"), 0);
	/* Known from before, until it is asked for again. */
	value_of(&left, "channels/rx");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		AUTO(ethtool_forget)
		struct ethtool_interface gone = {.ethtool = ethtool, .name = names[i]};
		for (size_t path = 0; path < sizeof(paths) / sizeof(paths[0]); path++)
			ck_assert_int_eq(error_of(&gone, paths[path]), ENODEV);
		ck_assert_int_eq(refusal_of(&gone, "channels/rx", "1", reason), ENODEV);
		ck_assert_int_eq(refusal_of(&gone, "features/rx-gro", "on", reason), ENODEV);
	}
}
END_TEST

START_TEST(a_silent_kernel_is_not_waited_for_for_ever)
{
	make_pair();
	AUTO(ethtool_close) struct ethtool *ethtool = ethtool_open();
	AUTO(ethtool_forget) struct ethtool_interface left = {.ethtool = ethtool, .name = "left"};

	to_lose = 1;
	ck_assert_int_eq(error_of(&left, "channels/rx"), ETIMEDOUT);
	ethtool_forget(&left);
	ck_assert_str_eq(value_of(&left, "channels/rx"), "4");
	/* Answers that come too late are not taken for those of the next request. */
	to_repeat = 1;
	ck_assert_int_eq(error_of(&left, "rings/rx"), EOPNOTSUPP);
	write_value(&left, "channels/rx", "2");
	ck_assert_str_eq(value_of(&left, "channels/rx"), "2");
	to_repeat = 1;
	ethtool_forget(&left);
	ck_assert_str_eq(value_of(&left, "channels/rx"), "2");
	ck_assert_str_eq(value_of(&left, "link/speed"), "10000");
}
END_TEST

START_TEST(coalescing_may_be_rounded)
{
	ck_assert_int_eq(enter_namespace(), 0);
	if (system("ip tuntap add tap0 mode tap 2>/dev/null") != 0)
		return; /* no TAP interfaces here */
	AUTO(ethtool_close) struct ethtool *ethtool = ethtool_open();
	AUTO(ethtool_forget) struct ethtool_interface tap = {.ethtool = ethtool, .name = "tap0"};
	char reason[ETHTOOL_REASON];

	ck_assert_str_eq(value_of(&tap, "coalesce/rx-frames"), "0");
	ck_assert_str_eq(allowed_of(&tap, "coalesce/rx-frames"), "");
	write_value(&tap, "coalesce/rx-frames", "16");
	ck_assert_str_eq(value_of(&tap, "coalesce/rx-frames"), "16");
	/* The driver takes less than it is asked for, and says nothing: hence the reading back. */
	write_value(&tap, "coalesce/rx-frames", "1000");
	ck_assert_str_eq(value_of(&tap, "coalesce/rx-frames"), "64");
	ck_assert_int_eq(error_of(&tap, "coalesce/tx-usecs"), EOPNOTSUPP);
	ck_assert_int_eq(refusal_of(&tap, "coalesce/tx-usecs", "8", reason), EINVAL);
	ck_assert_str_eq(reason, "cannot modify an unsupported parameter");
}
END_TEST

struct comparison {
	const char *interface;
	int count;
};

static int compare_feature(void *closure, const char *path, const char *value)
{
	struct comparison *comparison = closure;
	struct feature_by_ioctl old =
		feature_by_ioctl(comparison->interface, path + strlen("features/"));
	bool differs = old.changeable && old.wanted != (old.active == 1);
	char expected[ETHTOOL_VALUE];

	snprintf(expected, sizeof(expected), "%s%s", old.active == 1 ? "on" : "off",
		!differs     ? ""
		: old.wanted ? " [requested on]"
			     : " [requested off]");
	ck_assert_int_ge(old.active, 0);
	ck_assert_str_eq(value, expected);
	comparison->count++;
	return 0;
}

/* What is listed is what is read. */
static int read_again(void *closure, const char *path, const char *value)
{
	ck_assert_str_ne(value, "");
	ck_assert_str_eq(value_of(closure, path), value);
	return 0;
}

/* What was there by ioctl is there by netlink, the same numbers. */
static void compare_rings(struct ethtool_interface *interface)
{
	struct ethtool_ringparam rings = {.cmd = ETHTOOL_GRINGPARAM};
	char expected[ETHTOOL_VALUE];

	if (ethtool_ioctl(interface->name, &rings) < 0) {
		ck_assert_int_eq(error_of(interface, "rings/rx"), EOPNOTSUPP);
		return;
	}
	snprintf(expected, sizeof(expected), "%u", rings.rx_pending);
	ck_assert_str_eq(value_of(interface, "rings/rx"), expected);
	snprintf(expected, sizeof(expected), "%u", rings.tx_max_pending);
	ck_assert_str_eq(value_of(interface, "rings/tx-max"), expected);
}

static void look_at(struct ethtool *ethtool, const char *name)
{
	static const char *const groups[] = {
		"rings", "channels", "coalesce", "pause", "link", "address", "driver"};
	AUTO(ethtool_forget)
	struct ethtool_interface interface = {.ethtool = ethtool, .name = name};
	struct comparison comparison = {.interface = name};

	ck_assert_int_eq(ethtool_list(&interface, "features", compare_feature, &comparison), 0);
	ck_assert_int_gt(comparison.count, 30);
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		ck_assert(ethtool_list(&interface, groups[i], read_again, &interface) == 0 ||
			  errno == EOPNOTSUPP);
	compare_rings(&interface);
}

START_TEST(this_machines_interfaces_are_read)
{
	AUTO(ethtool_close) struct ethtool *ethtool = ethtool_open();
	DIR *directory = opendir("/sys/class/net");

	ck_assert_ptr_nonnull(ethtool);
	for (const struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;)
		if (entry->d_type == DT_LNK)
			look_at(ethtool, entry->d_name);
	if (directory != NULL)
		closedir(directory);
}
END_TEST

START_TEST(nobody_writes_without_the_right_to)
{
	AUTO(ethtool_close) struct ethtool *ethtool = ethtool_open();
	AUTO(ethtool_forget) struct ethtool_interface loopback = {.ethtool = ethtool, .name = "lo"};
	char reason[ETHTOOL_REASON];

	/* Root of a namespace of its own has no right over the network of this one. */
	if (getuid() == 0 && setresuid(65534, 65534, 65534) < 0)
		return;
	ck_assert_str_eq(value_of(&loopback, "features/loopback"), "on");
	ck_assert_int_eq(refusal_of(&loopback, "channels/rx", "1", reason), EPERM);
}
END_TEST

/* Whether a test can make what it needs. */
static bool has_namespaces(void)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0)
		_exit(enter_namespace() == 0 && system(PAIR) == 0 ? 0 : 1);
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

int main(void)
{
	if (!has_namespaces()) {
		fprintf(stderr, "No network namespace with interfaces can be made here\n");
		return 77;
	}
	return SUITE_RUN("ethtool", channels_are_read_and_written, the_kernel_gives_its_reason,
		what_is_no_value_reaches_no_kernel, what_the_driver_has_not_got_is_said,
		features_have_two_states, a_fixed_feature_is_refused, a_group_is_asked_for_once,
		an_interface_goes_away, a_silent_kernel_is_not_waited_for_for_ever,
		coalescing_may_be_rounded, this_machines_interfaces_are_read,
		nobody_writes_without_the_right_to);
}
