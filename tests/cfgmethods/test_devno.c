/* Device numbers and names. */
#include "suite.h"

#include <kex.h>
#include <sys/sysmacros.h>

#include "root.h"

START_TEST(a_driver_keeps_its_major_number)
{
	root_make();
	int first = genmajor("one"), second = genmajor("two");
	ck_assert_int_gt(first, 0);
	ck_assert_int_ne(second, first);
	ck_assert_int_eq(genmajor("one"), first);
	ck_assert_int_eq(relmajor("one"), 0);
	ck_assert_int_eq(genmajor("three"), first);
	ck_assert_int_eq(count_objects(CuDvDr_CLASS, "resource='ddins'"), 2);
	root_remove();
}
END_TEST

/* Asks for minors of major 20 and checks the first, -1 for none. */
static void expect_minors(
	const char *device, int preferred, int count, int within, int between, int first)
{
	int *minors = genminor(device, 20, preferred, count, within, between);

	if (first < 0) {
		ck_assert_ptr_null(minors);
		return;
	}
	ck_assert_ptr_nonnull(minors);
	for (int i = 0; i < count; i++)
		ck_assert_int_eq(minors[i], first + i * within);
	free(minors);
}

START_TEST(minor_numbers_fill_gaps_and_are_aligned)
{
	root_make();
	expect_minors("a", -1, 1, 1, 1, 0);
	expect_minors("b", -1, 2, 1, 2, 2);
	expect_minors("c", -1, 1, 1, 1, 1);
	expect_minors("d", 9, 1, 1, 1, 9);
	expect_minors("e", 9, 1, 1, 1, -1);
	expect_minors("f", -1, 3, 4, 4, 4);
	expect_minors("g", -1, 0, 1, 1, -1);
	expect_minors("g", -1, 100000, 100000, 1, -1);
	root_remove();
}
END_TEST

START_TEST(a_block_that_is_taken_gives_nothing)
{
	root_make();
	expect_minors("a", 5, 1, 1, 1, 5);
	int before = count_objects(CuDvDr_CLASS, "");
	expect_minors("b", 4, 2, 1, 1, -1);
	ck_assert_int_eq(count_objects(CuDvDr_CLASS, ""), before);
	root_remove();
}
END_TEST

START_TEST(minor_numbers_are_listed_ascending)
{
	int count;

	root_make();
	expect_minors("a", 7, 1, 1, 1, 7);
	expect_minors("b", 3, 1, 1, 1, 3);
	expect_minors("a", 1, 1, 1, 1, 1);
	int *minors = getminor(20, &count, "a");
	ck_assert_int_eq(count, 2);
	ck_assert_int_eq(minors[0], 1);
	ck_assert_int_eq(minors[1], 7);
	free(minors);
	minors = getminor(20, &count, NULL);
	ck_assert_int_eq(count, 3);
	ck_assert_int_eq(minors[1], 3);
	free(minors);
	ck_assert_ptr_null(getminor(20, &count, "nosuch"));
	ck_assert_int_eq(count, 0);
	root_remove();
}
END_TEST

START_TEST(released_numbers_take_their_special_files_along)
{
	root_make();
	int major_number = genmajor("driver");
	free(genminor("a", major_number, 0, 1, 1, 1));
	free(genminor("b", major_number, 1, 1, 1, 1));
	ck_assert_int_eq(special_file_make("a", makedev((unsigned)major_number, 0), 0600), 0);
	ck_assert_int_eq(special_file_make("b", makedev((unsigned)major_number, 1), 0600), 0);

	ck_assert_int_eq(reldevno("a", TRUE), 0);
	ck_assert(!root_has("special/a"));
	ck_assert(root_has("special/b"));
	ck_assert_int_eq(count_objects(CuDvDr_CLASS, "resource='ddins'"), 1);
	ck_assert_int_eq(reldevno("b", TRUE), 0);
	ck_assert(!root_has("special/b"));
	ck_assert_int_eq(count_objects(CuDvDr_CLASS, ""), 0);
	root_remove();
}
END_TEST

START_TEST(the_lowest_free_sequence_number_is_used_again)
{
	root_make();
	ck_assert_int_eq(genseq("hdisk"), 0);
	add_stanza("CuDv:\n\tname = hdisk0\n\nCuDv:\n\tname = hdisk2\n\nCuDv:\n\tname = hdisk1x\n");
	ck_assert_int_eq(genseq("hdisk"), 1);
	ck_assert_int_eq(genseq("tmscsi"), 0);
	root_remove();
}
END_TEST

SUITE_MAIN("devno", a_driver_keeps_its_major_number, minor_numbers_fill_gaps_and_are_aligned,
	a_block_that_is_taken_gives_nothing, minor_numbers_are_listed_ascending,
	released_numbers_take_their_special_files_along,
	the_lowest_free_sequence_number_is_used_again)
