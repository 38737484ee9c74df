#include "suite.h"

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "repository_fixture.h"

static int count(char *crit)
{
	struct listinfo info;
	struct CuDv *list = get_CuDv_list(CuDv_CLASS, crit, &info, 1, 1);
	if (list == FAILED)
		return -1;
	ck_assert_int_eq(odm_free_list(list, &info), 0);
	return info.num;
}

START_TEST(objects_come_back_as_they_were)
{
	struct CuAt attribute = {.name = "hdisk0", .attribute = "text", .nls_index = -7}, found;
	char value[] = "quote ' double \" back\\slash\ttab\nline \303\244 \001";

	make_repository();
	attribute.value = value;
	int id = odm_add_obj(CuAt_CLASS, &attribute);
	ck_assert_int_gt(id, 0);
	ck_assert_ptr_eq(odm_get_by_id(CuAt_CLASS, id, &found), &found);
	ck_assert_str_eq(found.value, value);
	ck_assert_str_eq(found.attribute, "text");
	ck_assert_int_eq(found.nls_index, -7);
	ck_assert_int_eq(found._id, id);
	odm_free_members(CuAt_CLASS, &found);

	ck_assert_ptr_eq(odm_get_by_id(CuAt_CLASS, id + 1, &found), FAILED);
	ck_assert_int_eq(odmerrno, ODMI_NO_OBJECT);
	attribute.value = NULL;
	attribute._id = id;
	ck_assert_int_eq(odm_change_obj(CuAt_CLASS, &attribute), 0);
	ck_assert_ptr_eq(odm_get_first(CuAt_CLASS, "", &found), &found);
	ck_assert_str_eq(found.value, "");
	odm_free_members(CuAt_CLASS, &found);
	ck_assert_int_eq(odm_rm_by_id(CuAt_CLASS, id), 0);
	ck_assert_int_eq(odm_rm_by_id(CuAt_CLASS, id), -1);
	ck_assert_int_eq(odmerrno, ODMI_NO_OBJECT);
	ck_assert_ptr_null(odm_get_first(CuAt_CLASS, NULL, &found));
	remove_repository();
}
END_TEST

START_TEST(criteria_select)
{
	static const struct {
		char *crit;
		int count;
	} cases[] = {
		{"", 4},
		{"name = hdisk1", 1},
		{"name='hdisk1' and status=1", 1},
		{"name = hdisk1 AND status = '0'", 0},
		{"name LIKE hdisk*", 3},
		{"name like hdisk?", 2},
		{"name like hdisk[0-1]", 2},
		{"name like hdisk[!0]", 1},
		{"name = 'hdisk*'", 0},
		{"status != 0", 2},
		{"status >= 1 and status <= 0x1", 2},
		{"status < 1", 2},
		{"PdDvLn = disk/scsi/vdisk and parent = \"scsi0\"", 3},
		{"name = hdisk0 or name = hdisk1", 2},
		{"name = hdisk0 OR status = 1 AND name = hdisk1", 2},
		{"(name = hdisk0 OR status = 1) AND name = hdisk1", 1},
		{"not name like hdisk*", 1},
		{"name not like hdisk*", 1},
		{"name in (hdisk0, 'hdisk1',hdisk2)", 2},
		{"status not in (0,5)", 2},
		{"not (not (status = 1))", 2},
		{"parent != (x)", 4},
		{"status < 0.5", 2},
		{"status = 1e0", 2},
		{"status = 01", 2},
	};

	make_repository();
	add_device("hdisk0", "scsi0", 0);
	add_device("hdisk1", "scsi0", 1);
	add_device("hdisk10", "scsi0", 1);
	add_device("o'clock", "scsi1", 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ck_assert_msg(count(cases[i].crit) == cases[i].count, "%s: %d", cases[i].crit,
			count(cases[i].crit));

	char *quoted = odm_criteria("name = %s AND status = %d", "o'clock", 0);
	ck_assert_int_eq(count(quoted), 1);
	free(quoted);
	remove_repository();
}
END_TEST

START_TEST(bad_criteria_are_refused_at_their_place)
{
	static const struct {
		char *crit;
		size_t position;
	} cases[] = {
		{"nosuch = 1", 0},
		{"name hdisk0", 5},
		{"name = ", 7},
		{"name = 'open", 12},
		{"status = many", 13},
		{"name = a name = b", 9},
		{"name = a and", 12},
		{"name = a or", 11},
		{"(name = a", 9},
		{"name not = a", 8},
		{"name in a", 8},
		{"name in (a, b", 13},
		{"not", 3},
	};
	char longer[400];
	size_t position;

	make_repository();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ck_assert_int_eq(count(cases[i].crit), -1);
		ck_assert_int_eq(odmerrno, ODMI_BAD_CRIT);
		ck_assert_str_ne(odm_criteria_error(&position), "");
		ck_assert_msg(position == cases[i].position, "%s: %zu", cases[i].crit, position);
	}
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	ck_assert_int_eq(count(longer), -1);
	ck_assert_int_eq(odmerrno, ODMI_BAD_CRIT);
	remove_repository();
}
END_TEST

