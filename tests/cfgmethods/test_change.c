/* The Change method: database, driver, and what happens when one of them refuses. */
#include "suite.h"

#include <sys/dds.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "fake_host.h"
#include "root.h"

static uint32_t driver_num_bufs(void)
{
	const struct tmscsi_dds *dds = fake_host_dds("tmscsi1");

	ck_assert_ptr_nonnull(dds);
	return dds->num_bufs;
}

START_TEST(an_available_device_and_the_database_are_changed)
{
	root_make();
	configure_machine();
	run_well("chggen", "-l tmscsi1 -a num_bufs=4096");
	ck_assert_uint_eq(driver_num_bufs(), 4096);
	ck_assert_str_eq(value_of("tmscsi1", "num_bufs"), "4096");
	ck_assert_int_eq(status_of("tmscsi1"), AVAILABLE);
	ck_assert_int_eq(fake_host_loads("tmscsi"), 2);
	root_remove();
}
END_TEST

START_TEST(a_defined_device_is_changed_in_the_database_only)
{
	root_make();
	configure_machine();
	run_well("ucfggen", "-l tmscsi1");
	int inits = fake_host_inits();
	run_well("chggen", "-l tmscsi1 -a num_bufs=64");
	ck_assert_int_eq(fake_host_inits(), inits);
	ck_assert_str_eq(value_of("tmscsi1", "num_bufs"), "64");
	root_remove();
}
END_TEST

START_TEST(the_database_alone_can_be_changed)
{
	root_make();
	configure_machine();
	run_well("chggen", "-P -l tmscsi1 -a num_bufs=64");
	ck_assert_uint_eq(driver_num_bufs(), 16);
	ck_assert_str_eq(value_of("tmscsi1", "num_bufs"), "64");
	/* Also of an adapter whose children are configured. */
	run_well("chggen", "-P -l scsi1 -a intr_priority=2");
	root_remove();
}
END_TEST

START_TEST(values_that_are_not_allowed_change_nothing)
{
	root_make();
	configure_machine();
	int inits = fake_host_inits();
	run_refused(E_ATTRVAL, "16 to 4096", "chggen", "-l tmscsi1 -a num_bufs=15");
	run_refused(E_ATTRVAL, "yes,no", "chggen", "-P -l scsi1 -a tm=maybe");
	run_refused(E_ATTRVAL, "nosuch", "chggen", "-l tmscsi1 -a num_bufs=32 -a nosuch=1");
	run_refused(E_ATTRVAL, "scsi_id", "chggen", "-l tmscsi1 -a scsi_id=1");
	run_refused(E_ARGS, "=", "chggen", "-l tmscsi1 -a num_bufs");
	run_refused(
		E_BADATTR, "low_water 33", "chggen", "-l tmscsi1 -a num_bufs=32 -a low_water=33");
	ck_assert_int_eq(fake_host_inits(), inits);
	ck_assert_int_eq(count_objects(CuAt_CLASS, "attribute=num_bufs"), 0);
	root_remove();
}
END_TEST

START_TEST(an_adapter_is_not_changed_under_its_children)
{
	root_make();
	configure_machine();
	run_refused(E_CHILDSTATE, "tmscsi1", "chggen", "-l scsi1 -a intr_priority=2");
	ck_assert_str_eq(value_of("scsi1", "intr_priority"), "3");
	run_well("ucfggen", "-l tmscsi1");
	run_well("chggen", "-l scsi1 -a intr_priority=2");
	const struct vscsi_dds *dds = fake_host_dds("scsi1");
	ck_assert_uint_eq(dds->intr_priority, 2);
	root_remove();
}
END_TEST

START_TEST(an_open_device_is_not_changed)
{
	char pid[16];

	root_make();
	configure_machine();
	fake_host_open("tmscsi1", getpid());
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	run_refused(E_BUSY, pid, "chggen", "-l tmscsi1 -a buf_size=512");
	run_refused(E_BUSY, "-P", "chggen", "-l tmscsi1 -a num_bufs=64 -a buf_size=512");
	ck_assert_uint_eq(driver_num_bufs(), 16);
	ck_assert_str_eq(value_of("tmscsi1", "num_bufs"), "16");

	/* What can be live is, and what is pending otherwise stays so. */
	run_well("chggen", "-l tmscsi1 -a buf_size=512 -P");
	run_well("chggen", "-l tmscsi1 -a num_bufs=64");
	ck_assert_uint_eq(driver_num_bufs(), 64);
	ck_assert_str_eq(value_of("tmscsi1", "num_bufs"), "64");
	run_refused(E_ATTRVAL, "in use", "chggen", "-l tmscsi1 -a buf_size=1024 -U");
	root_remove();
}
END_TEST

