/* libcfg's attributes: what is stored, what is a default, what is allowed. */
#include "suite.h"

#include "root.h"

static void make_tmscsi(void)
{
	root_make();
	configure_machine();
}

START_TEST(a_default_is_read_and_not_stored)
{
	make_tmscsi();
	ck_assert_str_eq(value_of("tmscsi1", "num_bufs"), "16");
	ck_assert_int_eq(count_objects(CuAt_CLASS, "name=tmscsi1 and attribute=num_bufs"), 0);
	root_remove();
}
END_TEST

static void put(const char *device, const char *attribute, const char *value)
{
	int count;
	struct CuAt *object = getattr(device, attribute, FALSE, &count);

	ck_assert_ptr_nonnull(object);
	free(object->value);
	object->value = strdup(value);
	ck_assert_int_eq(putattr(object), 0);
	freeattr(object, count);
}

START_TEST(a_value_is_stored_while_it_is_not_the_default)
{
	make_tmscsi();
	put("tmscsi1", "num_bufs", "64");
	put("tmscsi1", "num_bufs", "65");
	ck_assert_str_eq(value_of("tmscsi1", "num_bufs"), "65");
	ck_assert_int_eq(count_objects(CuAt_CLASS, "name=tmscsi1 and attribute=num_bufs"), 1);
	put("tmscsi1", "num_bufs", "16");
	ck_assert_int_eq(count_objects(CuAt_CLASS, "name=tmscsi1 and attribute=num_bufs"), 0);
	root_remove();
}
END_TEST

START_TEST(all_attributes_come_merged)
{
	int count, num_bufs = 0;

	make_tmscsi();
	put("tmscsi1", "num_bufs", "64");
	struct CuAt *all = getattr("tmscsi1", NULL, TRUE, &count);
	ck_assert_ptr_nonnull(all);
	ck_assert_int_eq(count, count_objects(PdAt_CLASS, "uniquetype=tmscsi/scsi/tmscsi"));
	for (int i = 0; i < count; i++) {
		if (strcmp(all[i].attribute, "num_bufs") != 0)
			continue;
		num_bufs++;
		ck_assert_str_eq(all[i].value, "64");
		ck_assert_str_eq(all[i].generic, "DU+");
	}
	ck_assert_int_eq(num_bufs, 1);
	freeattr(all, count);
	root_remove();
}
END_TEST

START_TEST(an_attribute_that_was_never_predefined_is_kept)
{
	make_tmscsi();
	add_stanza("CuAt:\n\tname = hdisk0\n\tattribute = pvid\n\tvalue = 00ce\n\trep = s\n");
	ck_assert_str_eq(value_of("hdisk0", "pvid"), "00ce");
	root_remove();
}
END_TEST

START_TEST(what_does_not_exist_has_no_attributes)
{
	int count = 7;

	make_tmscsi();
	ck_assert_ptr_null(getattr("nosuch", "num_bufs", FALSE, &count));
	ck_assert_ptr_null(getattr("tmscsi1", "nosuch", FALSE, &count));
	root_remove();
}
END_TEST

/* Checks "assignments" for tmscsi: `bad` are the names refused. */
static void check_values(const char *assignments, const char *bad)
{
	char *names = NULL;
	int expected = *bad != '\0';

	for (const char *blank = bad; *blank != '\0'; blank++)
		expected += *blank == ' ';
	ck_assert_int_eq(attrval("tmscsi/scsi/tmscsi", assignments, &names), expected);
	ck_assert_str_eq(names, bad);
	free(names);
}

START_TEST(values_are_checked_by_range_and_step)
{
	root_make();
	check_values("num_bufs=16 buf_size=4096", "");
	check_values("num_bufs=0x10", "");
	check_values("num_bufs=020", "");
	check_values("num_bufs=15", "num_bufs");
	check_values("num_bufs=4097 buf_size=129", "num_bufs buf_size");
	check_values("num_bufs=", "num_bufs");
	check_values("num_bufs=16x", "num_bufs");
	check_values("num_bufs=-16", "num_bufs");
	check_values("num_bufs=99999999999999999999", "num_bufs");
	check_values("nosuch=1 num_bufs=32", "nosuch");
	root_remove();
}
END_TEST

START_TEST(values_are_checked_by_list)
{
	char *bad = NULL;

	root_make();
	ck_assert_int_eq(attrval("adapter/vbus/vscsi", "tm=no", &bad), 0);
	free(bad);
	ck_assert_int_eq(attrval("adapter/vbus/vscsi", "tm=maybe", &bad), 1);
	free(bad);
	root_remove();
}
END_TEST

SUITE_MAIN("attributes", a_default_is_read_and_not_stored,
	a_value_is_stored_while_it_is_not_the_default, all_attributes_come_merged,
	an_attribute_that_was_never_predefined_is_kept, what_does_not_exist_has_no_attributes,
	values_are_checked_by_range_and_step, values_are_checked_by_list)
