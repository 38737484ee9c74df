/* Repositories: which one a class is found in, who may do what, several in one transaction. */
#include "suite.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "failing_vfs.h"
#include "repository_fixture.h"

static char second[64], class_file[80];

/* CuDv is in the first repository, CuAt in the second, which ODMPATH names. */
static void make_two(void)
{
	make_repository();
	snprintf(second, sizeof(second), "%s/second", repository);
	ck_assert_int_eq(mkdir(second, 0755), 0);
	ck_assert_int_eq(odm_rm_class(CuAt_CLASS), 0);
	odm_terminate();
	ck_assert_int_eq(setenv("ODMDIR", second, 1), 0);
	ck_assert_int_eq(odm_compile_file(CLASSES, 0, ODM_MAKE_CLASSES, ".", stderr), 0);
	ck_assert_int_eq(odm_rm_class(CuDv_CLASS), 0);
	odm_terminate();
	ck_assert_int_eq(setenv("ODMDIR", repository, 1), 0);
	ck_assert_int_eq(setenv("ODMPATH", second, 1), 0);
}

static int add_attribute(void)
{
	struct CuAt attribute = {.name = "a", .attribute = "b"};

	return odm_add_obj(CuAt_CLASS, &attribute);
}

START_TEST(a_class_is_looked_for_along_the_path)
{
	make_two();
	ck_assert_int_gt(add_device("a", "", 0), 0);
	ck_assert_int_gt(add_attribute(), 0);
	ck_assert_int_eq(count_objects(CuAt_CLASS), 1);
	/* Classes of the path are not removed by mistake; the first repository hides the second. */
	ck_assert_int_eq(odm_rm_class(CuAt_CLASS), -1);
	ck_assert_int_eq(odmerrno, ODMI_CLASS_DNE);
	ck_assert_int_eq(odm_create_class(CuAt_CLASS), 0);
	odm_terminate();
	ck_assert_int_eq(count_objects(CuAt_CLASS), 0);

	char *before = odm_set_path(second);
	ck_assert_str_eq(before, repository);
	free(before);
	ck_assert_int_eq(count_objects(CuAt_CLASS), 1);
	ck_assert_ptr_eq(odm_open_class(CuDv_CLASS), FAILED);
	ck_assert_ptr_eq(odm_set_path("/no/such"), FAILED);
	ck_assert_int_eq(odmerrno, ODMI_INVALID_PATH);
	unsetenv("ODMPATH");
	remove_repository();
}
END_TEST

START_TEST(a_transaction_covers_the_path)
{
	make_two();
	ck_assert_int_eq(odm_begin(), 0);
	ck_assert_int_gt(add_device("a", "", 0), 0);
	ck_assert_int_gt(add_attribute(), 0);
	ck_assert_int_eq(odm_rollback(), 0);
	ck_assert_int_eq(count_objects(CuDv_CLASS) + count_objects(CuAt_CLASS), 0);
	ck_assert_int_eq(odm_begin(), 0);
	ck_assert_int_gt(add_device("a", "", 0), 0);
	ck_assert_int_gt(add_attribute(), 0);
	ck_assert_int_eq(odm_commit(), 0);
	ck_assert_int_eq(count_objects(CuDv_CLASS) + count_objects(CuAt_CLASS), 2);

	/* And undoing it, too; creating the classes was entry 1, removing one of them 2. */
	ck_assert_int_eq(odm_undo(3, stderr), 0);
	ck_assert_int_eq(count_objects(CuDv_CLASS) + count_objects(CuAt_CLASS), 0);
	ck_assert_int_eq(odm_undo(4, stderr), 0);
	ck_assert_int_eq(count_objects(CuDv_CLASS) + count_objects(CuAt_CLASS), 2);
	unsetenv("ODMPATH");
	remove_repository();
}
END_TEST

