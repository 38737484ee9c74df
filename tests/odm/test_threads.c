/* Several threads in the library at once, each with its own cursor, locks and transactions. */
#include "suite.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "repository_fixture.h"

#define THREADS 8
#define DEVICES 50

static atomic_int failures;

/* ck_assert is not for threads. */
#define EXPECT(condition)                                                                          \
	do                                                                                         \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);            \
			atomic_fetch_add(&failures, 1);                                            \
		}                                                                                  \
	while (0)

static void run_threads(void *(*function)(void *))
{
	pthread_t threads[THREADS];

	atomic_store(&failures, 0);
	for (long i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, function, (void *)i), 0);
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	ck_assert_int_eq(atomic_load(&failures), 0);
}

static void *iterate(void *argument)
{
	struct CuDv device;
	char crit[32];
	int found = 0;

	snprintf(crit, sizeof(crit), "parent = p%ld", (long)argument % 4);
	for (int round = 0; round < 5; round++) {
		found = 0;
		void *next = odm_get_first(CuDv_CLASS, crit, &device);
		for (; next == &device; next = odm_get_next(CuDv_CLASS, &device)) {
			EXPECT(device.parent[1] == crit[10]);
			found++;
		}
		EXPECT(next == NULL);
		EXPECT(found == DEVICES);
	}
	/* A mistake of one thread is not another's. */
	EXPECT(odm_get_first(CuDv_CLASS, "nosuch = 1", &device) == FAILED);
	EXPECT(odmerrno == ODMI_BAD_CRIT);
	EXPECT(odm_get_next(CuDv_CLASS, &device) == NULL);
	return NULL;
}

START_TEST(every_thread_has_its_own_cursor)
{
	char name[16], parent[16];

	make_repository();
	ck_assert_int_eq(odm_begin(), 0);
	for (int i = 0; i < 4 * DEVICES; i++) {
		snprintf(name, sizeof(name), "d%d", i);
		snprintf(parent, sizeof(parent), "p%d", i % 4);
		add_device(name, parent, 0);
	}
	ck_assert_int_eq(odm_commit(), 0);
	run_threads(iterate);
	run_threads(iterate);
	remove_repository();
}
END_TEST

/* Adds one to a device's status, in a transaction or under a lock. */
static void count_up(void)
{
	struct CuDv device;

	EXPECT(odm_get_first(CuDv_CLASS, "name = counter", &device) == &device);
	device.status++;
	EXPECT(odm_change_obj(CuDv_CLASS, &device) == 0);
}

static void *count_in_transactions(void *argument)
{
	for (int i = 0; i < 20; i++) {
		EXPECT(odm_begin() == 0);
		count_up();
		if (((long)argument + i) % 4 == 0)
			EXPECT(odm_rollback() == 0);
		else
			EXPECT(odm_commit() == 0);
	}
	EXPECT(odm_commit() == -1);
	EXPECT(odmerrno == ODMI_PARAMS);
	return NULL;
}

static char lock_path[64];

static void *count_under_lock(void *unused)
{
	(void)unused;
	for (int i = 0; i < 20; i++) {
		int lock = odm_lock(lock_path, ODM_WAIT);
		EXPECT(lock > 0);
		EXPECT(odm_lock(lock_path, ODM_NOWAIT) == lock);
		EXPECT(odm_unlock(lock) == 0);
		count_up();
		EXPECT(odm_unlock(lock) == 0);
	}
	return NULL;
}

static int counter(void)
{
	struct CuDv device;

	ck_assert_ptr_eq(odm_get_first(CuDv_CLASS, "name = counter", &device), &device);
	return device.status;
}

START_TEST(no_update_is_lost)
{
	make_repository();
	add_device("counter", "", 0);
	snprintf(lock_path, sizeof(lock_path), "%s/counter_lock", repository);
	run_threads(count_in_transactions);
	ck_assert_int_eq(counter(), THREADS * 15);
	run_threads(count_under_lock);
	ck_assert_int_eq(counter(), THREADS * 35);
	ck_assert_ptr_null(getenv("ODMLOCKS"));
	remove_repository();
}
END_TEST

static void *leave_open(void *unused)
{
	(void)unused;
	EXPECT(odm_lock(lock_path, ODM_WAIT) > 0);
	EXPECT(odm_begin() == 0);
	count_up();
	return NULL;
}

START_TEST(what_a_thread_leaves_open_ends_with_it)
{
	make_repository();
	add_device("counter", "", 0);
	snprintf(lock_path, sizeof(lock_path), "%s/counter_lock", repository);
	run_threads(leave_open);
	ck_assert_int_eq(counter(), 0);
	ck_assert_int_gt(odm_lock(lock_path, ODM_NOWAIT), 0);
	remove_repository();
}
END_TEST

SUITE_MAIN("threads", every_thread_has_its_own_cursor, no_update_is_lost,
	what_a_thread_leaves_open_ends_with_it)