START_TEST(a_cursor_survives_changes_and_writes_of_others)
{
	struct CuDv device;
	char name[16];

	make_repository();
	for (int i = 0; i < 5; i++) {
		snprintf(name, sizeof(name), "hdisk%d", i);
		add_device(name, "scsi0", 0);
	}
	ck_assert_ptr_nonnull(odm_get_first(CuDv_CLASS, "parent = scsi0", &device));
	pid_t child = fork();
	if (child == 0) {
		odm_terminate();
		_exit(add_device("other", "scsi9", 0) < 0);
	}
	int status;
	waitpid(child, &status, 0);
	ck_assert_int_eq(status, 0);

	int found = 1;
	for (; odm_get_next(CuDv_CLASS, &device) == &device; found++) {
		device.status = 1;
		ck_assert_int_eq(odm_change_obj(CuDv_CLASS, &device), 0);
	}
	ck_assert_int_eq(found, 5);
	ck_assert_int_eq(count("status = 1"), 4);
	remove_repository();
}
END_TEST

START_TEST(a_long_search_is_a_place_and_no_snapshot)
{
	enum { DEVICES = 3000 };
	struct CuDv device, other;
	char name[16];
	int found = 0;

	make_repository();
	ck_assert_int_eq(odm_begin(), 0);
	for (int i = 0; i < DEVICES; i++) {
		snprintf(name, sizeof(name), "d%d", i);
		add_device(name, "p", 0);
	}
	ck_assert_int_eq(odm_commit(), 0);
	/* Of every ten one is removed before it is reached, and one does not match any more. */
	void *next = odm_get_first(CuDv_CLASS, "parent = p AND status = 0", &device);
	for (; next == &device; next = odm_get_next(CuDv_CLASS, &device), found++) {
		int number = atoi(device.name + 1);
		ck_assert_int_lt(number % 10, 8);
		if (number % 10 != 0)
			continue;
		ck_assert_int_eq(odm_rm_by_id(CuDv_CLASS, (int)device._id + 8), 0);
		ck_assert_ptr_eq(odm_get_by_id(CuDv_CLASS, (int)device._id + 9, &other), &other);
		other.status = 1;
		ck_assert_int_eq(odm_change_obj(CuDv_CLASS, &other), 0);
		if (number == DEVICES - 10)
			ck_assert_int_gt(add_device("d5", "p", 0), 0);
	}
	ck_assert_ptr_null(next);
	ck_assert_int_eq(found, DEVICES / 10 * 8 + 1);
	ck_assert_ptr_null(odm_get_next(CuDv_CLASS, &device));
	ck_assert_int_gt(add_device("d6", "p", 0), 0);
	ck_assert_ptr_eq(odm_get_next(CuDv_CLASS, &device), &device);
	ck_assert_str_eq(device.name, "d6");
	remove_repository();
}
END_TEST

/* In a process of its own: object a30 gets a status, a31 goes. */
static void change_as_another(void)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct CuDv device;
		odm_terminate();
		if (odm_get_first(CuDv_CLASS, "name = a30", &device) != &device)
			_exit(1);
		device.status = 7;
		_exit(odm_change_obj(CuDv_CLASS, &device) < 0 ||
			odm_rm_obj(CuDv_CLASS, "name = a31") != 1);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}

/* The next objects of the search, up to the one of that number. */
static void search_up_to(struct CuDv *device, int number)
{
	do
		ck_assert_ptr_eq(odm_get_next(CuDv_CLASS, device), device);
	while (atoi(device->name + 1) < number);
}