START_TEST(what_the_driver_refuses_is_taken_back)
{
	root_make();
	configure_machine();
	fake_host_refuse_init(0, 1, "not today");
	run_refused(E_CFGINIT, "not today", "chggen", "-l tmscsi1 -a num_bufs=64");
	ck_assert_uint_eq(driver_num_bufs(), 16);
	ck_assert_str_eq(value_of("tmscsi1", "num_bufs"), "16");
	ck_assert_int_eq(status_of("tmscsi1"), AVAILABLE);
	ck_assert_int_eq(fake_host_loads("tmscsi"), 2);
	root_remove();
}
END_TEST

START_TEST(a_device_that_its_driver_does_not_take_back_is_defined)
{
	root_make();
	configure_machine();
	fake_host_refuse_init(0, 2, "not today");
	run_refused(E_CFGINIT, "tmscsi1 is Defined now", "chggen", "-l tmscsi1 -a num_bufs=64");
	ck_assert_int_eq(status_of("tmscsi1"), DEFINED);
	ck_assert_str_eq(value_of("tmscsi1", "num_bufs"), "16");
	run_well("cfgtmscsi", "-l tmscsi1");
	ck_assert_uint_eq(driver_num_bufs(), 16);
	root_remove();
}
END_TEST

START_TEST(after_a_restart_the_parents_are_configured_first)
{
	root_make();
	configure_machine();
	fake_host_restart();
	run_well("chggen", "-l tmscsi1 -a num_bufs=64");
	ck_assert_ptr_nonnull(fake_host_dds("vbus0"));
	ck_assert_ptr_nonnull(fake_host_dds("scsi1"));
	ck_assert_uint_eq(driver_num_bufs(), 64);
	root_remove();
}
END_TEST

START_TEST(a_device_that_cannot_be_marked_keeps_its_values)
{
	root_make();
	configure_machine();
	AUTO_FREE char *mark = root_path(ROOT_RUN, "change.tmscsi1");
	ck_assert_ptr_nonnull(mark);
	ck_assert_int_eq(mkdir(mark, 0755), 0);
	run_refused(E_CFGINIT, "run directory", "chggen", "-U -l tmscsi1 -a num_bufs=64");
	run_refused(E_CFGINIT, "run directory", "chggen", "-l tmscsi1 -a num_bufs=64");
	ck_assert_uint_eq(driver_num_bufs(), 16);
	ck_assert_str_eq(value_of("tmscsi1", "num_bufs"), "16");
	ck_assert_int_eq(status_of("tmscsi1"), AVAILABLE);
	ck_assert_int_eq(rmdir(mark), 0);
	root_remove();
}
END_TEST

START_TEST(a_driver_that_is_not_loaded_is_not_asked)
{
	root_make();
	configure_machine();
	fake_host_restart();
	run_refused(E_CFGINIT, "not loaded", "chggen", "-U -l tmscsi1 -a num_bufs=64");
	run_refused(E_BADATTR, "low_water 33", "chggen",
		"-U -l tmscsi1 -a num_bufs=32 -a low_water=33");
	ck_assert_str_eq(value_of("tmscsi1", "num_bufs"), "16");
	root_remove();
}
END_TEST

SUITE_MAIN("change", an_available_device_and_the_database_are_changed,
	a_defined_device_is_changed_in_the_database_only, the_database_alone_can_be_changed,
	values_that_are_not_allowed_change_nothing, an_adapter_is_not_changed_under_its_children,
	an_open_device_is_not_changed, what_the_driver_refuses_is_taken_back,
	a_device_that_its_driver_does_not_take_back_is_defined,
	after_a_restart_the_parents_are_configured_first,
	a_device_that_cannot_be_marked_keeps_its_values, a_driver_that_is_not_loaded_is_not_asked)
