/* What the pages promise of a null pointer: an error code, and no signal. */
#include "suite.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "repository_fixture.h"

static void *volatile null; /* the compiler does not see that it is one */

static struct CuDv object;
static struct listinfo info;

static int no_class_get_obj(void)
{
	return odm_get_obj(null, null, &object, ODM_FIRST) == FAILED;
}

static int no_class_get_first(void)
{
	return odm_get_first(null, null, &object) == FAILED;
}

static int no_class_get_next(void)
{
	return odm_get_next(null, &object) == FAILED;
}

static int no_class_get_by_id(void)
{
	return odm_get_by_id(null, 1, &object) == FAILED;
}

static int no_class_get_list(void)
{
	return odm_get_list(null, null, &info, 1, 1) == FAILED;
}

static int no_info_get_list(void)
{
	return odm_get_list(CuDv_CLASS, null, null, 1, 1) == FAILED;
}

static int no_name_mount_class(void)
{
	return odm_mount_class(null) == FAILED;
}

static int no_class_open_class(void)
{
	return odm_open_class(null) == FAILED;
}

static int no_class_close_class(void)
{
	return odm_close_class(null) == -1;
}

static int no_class_create_class(void)
{
	return odm_create_class(null) == -1;
}

static int no_class_rm_class(void)
{
	return odm_rm_class(null) == -1;
}

static int no_class_add_obj(void)
{
	return odm_add_obj(null, &object) == -1;
}

static int no_object_add_obj(void)
{
	return odm_add_obj(CuDv_CLASS, null) == -1;
}

static int no_class_change_obj(void)
{
	return odm_change_obj(null, &object) == -1;
}

static int no_object_change_obj(void)
{
	return odm_change_obj(CuDv_CLASS, null) == -1;
}

static int no_class_rm_obj(void)
{
	return odm_rm_obj(null, null) == -1;
}

static int no_class_rm_by_id(void)
{
	return odm_rm_by_id(null, 1) == -1;
}

static int no_path_lock(void)
{
	return odm_lock(null, ODM_NOWAIT) == -1;
}

static int no_file_add_stanzas(void)
{
	return odm_add_stanzas(null, "name", stderr) == -1;
}

static int no_file_add_json(void)
{
	return odm_add_json(null, "name", stderr) == -1;
}

static int no_class_change_stanza(void)
{
	return odm_change_stanza(null, null, stdin, "name", stderr) == -1;
}

static int visit(void *visited, void *closure)
{
	(void)visited, (void)closure;
	return 0;
}

static int no_class_visit(void)
{
	return odm_visit(null, null, null, visit, null) == -1;
}

static int no_visitor_visit(void)
{
	return odm_visit(CuDv_CLASS, null, null, null, null) == -1;
}

static int no_visitor_history(void)
{
	return odm_history(0, null, null) == -1;
}

static int no_visitor_history_changes(void)
{
	return odm_history_changes(0, 1, null, null) == -1;
}

static int no_file_backup(void)
{
	return odm_backup(null, stderr) == -1;
}

static int no_file_restore(void)
{
	return odm_restore(null, stderr) == -1;
}

static int no_file_backup_classes(void)
{
	return odm_backup_classes(null, "Cu*", stderr) == -1;
}

static int no_file_restore_classes(void)
{
	return odm_restore_classes(null, stderr) == -1;
}

static int no_file_keep_copy(void)
{
	return odm_keep_copy(null) == -1;
}

static int no_visitor_copies(void)
{
	return odm_copies(null, null) == -1;
}

static int no_file_compare_copy(void)
{
	return odm_compare_copy(null) == -1;
}

static int no_file_salvage(void)
{
	return odm_salvage(null) == -1;
}

static int no_class_contents_version(void)
{
	return odm_contents_version(null) == -1;
}

static int no_path_compile_file(void)
{
	return odm_compile_file(null, 0, ODM_MAKE_CLASSES, ".", stderr) == -1;
}

static int no_class_population(void)
{
	long active, deleted;

	return odm_population(null, &active, &deleted) == -1;
}

static const struct {
	const char *name;
	int (*fails)(void);
} routines[] = {
#define ROUTINE(name)                                                                              \
	{                                                                                          \
#name, name                                                                        \
	}
	ROUTINE(no_class_get_obj),
	ROUTINE(no_class_get_first),
	ROUTINE(no_class_get_next),
	ROUTINE(no_class_get_by_id),
	ROUTINE(no_class_get_list),
	ROUTINE(no_info_get_list),
	ROUTINE(no_name_mount_class),
	ROUTINE(no_class_open_class),
	ROUTINE(no_class_close_class),
	ROUTINE(no_class_create_class),
	ROUTINE(no_class_rm_class),
	ROUTINE(no_class_add_obj),
	ROUTINE(no_object_add_obj),
	ROUTINE(no_class_change_obj),
	ROUTINE(no_object_change_obj),
	ROUTINE(no_class_rm_obj),
	ROUTINE(no_class_rm_by_id),
	ROUTINE(no_path_lock),
	ROUTINE(no_file_add_stanzas),
	ROUTINE(no_file_add_json),
	ROUTINE(no_class_change_stanza),
	ROUTINE(no_class_visit),
	ROUTINE(no_visitor_visit),
	ROUTINE(no_visitor_history),
	ROUTINE(no_visitor_history_changes),
	ROUTINE(no_file_backup),
	ROUTINE(no_file_restore),
	ROUTINE(no_file_backup_classes),
	ROUTINE(no_file_restore_classes),
	ROUTINE(no_file_keep_copy),
	ROUTINE(no_visitor_copies),
	ROUTINE(no_file_compare_copy),
	ROUTINE(no_file_salvage),
	ROUTINE(no_class_contents_version),
	ROUTINE(no_path_compile_file),
	ROUTINE(no_class_population),
};

START_TEST(a_null_pointer_is_an_error)
{
	make_repository();
	add_device("a", "", 0);
	for (size_t i = 0; i < sizeof(routines) / sizeof(*routines); i++) {
		int expected = strncmp(routines[i].name, "no_class", 8) == 0 ? ODMI_MAGICNO_ERR
									     : ODMI_PARAMS;
		int status;
		pid_t child = fork();

		odmerrno = 0;
		if (child == 0)
			_exit(!routines[i].fails() || odmerrno != expected);
		ck_assert_int_eq(waitpid(child, &status, 0), child);
		ck_assert_msg(status == 0, "%s: wait status %#x", routines[i].name, status);
	}
	remove_repository();
}
END_TEST

SUITE_MAIN("null", a_null_pointer_is_an_error)