static void add_both_until_killed(int ready)
{
	odm_terminate();
	for (int i = 0;; i++) {
		if (odm_begin() < 0 || add_device("a", "", 0) < 0 || add_attribute() < 0 ||
			odm_commit() < 0)
			_exit(1);
		if (i == 0 && write(ready, &i, 1) != 1)
			_exit(1);
	}
}

START_TEST(killed_between_two_commits_it_is_finished_later)
{
	int pipe_fds[2], status;
	char byte;

	make_two();
	for (int round = 0; round < 200; round++) {
		odm_terminate();
		ck_assert_int_eq(pipe(pipe_fds), 0);
		pid_t child = fork();
		if (child == 0)
			add_both_until_killed(pipe_fds[1]);
		ck_assert_int_eq(read(pipe_fds[0], &byte, 1), 1);
		usleep((unsigned)random() % 3000);
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
		ck_assert(WIFSIGNALED(status));
		close(pipe_fds[0]);
		close(pipe_fds[1]);
		int devices = count_objects(CuDv_CLASS);
		ck_assert_int_eq(count_objects(CuAt_CLASS), devices);
	}
	unsetenv("ODMPATH");
	remove_repository();
}
END_TEST

/* The writes of a commit over two repositories fail from the n-th on, for every n. */
START_TEST(a_commit_that_fails_halfway_is_finished_later)
{
	bool met = true;
	int halves = 0;

	failing_vfs_install();
	make_two();
	for (int good = 0; met; good++) {
		int before = count_objects(CuDv_CLASS);
		ck_assert_int_eq(odm_begin(), 0);
		ck_assert_int_gt(add_device("a", "", 0), 0);
		ck_assert_int_gt(add_attribute(), 0);
		failing_vfs_set(good, SQLITE_IOERR_WRITE, -1);
		int result = odm_commit();
		met = failing_vfs_failed();
		failing_vfs_set(-1, 0, 0);
		halves += result == 0 && count_objects(CuAt_CLASS) < before + 1;
		odm_terminate();
		int devices = count_objects(CuDv_CLASS);
		ck_assert_int_eq(devices, result == 0 ? before + 1 : before);
		ck_assert_int_eq(count_objects(CuAt_CLASS), devices);
	}
	/* The case was met, not only passed by. */
	ck_assert_int_gt(halves, 0);
	unsetenv("ODMPATH");
	remove_repository();
}
END_TEST

START_TEST(who_may_not_write_changes_nothing)
{
	struct stat status;

	char command[128];

	make_repository();
	add_device("a", "", 0);
	odm_terminate();
	snprintf(command, sizeof(command), "chown -R 65534 %s", repository);
	if (getuid() == 0)
		ck_assert_int_eq(system(command) | seteuid(65534), 0);
	snprintf(class_file, sizeof(class_file), "%s/odm.db", repository);
	odm_terminate();
	ck_assert_int_eq(chmod(class_file, 0444), 0);
	ck_assert_int_eq(count_objects(CuDv_CLASS), 1);
	ck_assert_int_eq(add_device("b", "", 0), -1);
	ck_assert_int_eq(odmerrno, ODMI_CLASS_PERMS);
	ck_assert_int_eq(odm_rm_obj(CuDv_CLASS, ""), -1);
	ck_assert_int_eq(odmerrno, ODMI_CLASS_PERMS);
	ck_assert_int_eq(odm_rm_class(CuDv_CLASS), -1);
	ck_assert_int_eq(odm_undo(2, stderr), -1);
	/* A transaction may read it. */
	ck_assert_int_eq(odm_begin(), 0);
	ck_assert_int_eq(add_device("b", "", 0), -1);
	ck_assert_int_eq(odm_commit(), 0);
	ck_assert_int_eq(count_objects(CuDv_CLASS), 1);
	odm_terminate();
	ck_assert_int_eq(chmod(class_file, 0), 0);
	ck_assert_ptr_eq(odm_open_class(CuDv_CLASS), FAILED);
	ck_assert_int_eq(odmerrno, ODMI_CLASS_PERMS);

	snprintf(command, sizeof(command), "rm -f %s*", class_file);
	ck_assert_int_eq(system(command), 0);
	ck_assert_int_eq(odm_set_perms(0600), 0644);
	ck_assert_int_eq(odm_create_class(CuDv_CLASS), 0);
	ck_assert_int_eq(stat(class_file, &status), 0);
	ck_assert_int_eq(status.st_mode & 0777, 0600);
	ck_assert_int_eq(odm_set_perms(0644), 0600);
	remove_repository();
	/* The leak sanitizer has to look at this process. */
	if (getuid() == 0)
		ck_assert_int_eq(seteuid(0) | prctl(PR_SET_DUMPABLE, 1), 0);
}
END_TEST

