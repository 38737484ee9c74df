#include "suite.h"

#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "repository_fixture.h"

/* The newest entry. */
static struct odm_history_entry newest;
static char newest_command[256];

static int keep_entry(const struct odm_history_entry *entry, void *closure)
{
	(void)closure;
	newest = *entry;
	snprintf(newest_command, sizeof(newest_command), "%s", entry->command);
	return 1;
}

static long long newest_id(void)
{
	newest.id = 0;
	ck_assert_int_ge(odm_history(0, keep_entry, NULL), 0);
	return newest.id;
}

/* The changes between two states, a line each: kind, label, and status before and after. */
static int describe(const struct odm_change *change, void *file)
{
	static const char *const kinds[] = {"added", "changed", "deleted", "class+", "class-"};

	fprintf(file, "%s ", kinds[change->kind]);
	if (change->class_symbol == NULL) {
		fprintf(file, "%s;", change->class_name);
		return 0;
	}
	odm_write_label(change->class_symbol,
		change->new_object != NULL ? change->new_object : change->old_object, file);
	if (change->kind == ODM_CHANGED) {
		const struct CuDv *before = change->old_object, *after = change->new_object;
		fprintf(file, " %d>%d", before->status, after->status);
	}
	fputc(';', file);
	return 0;
}

static const char *changes(long long from, long long to)
{
	static char text[200000];
	FILE *file = fmemopen(text, sizeof(text), "w");

	memset(text, 0, sizeof(text));
	ck_assert_int_eq(odm_history_changes(from, to, describe, file), 0);
	fclose(file);
	return text;
}

static int undo(long long id, char *reason, size_t room)
{
	memset(reason, 0, room);
	FILE *errors = fmemopen(reason, room, "w");
	int result = odm_undo(id, errors);
	fclose(errors);
	return result;
}

static void set_status(const char *name, short status)
{
	struct CuDv device;
	char crit[64];

	snprintf(crit, sizeof(crit), "name = %s", name);
	ck_assert_ptr_eq(odm_get_first(CuDv_CLASS, crit, &device), &device);
	device.status = status;
	ck_assert_int_eq(odm_change_obj(CuDv_CLASS, &device), 0);
}

START_TEST(every_transaction_is_one_entry)
{
	make_repository();
	long long start = newest_id();
	ck_assert_int_eq(start, 1);
	ck_assert_ptr_nonnull(strstr(changes(0, 1), "class+ CuDv;"));

	add_device("a", "", 0);
	ck_assert_str_eq(changes(1, 2), "added CuDv name=a;");
	ck_assert_int_eq(odm_begin(), 0);
	set_status("a", 1);
	add_device("b", "a", 0);
	ck_assert_int_eq(odm_begin(), 0);
	add_device("dropped", "", 0);
	odm_rollback();
	set_status("a", 2);
	ck_assert_int_eq(odm_commit(), 0);
	ck_assert_int_eq(newest_id(), 3);
	ck_assert_str_eq(changes(2, 3), "changed CuDv name=a 0>2;added CuDv name=b;");
	ck_assert_ptr_nonnull(strstr(newest_command, "test_history"));
	ck_assert_int_eq(newest.pid, getpid());

	ck_assert_int_eq(odm_begin(), 0);
	add_device("never", "", 0);
	odm_rollback();
	set_status("a", 2);
	ck_assert_int_eq(newest_id(), 3);
	ck_assert_int_eq(odm_rm_obj(CuDv_CLASS, "name = a"), 1);
	ck_assert_str_eq(changes(3, 4), "deleted CuDv name=a;");
	ck_assert_str_eq(changes(2, 3), "changed CuDv name=a 0>2;added CuDv name=b;");
	ck_assert_str_eq(changes(1, 4), "added CuDv name=b;");
	ck_assert_int_eq(odm_history_changes(0, 9, describe, stdout), -1);
	ck_assert_int_eq(odmerrno, ODMI_NO_OBJECT);
	remove_repository();
}
END_TEST

