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

/* Compiles class definitions that are given as text. */
static int compile(const char *definitions, int make)
{
	char file[64];

	snprintf(file, sizeof(file), "%s/towns.cre", repository);
	FILE *stream = fopen(file, "w");
	ck_assert_ptr_nonnull(stream);
	fputs(definitions, stream);
	fclose(stream);
	return odm_compile_file(file, 0, ODM_MAKE_CLASSES | make, ".", stderr);
}

/* The towns as stanzas, to be freed. */
static char *towns(void)
{
	char *text = NULL;
	size_t length;
	FILE *stream = open_memstream(&text, &length);
	CLASS_SYMBOL symbol = odm_mount_class((char *)(uintptr_t) "Town");

	ck_assert_ptr_ne(symbol, FAILED);
	for (void *town = odm_get_first(symbol, NULL, NULL); town != NULL;
		town = odm_get_next(symbol, NULL)) {
		ck_assert_ptr_ne(town, FAILED);
		odm_write_stanza(symbol, town, stream);
		odm_free_members(symbol, town);
		free(town);
	}
	fclose(stream);
	return text;
}

static void add_town(const char *stanza)
{
	FILE *stream = fmemopen((void *)(uintptr_t)stanza, strlen(stanza), "r");

	ck_assert_int_eq(odm_add_stanzas(stream, "towns", stderr), 1);
	fclose(stream);
}

START_TEST(a_class_gets_a_newer_form_with_its_objects)
{
	make_repository();
	ck_assert_int_eq(compile("class Town { char name[8]; short people; };", 0), 0);
	add_town("Town:\n\tname = \"a\"\n\tpeople = 3\n");
	add_town("Town:\n\tname = \"b\"\n\tpeople = 4\n");
	ck_assert_int_eq(odm_rm_obj(odm_mount_class((char *)(uintptr_t) "Town"), "name = b"), 1);
	free(towns());

	ck_assert_int_eq(compile("class Town { vchar mayor[16]; char name[9]; long people; };"
				 "index Town (name);",
				 ODM_UPGRADE_CLASSES),
		0);
	char *text = towns();
	ck_assert_str_eq(text, "\nTown:\n\tmayor = \"\"\n\tname = \"a\"\n\tpeople = 3\n");
	free(text);
	CLASS_SYMBOL symbol = odm_mount_class((char *)(uintptr_t) "Town");
	ck_assert_str_eq(symbol->indexes[0], "\"name\"");
	long active, deleted;
	ck_assert_int_eq(odm_population(symbol, &active, &deleted), 0);
	ck_assert_int_eq(active, 1);
	ck_assert_int_eq(deleted, 1);

	/* What need not fit is refused, and nothing changed. */
	ck_assert_int_eq(compile("class Town { char name[4]; };", ODM_UPGRADE_CLASSES), -1);
	ck_assert_int_eq(odmerrno, ODMI_CLASS_EXISTS);
	ck_assert_int_eq(compile("class Town { long name; };", ODM_UPGRADE_CLASSES), -1);
	ck_assert_int_eq(compile("class Town { char name[4]; };", ODM_KEEP_CLASSES), 0);
	ck_assert_int_eq(compile("class Town { char name[4]; };", 0), -1);
	ck_assert_int_eq(odmerrno, ODMI_CLASS_EXISTS);
	text = towns();
	ck_assert_str_eq(text, "\nTown:\n\tmayor = \"\"\n\tname = \"a\"\n\tpeople = 3\n");
	free(text);
	remove_repository();
}
END_TEST

START_TEST(the_contents_version_is_a_part_of_the_transaction)
{
	make_repository();
	ck_assert_int_eq(odm_contents_version(CuDv_CLASS), 0);
	ck_assert_int_eq(odm_begin(), 0);
	ck_assert_int_eq(odm_set_contents_version(3), 0);
	ck_assert_int_eq(odm_contents_version(CuDv_CLASS), 3);
	ck_assert_int_eq(odm_rollback(), 0);
	ck_assert_int_eq(odm_contents_version(CuDv_CLASS), 0);
	ck_assert_int_eq(odm_set_contents_version(3), 0);
	ck_assert_int_eq(odm_set_contents_version(3), 0);
	ck_assert_int_eq(odm_set_contents_version(2), -1);
	ck_assert_int_eq(odmerrno, ODMI_VERSION_ERROR);
	odm_terminate();
	ck_assert_int_eq(odm_contents_version(CuDv_CLASS), 3);
	remove_repository();
}
END_TEST

START_TEST(what_an_upgrade_changed_can_be_undone)
{
	make_repository();
	int id = add_device("a", "", 0);
	struct CuDv device;
	ck_assert_ptr_eq(odm_get_by_id(CuDv_CLASS, id, &device), &device);
	odm_pause_history(1);
	ck_assert_int_eq(odm_begin(), 0);
	strcpy(device.ddins, "new");
	ck_assert_int_eq(odm_change_obj(CuDv_CLASS, &device), 0);
	ck_assert_int_eq(odm_commit(), 0);
	odm_pause_history(0);
	ck_assert_int_eq(odm_undo(2, stderr), -1);
	ck_assert_int_eq(odm_set_contents_version(1), 0);
	ck_assert_int_eq(odm_undo(2, stderr), 0);
	ck_assert_int_eq(count_objects(CuDv_CLASS), 0);
	/* But not what somebody changed since. */
	ck_assert_int_eq(odm_undo(3, stderr), 0);
	ck_assert_int_eq(count_objects(CuDv_CLASS), 1);
	ck_assert_ptr_eq(odm_get_first(CuDv_CLASS, NULL, &device), &device);
	device.status = 1;
	ck_assert_int_eq(odm_change_obj(CuDv_CLASS, &device), 0);
	ck_assert_int_eq(odm_undo(2, stderr), -1);
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
	an_older_repository_is_upgraded_and_a_later_one_refused,
	a_class_gets_a_newer_form_with_its_objects,
	the_contents_version_is_a_part_of_the_transaction, what_an_upgrade_changed_can_be_undone,
	a_class_of_another_form_is_refused)
