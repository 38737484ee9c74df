/*
 * Operations whose n-th write or sync fails, for every n: each succeeds or leaves the repository as
 * it was, and the next one works.
 */
#include "suite.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

#include "failing_vfs.h"
#include "repository_fixture.h"

static char file_name[80];

static int add_three(void)
{
	if (odm_begin() < 0)
		return -1;
	if (add_device("x", "", 0) < 0 || add_device("y", "x", 0) < 0 ||
		add_device("z", "x", 0) < 0) {
		odm_rollback();
		return -1;
	}
	return odm_commit();
}

/* A caller that does not look: what fails may not be followed by what succeeds. */
static int add_three_blindly(void)
{
	int begun = odm_begin();

	add_device("x", "", 0);
	add_device("y", "x", 0);
	add_device("z", "x", 0);
	return odm_commit() == 0 ? begun : -1;
}

static int change_one(void)
{
	struct CuDv device;

	if (odm_get_first(CuDv_CLASS, "name = d7", &device) != &device)
		return -1;
	device.status = 1;
	return odm_change_obj(CuDv_CLASS, &device);
}

static int remove_many(void)
{
	return odm_rm_obj(CuDv_CLASS, "name LIKE d*") < 0 ? -1 : 0;
}

static int remove_class(void)
{
	return odm_rm_class(CuDv_CLASS);
}

/* Entry 2 added the devices. */
static int undo_adding(void)
{
	FILE *quiet = fopen("/dev/null", "w");
	int result = odm_undo(2, quiet);

	fclose(quiet);
	return result;
}

static int add_many_stanzas(void)
{
	char *text = NULL;
	size_t length;
	FILE *quiet = fopen("/dev/null", "w"), *made = open_memstream(&text, &length);

	for (int i = 0; i < 3000; i++)
		fprintf(made, "CuDv:\n\tname = s%d\n\tddins = %d\n", i, i);
	fclose(made);
	FILE *file = fmemopen(text, length, "r");
	int result = odm_add_stanzas(file, "text", quiet) < 0 ? -1 : 0;
	fclose(file);
	fclose(quiet);
	free(text);
	return result;
}

static int restore(void)
{
	FILE *quiet = fopen("/dev/null", "w");
	int result = odm_restore(file_name, quiet);

	fclose(quiet);
	return result;
}

/* All that there is, as text; with faults off, by a new connection, after SQLite's own check. */
static char *dump(void)
{
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);

	failing_vfs_set(-1, 0, 0);
	odm_terminate();
	ck_assert_int_eq(odm_check_integrity(0, stderr), 0);
	void *device = odm_get_first(CuDv_CLASS, NULL, NULL);
	for (; device != NULL && device != FAILED; device = odm_get_next(CuDv_CLASS, NULL)) {
		odm_write_stanza(CuDv_CLASS, device, file);
		free(device);
	}
	fprintf(file, device == FAILED ? "no class\n" : "\n");
	fclose(file);
	return text;
}

static void begin_anew(void)
{
	char command[128];

	odm_terminate();
	snprintf(command, sizeof(command), "rm -f %s/odm.db*", repository);
	ck_assert_int_eq(system(command), 0);
	ck_assert_int_eq(odm_compile_file(CLASSES, 0, ODM_MAKE_CLASSES, ".", stderr), 0);
	ck_assert_int_eq(odm_begin(), 0);
	for (int i = 0; i < 200; i++) {
		char name[16];
		snprintf(name, sizeof(name), "d%d", i);
		add_device(name, "", 0);
	}
	ck_assert_int_eq(odm_commit(), 0);
}

/* One try: returns whether a fault was met. */
static bool try_with_fault(int (*operation)(void), int good, int code, int times, const char *after)
{
	begin_anew();
	char *before = dump();
	odm_open_class(CuDv_CLASS);
	failing_vfs_set(good, code, times);
	int result = operation();
	bool met = failing_vfs_failed();
	ck_assert_msg(result == 0 || met, "failed without a fault: %d", odmerrno);
	if (result < 0)
		ck_assert_msg(odmerrno == ODMI_NO_SPACE || odmerrno == ODMI_IO_ERR ||
				      odmerrno == ODMI_CLASS_PERMS,
			"error %d", odmerrno - ODMI_ERROR_BASE);
	char *found = dump();
	ck_assert_msg(strcmp(found, result < 0 ? before : after) == 0,
		"result %d, good %d, code %d:\n%s", result, good, code, found);
	add_device("next", "", 0);
	free(before);
	free(found);
	return met;
}

/* What the operation leads to when nothing fails; to be freed. */
static char *undisturbed(int (*operation)(void))
{
	begin_anew();
	ck_assert_int_eq(operation(), 0);
	return dump();
}

START_TEST(a_failed_write_changes_nothing)
{
	static int (*const operations[])(void) = {add_three, add_three_blindly, change_one,
		remove_many, remove_class, undo_adding, add_many_stanzas, restore};
	static const int codes[] = {SQLITE_FULL, SQLITE_IOERR_WRITE};

	failing_vfs_install();
	make_repository();
	snprintf(file_name, sizeof(file_name), "%s/backup", repository);
	add_device("saved", "", 0);
	ck_assert_int_eq(odm_backup(file_name, stderr), 0);

	int (*operation)(void) = operations[_i / 4];
	int code = codes[_i % 2], times = _i / 2 % 2 == 0 ? 1 : -1, good = 0;
	char *after = undisturbed(operation);
	while (try_with_fault(operation, good, code, times, after))
		good += good < 60 ? 1 : 37;
	free(after);
	ck_assert_int_gt(good, 1);
	remove_repository();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("odm_faults");
	TCase *tcase = tcase_create("odm_faults");

	tcase_set_timeout(tcase, 240);
	tcase_add_loop_test(tcase, a_failed_write_changes_nothing, 0, 32);
	suite_add_tcase(suite, tcase);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
