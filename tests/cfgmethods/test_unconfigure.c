/* The Unconfigure method. */
#include "suite.h"

#include <unistd.h>

#include "fake_host.h"
#include "root.h"

START_TEST(a_device_is_taken_from_its_driver)
{
	root_make();
	configure_machine();
	run_well("chggen", "-l tmscsi1 -a num_bufs=64");
	run_well("ucfggen", "-l tmscsi1");
	ck_assert_int_eq(status_of("tmscsi1"), DEFINED);
	ck_assert_ptr_null(fake_host_dds("tmscsi1"));
	ck_assert_int_eq(fake_host_loads("tmscsi"), 1);
	/* Attributes, numbers and special files stay. */
	ck_assert_str_eq(value_of("tmscsi1", "num_bufs"), "64");
	ck_assert_int_eq(count_objects(CuDvDr_CLASS, "value3=tmscsi1"), 2);
	ck_assert(root_has("special/tmscsi1.tm"));
	/* Once more is no mistake. */
	run_well("ucfggen", "-l tmscsi1");
	root_remove();
}
END_TEST

START_TEST(configured_children_are_in_the_way)
{
	root_make();
	configure_machine();
	run_refused(E_CHILDSTATE, "tmscsi1", "ucfggen", "-l scsi1");
	ck_assert_int_eq(status_of("scsi1"), AVAILABLE);
	run_well("ucfggen", "-l tmscsi1");
	run_well("ucfggen", "-l scsi1");
	root_remove();
}
END_TEST

START_TEST(an_open_device_stays_configured)
{
	char pid[16];

	root_make();
	configure_machine();
	fake_host_open("tmscsi1", getpid());
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	run_refused(E_BUSY, pid, "ucfggen", "-l tmscsi1");
	ck_assert_int_eq(status_of("tmscsi1"), AVAILABLE);
	ck_assert_ptr_nonnull(fake_host_dds("tmscsi1"));
	ck_assert_int_eq(fake_host_loads("tmscsi"), 2);
	root_remove();
}
END_TEST

START_TEST(a_host_that_lost_the_device_is_no_obstacle)
{
	root_make();
	configure_machine();
	fake_host_restart();
	run_well("ucfggen", "-l tmscsi1");
	ck_assert_int_eq(status_of("tmscsi1"), DEFINED);
	root_remove();
}
END_TEST

SUITE_MAIN("unconfigure", a_device_is_taken_from_its_driver, configured_children_are_in_the_way,
	an_open_device_stays_configured, a_host_that_lost_the_device_is_no_obstacle)