/* As the first version made it. */
static void make_first_version(void)
{
	sqlite3 *database;

	snprintf(class_file, sizeof(class_file), "%s/odm.db", repository);
	ck_assert_int_eq(sqlite3_open(class_file, &database), SQLITE_OK);
	ck_assert_int_eq(
		sqlite3_exec(database,
			"DROP TABLE odm_index; DROP TABLE odm_history; DROP TABLE odm_changeset;"
			"DROP TABLE odm_pending; DROP TABLE odm_contents;"
			"PRAGMA user_version = 1",
			NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(database);
}

START_TEST(an_older_repository_is_upgraded_and_a_later_one_refused)
{
	sqlite3 *database;

	make_repository();
	add_device("a", "", 0);
	odm_terminate();
	make_first_version();
	ck_assert_int_eq(count_objects(CuDv_CLASS), 1);
	ck_assert_int_gt(add_device("b", "", 0), 0);
	ck_assert_int_eq(odm_rm_class(CuDv_CLASS), 0);
	ck_assert_int_eq(odm_undo(2, stderr), 0);
	ck_assert_int_eq(count_objects(CuDv_CLASS), 2);
	CLASS_SYMBOL symbol = odm_mount_class("CuAt");
	ck_assert_ptr_ne(symbol, FAILED);
	ck_assert_str_eq(symbol->indexes[0], "\"name\",\"attribute\"");
	odm_terminate();

	ck_assert_int_eq(sqlite3_open(class_file, &database), SQLITE_OK);
	sqlite3_exec(database, "PRAGMA user_version = 4", NULL, NULL, NULL);
	sqlite3_close(database);
	ck_assert_ptr_eq(odm_open_class(CuDv_CLASS), FAILED);
	ck_assert_int_eq(odmerrno, ODMI_VERSION_ERROR);
	remove_repository();
}
END_TEST

START_TEST(a_class_of_another_form_is_refused)
{
	make_repository();
	ck_assert_int_eq(count_objects(CuDv_CLASS), 0);
	pid_t child = fork();
	if (child == 0) {
		struct ClassElem other = {"name", ODM_CHAR, 24, 16, NULL, NULL};
		struct Class changed = {ODMI_MAGIC, "CuDv", 40, 1, &other, NULL, NULL, -ODMI_MAGIC};
		odm_terminate();
		_exit(odm_rm_class(CuDv_CLASS) < 0 || odm_create_class(&changed) < 0);
	}
	int status;
	waitpid(child, &status, 0);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(add_device("a", "", 0), -1);
	ck_assert_int_eq(odmerrno, ODMI_INVALID_CLASS);
	remove_repository();
}
END_TEST

SUITE_MAIN("repository", a_class_is_looked_for_along_the_path, a_transaction_covers_the_path,
	killed_between_two_commits_it_is_finished_later,
	a_commit_that_fails_halfway_is_finished_later, who_may_not_write_changes_nothing,
	an_older_repository_is_upgraded_and_a_later_one_refused, a_class_of_another_form_is_refused)