/* A statement that fails alone leaves the transaction, and what the next one notes, whole. */
START_TEST(a_change_that_fails_leaves_no_trace)
{
	char file[64];
	sqlite3 *database;
	struct CuDv device;

	make_repository();
	add_device("a", "", 0);
	add_device("b", "", 0);
	snprintf(file, sizeof(file), "%s/odm.db", repository);
	ck_assert_int_eq(sqlite3_open(file, &database), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(database,
				 "CREATE TRIGGER no_nine BEFORE UPDATE ON CuDv WHEN new.status = 9"
				 " BEGIN SELECT RAISE(ABORT, 'nine'); END",
				 NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(database);
	ck_assert_int_eq(odm_begin(), 0);
	ck_assert_ptr_eq(odm_get_first(CuDv_CLASS, "name = a", &device), &device);
	device.status = 9;
	ck_assert_int_eq(odm_change_obj(CuDv_CLASS, &device), -1);
	set_status("b", 1);
	ck_assert_int_eq(odm_commit(), 0);
	ck_assert_str_eq(changes(3, 4), "changed CuDv name=b 0>1;");
	remove_repository();
}
END_TEST

START_TEST(what_is_undone_can_be_done_again)
{
	char reason[256];
	struct CuDv device;

	make_repository();
	add_device("a", "", 0);
	set_status("a", 1);
	ck_assert_int_eq(odm_rm_obj(CuDv_CLASS, "name = a"), 1);
	ck_assert_int_eq(undo(4, reason, sizeof(reason)), 0);
	ck_assert_ptr_eq(odm_get_first(CuDv_CLASS, "name = a", &device), &device);
	ck_assert_int_eq(device.status, 1);
	ck_assert_int_eq(newest_id(), 5);
	ck_assert_int_eq(newest.undoes, 4);

	ck_assert_int_eq(undo(4, reason, sizeof(reason)), -1);
	ck_assert_ptr_nonnull(strstr(reason, "entry 4 was undone by entry 5"));
	ck_assert_int_eq(undo(5, reason, sizeof(reason)), 0);
	ck_assert_int_eq(count_objects(CuDv_CLASS), 0);
	ck_assert_int_eq(undo(4, reason, sizeof(reason)), 0);
	ck_assert_int_eq(undo(3, reason, sizeof(reason)), 0);
	ck_assert_ptr_eq(odm_get_first(CuDv_CLASS, "name = a", &device), &device);
	ck_assert_int_eq(device.status, 0);
	ck_assert_int_eq(undo(2, reason, sizeof(reason)), 0);
	ck_assert_int_eq(count_objects(CuDv_CLASS), 0);
	ck_assert_int_eq(undo(77, reason, sizeof(reason)), -1);
	ck_assert_int_eq(odmerrno, ODMI_NO_OBJECT);
	remove_repository();
}
END_TEST

START_TEST(what_changed_since_is_not_undone)
{
	char reason[256];

	make_repository();
	ck_assert_int_eq(odm_begin(), 0);
	add_device("a", "", 0);
	add_device("b", "", 0);
	ck_assert_int_eq(odm_commit(), 0);
	set_status("b", 1);
	long long before = newest_id();
	ck_assert_int_eq(undo(2, reason, sizeof(reason)), -1);
	ck_assert_int_eq(odmerrno, ODMI_PARAMS);
	ck_assert_ptr_nonnull(strstr(reason, "entry 3 changed it since"));
	ck_assert_int_eq(count_objects(CuDv_CLASS), 2);
	ck_assert_int_eq(newest_id(), before);
	remove_repository();
}
END_TEST

START_TEST(a_removed_class_comes_back_with_its_objects_and_indexes)
{
	char reason[256];
	struct CuDv device;
	long active, deleted;

	make_repository();
	for (int i = 0; i < 5000; i++) {
		char name[16];
		snprintf(name, sizeof(name), "d%d", i);
		if (i == 0)
			ck_assert_int_eq(odm_begin(), 0);
		add_device(name, "", 0);
	}
	ck_assert_int_eq(odm_commit(), 0);
	ck_assert_int_eq(odm_rm_class(CuDv_CLASS), 0);
	ck_assert_ptr_eq(odm_get_first(CuDv_CLASS, "", &device), FAILED);
	ck_assert_int_eq(odmerrno, ODMI_CLASS_DNE);
	ck_assert_ptr_nonnull(strstr(changes(2, 3), "class- CuDv;"));
	ck_assert_int_eq(undo(3, reason, sizeof(reason)), 0);
	ck_assert_ptr_eq(odm_get_first(CuDv_CLASS, "name = d4711", &device), &device);
	ck_assert_int_eq(odm_population(CuDv_CLASS, &active, &deleted), 0);
	ck_assert_int_eq(active, 5000);

	sqlite3 *database;
	sqlite3_stmt *row;
	char file[64];
	snprintf(file, sizeof(file), "%s/odm.db", repository);
	sqlite3_open(file, &database);
	sqlite3_prepare_v2(database,
		"SELECT count(*) FROM sqlite_master WHERE type = 'index' AND tbl_name = 'CuDv'", -1,
		&row, NULL);
	ck_assert_int_eq(sqlite3_step(row), SQLITE_ROW);
	ck_assert_int_eq(sqlite3_column_int(row, 0), 3);
	sqlite3_finalize(row);
	sqlite3_close(database);

	/* A class with objects is not undone; an empty one is. */
	ck_assert_int_eq(undo(2, reason, sizeof(reason)), 0);
	ck_assert_int_eq(undo(1, reason, sizeof(reason)), 0);
	ck_assert_ptr_eq(odm_mount_class("CuAt"), FAILED);
	remove_repository();
}
END_TEST

START_TEST(the_creation_of_a_class_in_use_is_not_undone)
{
	char reason[256];

	make_repository();
	add_device("a", "", 0);
	ck_assert_int_eq(undo(1, reason, sizeof(reason)), -1);
	ck_assert_msg(strstr(reason, "class CuDv has objects that were added since") != NULL, "%s",
		reason);
	ck_assert_int_eq(count_objects(CuDv_CLASS), 1);
	remove_repository();
}
END_TEST

START_TEST(a_large_transaction_is_stored_in_parts_and_undone_whole)
{
	enum { OBJECTS = 30000 };
	char value[200], reason[256];
	struct CuAt attribute = {.name = "hdisk0", .value = value};

	make_repository();
	memset(value, 'x', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	ck_assert_int_eq(odm_begin(), 0);
	for (int i = 0; i < OBJECTS; i++) {
		snprintf(attribute.attribute, sizeof(attribute.attribute), "a%d", i);
		ck_assert_int_gt(odm_add_obj(CuAt_CLASS, &attribute), 0);
	}
	/* Change some that are stored already, in the same transaction. */
	ck_assert_int_eq(odm_rm_obj(CuAt_CLASS, "attribute IN (a0, a1)"), 2);
	ck_assert_int_eq(odm_commit(), 0);
	ck_assert_int_eq(newest_id(), 2);
	ck_assert_int_eq(count_objects(CuAt_CLASS), OBJECTS - 2);
	ck_assert_int_eq(odm_rm_obj(CuAt_CLASS, NULL), OBJECTS - 2);
	ck_assert_int_eq(undo(3, reason, sizeof(reason)), 0);
	ck_assert_int_eq(count_objects(CuAt_CLASS), OBJECTS - 2);
	ck_assert_msg(undo(2, reason, sizeof(reason)) == 0, "%s", reason);
	ck_assert_int_eq(count_objects(CuAt_CLASS), 0);
	remove_repository();
}
END_TEST

SUITE_MAIN("history", every_transaction_is_one_entry, a_change_that_fails_leaves_no_trace,
	what_is_undone_can_be_done_again, what_changed_since_is_not_undone,
	a_removed_class_comes_back_with_its_objects_and_indexes,
	the_creation_of_a_class_in_use_is_not_undone,
	a_large_transaction_is_stored_in_parts_and_undone_whole)
