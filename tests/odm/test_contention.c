/*
 * Eight processes that read and four that write one class, for a minute (or
 * ODM_CONTENTION_SECONDS): nobody meets an error, and under odm_lock no update is lost.
 */
#include "suite.h"

#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "repository_fixture.h"

#define READERS 8
#define WRITERS 4
#define DEVICES 40

static time_t end;
static char lock_path[64];

/* In a child: names the failure and ends. */
static _Noreturn void child_fails(const char *what)
{
	fprintf(stderr, "process %d: %s: %s\n", (int)getpid(), what, odm_error_text(odmerrno));
	_exit(2);
}

/* In a transaction every pair of devices has one status: a reader sees both or neither change. */
static void check_pairs(void)
{
	struct listinfo info;
	struct CuDv *list = get_CuDv_list(CuDv_CLASS, "name LIKE pair*", &info, 2 * WRITERS, 1);

	if (list == FAILED || info.num != 2 * WRITERS)
		child_fails("the pairs");
	for (int i = 0; i < info.num; i += 2)
		if (list[i].status != list[i + 1].status)
			child_fails("half a transaction was seen");
	odm_free_list(list, &info);
}

static void read_all(void)
{
	struct CuDv device;
	unsigned rounds = 0;

	for (; time(NULL) < end; rounds++) {
		int found = 0;
		void *next = odm_get_first(CuDv_CLASS, "name LIKE d*", &device);
		for (; next == &device; next = odm_get_next(CuDv_CLASS, &device))
			found++;
		if (next == FAILED || found != DEVICES)
			child_fails("the devices");
		check_pairs();
	}
	_exit(rounds > 0 ? 0 : 2);
}

static void change(const char *name, short status)
{
	struct CuDv device;
	char crit[32];

	snprintf(crit, sizeof(crit), "name = %s", name);
	if (odm_get_first(CuDv_CLASS, crit, &device) != &device)
		child_fails("odm_get_first");
	device.status = status < 0 ? (short)(device.status + 1) : status;
	if (odm_change_obj(CuDv_CLASS, &device) < 0)
		child_fails("odm_change_obj");
}

static void take_lock(int *lock)
{
	*lock = odm_lock(lock_path, ODM_NOWAIT);
	if (*lock < 0 && odmerrno != ODMI_LOCK_BLOCKED)
		child_fails("odm_lock");
	if (*lock < 0 && (*lock = odm_lock(lock_path, ODM_WAIT)) < 0)
		child_fails("odm_lock");
}

static void write_all(int number, int report)
{
	char first[16], second[16];
	int rounds = 0, lock;

	snprintf(first, sizeof(first), "pair%da", number);
	snprintf(second, sizeof(second), "pair%db", number);
	for (; time(NULL) < end; rounds++) {
		take_lock(&lock);
		change("counter", -1);
		if (odm_unlock(lock) < 0)
			child_fails("odm_unlock");
		if (odm_begin() < 0)
			child_fails("odm_begin");
		change(first, (short)(rounds % 1000));
		change(second, (short)(rounds % 1000));
		if (odm_commit() < 0)
			child_fails("odm_commit");
		if (rounds % 16 == 0 && (add_device("extra", "", 0) < 0 ||
						odm_rm_obj(CuDv_CLASS, "name = extra") < 0))
			child_fails("extra");
	}
	if (write(report, &rounds, sizeof(rounds)) != sizeof(rounds))
		_exit(2);
	_exit(0);
}

static void fill(void)
{
	char name[16];

	ck_assert_int_eq(odm_begin(), 0);
	for (int i = 0; i < DEVICES; i++) {
		snprintf(name, sizeof(name), "d%d", i);
		add_device(name, "", 0);
	}
	for (int i = 0; i < WRITERS; i++) {
		snprintf(name, sizeof(name), "pair%da", i);
		add_device(name, "", 0);
		snprintf(name, sizeof(name), "pair%db", i);
		add_device(name, "", 0);
	}
	add_device("counter", "", 0);
	ck_assert_int_eq(odm_commit(), 0);
}

START_TEST(readers_and_writers_do_not_disturb_each_other)
{
	const char *seconds = getenv("ODM_CONTENTION_SECONDS");
	int pipe_fds[2], status, rounds, total = 0;
	struct CuDv device;

	make_repository();
	fill();
	snprintf(lock_path, sizeof(lock_path), "%s/counter_lock", repository);
	odm_terminate();
	ck_assert_int_eq(pipe(pipe_fds), 0);
	end = time(NULL) + (seconds != NULL ? atoi(seconds) : 60);
	for (int i = 0; i < READERS + WRITERS; i++) {
		if (fork() != 0)
			continue;
		if (i < READERS)
			read_all();
		write_all(i - READERS, pipe_fds[1]);
	}
	for (int i = 0; i < READERS + WRITERS; i++) {
		ck_assert_int_gt(wait(&status), 0);
		ck_assert_int_eq(status, 0);
	}
	for (int i = 0; i < WRITERS; i++) {
		ck_assert_int_eq(read(pipe_fds[0], &rounds, sizeof(rounds)), sizeof(rounds));
		total += rounds;
	}
	ck_assert_ptr_eq(odm_get_first(CuDv_CLASS, "name = counter", &device), &device);
	ck_assert_int_eq(device.status, (short)total);
	ck_assert_int_eq(odm_check_integrity(0, stderr), 0);
	printf("%d updates under the lock, none lost\n", total);
	remove_repository();
}
END_TEST

SUITE_MAIN("contention", readers_and_writers_do_not_disturb_each_other)
