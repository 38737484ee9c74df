#include "suite.h"

#include <cf.h>
#include <string.h>

#include "repository_fixture.h"

static void add_attribute(const char *name, char *deflt, char *values, const char *rep)
{
	struct PdAt attribute = {.uniquetype = "disk/scsi/vdisk",
		.deflt = deflt,
		.values = values,
		.type = "R",
		.generic = "DU"};

	strcpy(attribute.attribute, name);
	strcpy(attribute.rep, rep);
	ck_assert_int_gt(odm_add_obj(PdAt_CLASS, &attribute), 0);
}

static void make_device(void)
{
	make_repository();
	setenv("ODMCFG_ROOT", repository, 1);
	add_device("hdisk0", "scsi0", 0);
	add_attribute("depth", "3", "1-64,1", "nr");
	add_attribute("step", "0", "0-4096,512", "nr");
	add_attribute("mode", "yes", "yes,no", "sl");
	add_attribute("size", "0x10", "16,32", "nl");
	add_attribute("label", "", "", "s");
}

static void expect_value(const char *attribute, const char *value)
{
	int count;
	struct CuAt *found = getattr("hdisk0", attribute, FALSE, &count);

	ck_assert_ptr_nonnull(found);
	ck_assert_int_eq(count, 1);
	ck_assert_str_eq(found->value, value);
	freeattr(found, count);
}

static int stored(void)
{
	struct listinfo info;
	struct CuAt *list = get_CuAt_list(CuAt_CLASS, "name = hdisk0", &info, 1, 1);

	odm_free_list(list, &info);
	return info.num;
}

static void put_value(const char *attribute, char *value)
{
	struct CuAt object = {.name = "hdisk0", .value = value};

	strcpy(object.attribute, attribute);
	ck_assert_int_eq(putattr(&object), 0);
}

START_TEST(only_what_differs_from_the_default_is_stored)
{
	make_device();
	expect_value("depth", "3");
	put_value("depth", "3");
	ck_assert_int_eq(stored(), 0);
	put_value("depth", "9");
	expect_value("depth", "9");
	put_value("depth", "10");
	expect_value("depth", "10");
	ck_assert_int_eq(stored(), 1);
	put_value("depth", "3");
	ck_assert_int_eq(stored(), 0);
	expect_value("depth", "3");
	remove_repository();
}
END_TEST

START_TEST(all_attributes_are_merged)
{
	int count;

	make_device();
	put_value("depth", "9");
	put_value("pvid", "none of the type's");
	struct CuAt *all = getattr("hdisk0", "", TRUE, &count);
	ck_assert_int_eq(count, 6);
	freeattr(all, count);
	ck_assert_ptr_null(getattr("hdisk0", "nosuch", FALSE, &count));
	ck_assert_ptr_null(getattr("nosuch", "depth", FALSE, &count));
	remove_repository();
}
END_TEST

static void expect_bad(const char *assignments, const char *names)
{
	char *bad;
	int count = attrval("disk/scsi/vdisk", assignments, &bad);

	ck_assert_msg(strcmp(bad, names) == 0, "%s: %s", assignments, bad);
	ck_assert_int_eq(count == 0, *names == '\0');
	free(bad);
}

START_TEST(values_are_checked_against_lists_and_ranges)
{
	make_device();
	expect_bad("depth=1 depth=64 depth=0x40 mode=no label= size=020", "");
	expect_bad("depth=0", "depth");
	expect_bad("depth=65 mode=maybe step=512", "depth mode");
	expect_bad("step=513", "step");
	expect_bad("depth=", "depth");
	expect_bad("depth=1x", "depth");
	expect_bad("size=17", "size");
	expect_bad("nosuch=1 depth", "nosuch depth");
	remove_repository();
}
END_TEST

START_TEST(numbers_are_the_lowest_free_and_come_back)
{
	int count;

	make_device();
	int major_number = genmajor("scdisk");
	ck_assert_int_gt(major_number, 0);
	ck_assert_int_eq(genmajor("scdisk"), major_number);
	ck_assert_int_eq(genmajor("other"), major_number + 1);

	int *one = genminor("hdisk0", major_number, -1, 1, 1, 1);
	int *pair = genminor("pair", major_number, -1, 2, 1, 2);
	ck_assert_int_eq(one[0], 0);
	ck_assert_int_eq(pair[0], 2);
	ck_assert_int_eq(pair[1], 3);
	ck_assert_ptr_null(genminor("x", major_number, 2, 1, 1, 1));
	free(one);
	free(pair);

	int *minors = getminor(major_number, &count, NULL);
	ck_assert_int_eq(count, 3);
	free(minors);
	ck_assert_int_eq(reldevno("pair", TRUE), 0);
	ck_assert_ptr_null(getminor(major_number, &count, "pair"));
	ck_assert_int_eq(reldevno("hdisk0", TRUE), 0);
	ck_assert_int_eq(genmajor("third"), major_number);
	ck_assert_int_eq(genseq("hdisk"), 1);
	ck_assert_int_eq(genseq("tape"), 0);
	remove_repository();
}
END_TEST

SUITE_MAIN("libcfg", only_what_differs_from_the_default_is_stored, all_attributes_are_merged,
	values_are_checked_against_lists_and_ranges, numbers_are_the_lowest_free_and_come_back)