START_TEST(a_search_sees_what_was_changed_or_taken_back_just_before)
{
	enum { DEVICES = 200 };
	struct CuDv device;
	char name[16];

	make_repository();
	for (int i = 0; i < DEVICES; i++) {
		snprintf(name, sizeof(name), "a%d", i);
		add_device(name, "p", 0);
	}
	ck_assert_ptr_eq(odm_get_first(CuDv_CLASS, "parent = p", &device), &device);
	search_up_to(&device, 29);
	change_as_another();
	search_up_to(&device, 30);
	ck_assert_int_eq(device.status, 7);
	search_up_to(&device, 31);
	ck_assert_str_eq(device.name, "a32");
	search_up_to(&device, 150);

	ck_assert_int_eq(odm_begin(), 0);
	ck_assert_int_eq(odm_rm_obj(CuDv_CLASS, "name = a160"), 1);
	search_up_to(&device, 158);
	ck_assert_int_eq(odm_rollback(), 0);
	search_up_to(&device, 160);
	ck_assert_str_eq(device.name, "a160");
	search_up_to(&device, DEVICES - 1);
	ck_assert_ptr_null(odm_get_next(CuDv_CLASS, &device));
	remove_repository();
}
END_TEST

START_TEST(transactions_nest_and_roll_back)
{
	make_repository();
	ck_assert_int_eq(odm_begin(), 0);
	add_device("kept", "", 0);
	ck_assert_int_eq(odm_begin(), 0);
	add_device("dropped", "", 0);
	ck_assert_int_eq(odm_rollback(), 0);
	ck_assert_int_eq(odm_commit(), 0);
	ck_assert_int_eq(count("name = kept"), 1);
	ck_assert_int_eq(count(""), 1);
	ck_assert_int_eq(odm_begin(), 0);
	ck_assert_int_eq(odm_rm_obj(CuDv_CLASS, ""), 1);
	ck_assert_int_eq(odm_rollback(), 0);
	ck_assert_int_eq(count(""), 1);
	ck_assert_int_eq(odm_commit(), -1);
	remove_repository();
}
END_TEST

START_TEST(links_are_followed_as_deep_as_asked)
{
	char empty[] = "";
	struct PdDv type = {.uniquetype = "disk/scsi/vdisk", .catalog = empty, .prefix = "hdisk"};
	struct listinfo info;

	make_repository();
	add_device("hdisk0", "scsi0", 0);
	ck_assert_int_gt(odm_add_obj(PdDv_CLASS, &type), 0);
	struct CuDv *list = get_CuDv_list(CuDv_CLASS, "name = hdisk0", &info, 1, 2);
	ck_assert_ptr_ne(list, FAILED);
	ck_assert_int_eq(list[0].PdDvLn_info->num, 1);
	ck_assert_str_eq(list[0].PdDvLn->prefix, "hdisk");
	ck_assert_int_eq(odm_free_list(list, &info), 0);

	list = get_CuDv_list(CuDv_CLASS, "name = hdisk0", &info, 1, 1);
	ck_assert_ptr_null(list[0].PdDvLn);
	ck_assert_int_eq(odm_free_list(list, &info), 0);
	ck_assert_ptr_null(get_CuDv_list(CuDv_CLASS, "name = none", &info, 1, 1));
	ck_assert_int_eq(info.num, 0);
	remove_repository();
}
END_TEST

START_TEST(what_is_too_long_is_refused)
{
	char text[300];
	struct CuAt attribute = {.name = "hdisk0", .value = text};

	make_repository();
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	ck_assert_int_eq(odm_add_obj(CuAt_CLASS, &attribute), -1);
	ck_assert_int_eq(odmerrno, ODMI_PARAMS);
	text[255] = '\0';
	ck_assert_int_gt(odm_add_obj(CuAt_CLASS, &attribute), 0);
	remove_repository();
}
END_TEST

START_TEST(mounted_classes_fit_the_generated_structures)
{
	make_repository();
	CLASS_SYMBOL mounted = odm_mount_class("PdDv");
	ck_assert_ptr_ne(mounted, FAILED);
	ck_assert_int_eq(mounted->structsize, sizeof(struct PdDv));
	ck_assert_int_eq(mounted->nelem, PdDv_Descs);
	for (int i = 0; i < mounted->nelem; i++)
		ck_assert_int_eq(mounted->elem[i].offset, PdDv_CLASS->elem[i].offset);
	ck_assert_ptr_eq(odm_mount_class("PdDv"), mounted);
	ck_assert_ptr_eq(odm_mount_class("Nosuch"), FAILED);
	ck_assert_int_eq(odmerrno, ODMI_CLASS_DNE);

	struct Class broken = {0};
	ck_assert_int_eq(odm_rm_obj(&broken, ""), -1);
	ck_assert_int_eq(odmerrno, ODMI_MAGICNO_ERR);
	ck_assert_ptr_ne(odm_open_class_rdonly(CuDv_CLASS), FAILED);
	ck_assert_int_eq(add_device("x", "", 0), -1);
	ck_assert_int_eq(odmerrno, ODMI_READ_ONLY);
	remove_repository();
}
END_TEST

