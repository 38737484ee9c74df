#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <kex.h>
#include <stdio.h>
#include <string.h>
#include <sys/device.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "wire/wire.h"

static char root[] = "/tmp/odmcfg-host-XXXXXX";

/* A root of its own with a running host: the first load starts it, even one that fails. */
static void start_host(void)
{
	struct cfg_load load = {.path = "/nonexistent.so"};

	ck_assert_ptr_nonnull(mkdtemp(root));
	setenv("ODMCFG_ROOT", root, 1);
	setenv("ODMCFG_KEXD", KEXD, 1);
	ck_assert_int_eq(sysconfig(SYS_SINGLELOAD, &load, sizeof(load)), -1);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_ptr_nonnull(strstr(kex_reason(), "/nonexistent.so"));
}

static void stop_host(void)
{
	char command[64];

	ck_assert_int_eq(kexd_stop(false), 0);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	ck_assert_int_eq(system(command), 0);
}

static void expect_running(void)
{
	struct kexd_status status;

	ck_assert_int_eq(kexd_query(&status), 0);
	ck_assert_int_eq(status.state, KEXD_RUNNING);
}

static int connect_to_host(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/run/kexd.sock", root);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

START_TEST(extensions_are_counted_and_unloaded_with_the_last)
{
	struct cfg_load load = {.path = EXTENSION}, query = {.path = EXTENSION};
	struct kex_extension *list;

	start_host();
	ck_assert_int_eq(sysconfig(SYS_SINGLELOAD, &load, sizeof(load)), 0);
	mid_t kmid = load.kmid;
	ck_assert_int_eq(sysconfig(SYS_SINGLELOAD, &load, sizeof(load)), 0);
	ck_assert_uint_eq(load.kmid, kmid);
	ck_assert_int_eq(kex_extensions(&list), 1);
	ck_assert_uint_eq(list->loads, 2);
	ck_assert_str_eq(list->name, "tmscsi");
	free(list);
	ck_assert_int_eq(sysconfig(SYS_KULOAD, &load, sizeof(load)), 0);
	ck_assert_int_eq(sysconfig(SYS_QUERYLOAD, &query, sizeof(query)), 0);
	ck_assert_uint_eq(query.kmid, kmid);
	ck_assert_int_eq(sysconfig(SYS_KULOAD, &load, sizeof(load)), 0);
	ck_assert_int_eq(sysconfig(SYS_QUERYLOAD, &query, sizeof(query)), 0);
	ck_assert_uint_eq(query.kmid, 0);
	ck_assert_int_eq(sysconfig(SYS_KULOAD, &load, sizeof(load)), -1);
	ck_assert_int_eq(errno, ENODEV);
	stop_host();
}
END_TEST

START_TEST(bad_calls_are_refused)
{
	struct cfg_load not_an_extension = {.path = KEXD}, loaded = {.path = EXTENSION};
	char rubbish[16] = "rubbish";
	struct cfg_dd dd = {.devno = 2561, .cmd = CFG_INIT, .ddsptr = rubbish, .ddslen = 16};

	start_host();
	ck_assert_int_eq(sysconfig(99, &dd, sizeof(dd)), -1);
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_int_eq(sysconfig(SYS_CFGDD, &dd, sizeof(dd) - 1), -1);
	ck_assert_int_eq(errno, EFAULT);
	ck_assert_int_eq(sysconfig(SYS_CFGDD, &dd, sizeof(dd)), -1);
	ck_assert_int_eq(errno, ENODEV);
	ck_assert_int_eq(
		sysconfig(SYS_SINGLELOAD, &not_an_extension, sizeof(not_an_extension)), -1);
	ck_assert_int_eq(errno, ENOEXEC);
	ck_assert_int_eq(sysconfig(SYS_SINGLELOAD, &loaded, sizeof(loaded)), 0);
	dd.kmid = loaded.kmid;
	dd.devno = 2560;
	ck_assert_int_eq(sysconfig(SYS_CFGDD, &dd, sizeof(dd)), -1);
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_str_eq(kex_reason(), "DDS length 16: not this driver's structure");
	ck_assert_int_eq(sysconfig(SYS_KULOAD, &loaded, sizeof(loaded)), 0);
	stop_host();
}
END_TEST

START_TEST(malformed_messages_end_only_their_connection)
{
	static struct wire_request request;
	char byte;

	start_host();
	for (unsigned kind = 0; kind < 6; kind++) {
		int fd = connect_to_host();
		size_t length = WIRE_REQUEST_HEAD;
		memset(&request, 0, sizeof(request));
		request.magic = kind == 1 ? 1 : WIRE_MAGIC;
		request.operation = kind == 2 ? WIRE_OPERATIONS : WIRE_STATUS;
		request.payload_length = kind == 3 ? 1000 : 0;
		if (kind == 0)
			length = 5;
		if (kind == 4)
			length = WIRE_REQUEST_HEAD + 7;
		if (kind == 5)
			request.operation = 0xffffffff;
		ck_assert_int_eq(send(fd, &request, length, 0), (ssize_t)length);
		ck_assert_int_eq(recv(fd, &byte, 1, 0), 0);
		close(fd);
		expect_running();
	}
	stop_host();
}
END_TEST

/* Well-formed requests that make no sense for the connection. */
START_TEST(device_calls_without_a_device_are_refused)
{
	static struct wire_request request;
	static struct wire_reply reply;
	static const unsigned operations[] = {WIRE_OPEN, WIRE_WINDOW_SIZE, WIRE_READ, WIRE_WRITE,
		WIRE_IOCTL, WIRE_POLL, WIRE_MAP};

	start_host();
	int fd = connect_to_host();
	for (size_t i = 0; i < sizeof(operations) / sizeof(*operations); i++) {
		request.magic = WIRE_MAGIC;
		request.operation = operations[i];
		request.value = UINT64_MAX;
		request.command = DREAD;
		ck_assert_int_eq(
			send(fd, &request, WIRE_REQUEST_HEAD, 0), (ssize_t)WIRE_REQUEST_HEAD);
		ck_assert_int_ge(recv(fd, &reply, sizeof(reply), 0), (ssize_t)WIRE_REPLY_HEAD);
		ck_assert_int_ne(reply.error, 0);
	}
	close(fd);
	expect_running();
	stop_host();
}
END_TEST

START_TEST(special_files_hold_numbers_and_nothing_else_is_one)
{
	dev_t devno;

	start_host();
	ck_assert_int_eq(special_file_make("toy", 2563, 0640), 0);
	ck_assert_int_eq(special_file_read("toy", O_RDONLY, &devno), 0);
	ck_assert_uint_eq(devno, 2563);
	ck_assert_ptr_null(kex_open("toy", O_RDONLY));
	ck_assert_int_eq(errno, ENODEV);
	ck_assert_int_eq(special_file_remove("toy"), 0);
	ck_assert_int_eq(special_file_remove("toy"), 0);
	ck_assert_int_eq(special_file_read("toy", O_RDONLY, &devno), -1);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_eq(special_file_make("../toy", 1, 0600), -1);
	ck_assert_int_eq(special_file_read("../run/kexd.pid", O_RDONLY, &devno), -1);
	ck_assert_int_eq(errno, EINVAL);
	stop_host();
}
END_TEST

SUITE_MAIN("host", extensions_are_counted_and_unloaded_with_the_last, bad_calls_are_refused,
	malformed_messages_end_only_their_connection, device_calls_without_a_device_are_refused,
	special_files_hold_numbers_and_nothing_else_is_one)