/* Runs in a child: the status of odm_lock on the path. */
static int lock_in_child(char *path, bool inherit)
{
	pid_t child = fork();

	if (child == 0) {
		if (!inherit)
			unsetenv("ODMLOCKS");
		odm_terminate();
		_exit(odm_lock(path, ODM_NOWAIT) < 0 ? odmerrno - ODMI_ERROR_BASE : 0);
	}
	int status;
	waitpid(child, &status, 0);
	return WEXITSTATUS(status);
}

START_TEST(locks_exclude_strangers_and_not_children)
{
	char path[64];

	make_repository();
	snprintf(path, sizeof(path), "%s/some_lock", repository);
	int blocked = ODMI_LOCK_BLOCKED - ODMI_ERROR_BASE;
	int id = odm_lock(path, ODM_NOWAIT);
	ck_assert_int_gt(id, 0);
	ck_assert_int_eq(odm_lock(path, ODM_NOWAIT), id);
	ck_assert_int_eq(lock_in_child(path, false), blocked);
	ck_assert_int_eq(odm_unlock(id), 0);
	ck_assert_int_eq(lock_in_child(path, false), blocked);
	ck_assert_int_eq(odm_unlock(id), 0);
	ck_assert_int_eq(lock_in_child(path, false), 0);
	ck_assert_int_eq(odm_unlock(id), -1);
	ck_assert_int_eq(odmerrno, ODMI_LOCK_ID);
	ck_assert_int_eq(odm_lock(path, -5), -1);
	ck_assert_int_eq(odmerrno, ODMI_BAD_TIMEOUT);
	remove_repository();
}
END_TEST

START_TEST(a_lock_ends_with_its_process)
{
	char path[64], byte;
	int pipe_fds[2];

	make_repository();
	snprintf(path, sizeof(path), "%s/some_lock", repository);
	ck_assert_int_eq(pipe(pipe_fds), 0);
	pid_t child = fork();
	if (child == 0) {
		odm_terminate();
		byte = odm_lock(path, ODM_NOWAIT) > 0;
		_exit(write(pipe_fds[1], &byte, 1) != 1 || pause());
	}
	ck_assert_int_eq(read(pipe_fds[0], &byte, 1), 1);
	ck_assert_int_eq(byte, 1);
	ck_assert_int_eq(odm_lock(path, ODM_NOWAIT), -1);
	ck_assert_int_eq(odmerrno, ODMI_LOCK_BLOCKED);
	ck_assert_int_eq(odm_lock(path, 1), -1);
	ck_assert_int_eq(odmerrno, ODMI_LOCK_BLOCKED);
	kill(child, SIGKILL);
	ck_assert_int_gt(odm_lock(path, 10), 0);
	waitpid(child, NULL, 0);
	remove_repository();
}
END_TEST

START_TEST(a_program_started_under_a_lock_may_take_it)
{
	char path[64], *output;

	make_repository();
	snprintf(path, sizeof(path), "%s/some_lock", repository);
	int id = odm_lock(path, ODM_NOWAIT);
	ck_assert_int_eq(odm_run_method("echo", "\"$ODMLOCKS\"", &output, NULL), 0);
	ck_assert_ptr_nonnull(strstr(output, path));
	free(output);
	odm_unlock(id);
	ck_assert_ptr_null(getenv("ODMLOCKS"));
	ck_assert_int_eq(odm_run_method("exit", "7", NULL, NULL), 7);
	remove_repository();
}
END_TEST

SUITE_MAIN("odm", objects_come_back_as_they_were, criteria_select,
	bad_criteria_are_refused_at_their_place, a_cursor_survives_changes_and_writes_of_others,
	a_long_search_is_a_place_and_no_snapshot,
	a_search_sees_what_was_changed_or_taken_back_just_before, transactions_nest_and_roll_back,
	links_are_followed_as_deep_as_asked, what_is_too_long_is_refused,
	mounted_classes_fit_the_generated_structures, locks_exclude_strangers_and_not_children,
	a_lock_ends_with_its_process, a_program_started_under_a_lock_may_take_it)
