/* The Configure methods against a host that only remembers. */
#include "suite.h"

#include <kex.h>
#include <sys/dds.h>
#include <sys/sysmacros.h>

#include "cfgmethods/driver.h"
#include "fake_host.h"
#include "root.h"

/* A parent's Configure method names its children in the machine's order. */
static void check_children(const char *method, const char *device, const char *children)
{
	AUTO(method_output_release) struct method_output output = {0};
	char arguments[32];

	snprintf(arguments, sizeof(arguments), "-l %s", device);
	ck_assert_int_eq(run(&output, method, arguments), E_OK);
	ck_assert_str_eq(output.names.data, children);
}

START_TEST(the_machine_is_found)
{
	root_make();
	run_well("defsys", "");
	ck_assert_int_eq(status_of("sys0"), DEFINED);
	check_children("cfgsys", "sys0", "vbus0 iscsi0 ");
	ck_assert_int_eq(status_of("sys0"), AVAILABLE);
	check_children("cfgvbus", "vbus0", "scsi0 scsi1 ");
	check_children("cfgvscsi", "scsi0", "tmscsi0 hdisk0 ");
	check_children("cfgvscsi", "scsi1", "tmscsi1 ");
	ck_assert_int_eq(status_of("tmscsi0"), DEFINED);
	ck_assert_int_eq(count_objects(CuDv_CLASS,
				 "name=hdisk0 and location='00-00-00-0,0' and chgstatus=0"),
		1);
	ck_assert_str_eq(value_of("tmscsi0", "scsi_id"), "6");
	ck_assert_str_eq(value_of("scsi1", "id"), "6");
	ck_assert_str_eq(value_of("hdisk0", "size_in_mb"), "64");
	root_remove();
}
END_TEST

START_TEST(the_adapter_s_interrupt_class_reaches_the_child_s_dds)
{
	root_make();
	configure_machine();
	run_well("ucfggen", "-l tmscsi1");
	run_well("ucfggen", "-l scsi1");
	run_well("chggen", "-l scsi1 -a intr_priority=2 -a max_xfer_size=0x20000");
	run_well("chggen", "-l tmscsi1 -a num_bufs=64");
	run_well("cfgvscsi", "-l scsi1");
	run_well("cfgtmscsi", "-l tmscsi1");

	const struct tmscsi_dds *dds = fake_host_dds("tmscsi1");
	ck_assert_ptr_nonnull(dds);
	ck_assert_uint_eq(dds->intr_priority, 2);
	ck_assert_uint_eq(dds->max_transfer, 0x20000);
	ck_assert_uint_eq(dds->num_bufs, 64);
	ck_assert_uint_eq(dds->scsi_id, 7);
	ck_assert_str_eq(dds->adapter_name, "scsi1");
	AUTO(device_release) struct device adapter = {0};
	AUTO(method_output_release) struct method_output output = {0};
	dev_t devno;
	ck_assert_int_eq(device_find("scsi1", &adapter, &output), E_OK);
	ck_assert(device_devno(&adapter, &devno));
	ck_assert_uint_eq(dds->adap_devno, devno);
	const struct tmscsi_dds *other = fake_host_dds("tmscsi0");
	ck_assert_uint_eq(other->intr_priority, 3);
	root_remove();
}
END_TEST

START_TEST(a_device_gets_its_special_files)
{
	dev_t initiator, target;

	root_make();
	configure_machine();
	ck_assert_int_eq(special_file_read("tmscsi1.im", 0, &initiator), 0);
	ck_assert_int_eq(special_file_read("tmscsi1.tm", 0, &target), 0);
	ck_assert_uint_eq(major(initiator), major(target));
	ck_assert_uint_eq(minor(initiator) % 2, 0);
	ck_assert_uint_eq(minor(target), minor(initiator) + 1);
	ck_assert(root_has("special/scsi0"));
	ck_assert(root_has("special/hdisk0"));
	root_remove();
}
END_TEST

START_TEST(configuring_again_changes_nothing)
{
	root_make();
	configure_machine();
	int inits = fake_host_inits(), devices = count_objects(CuDv_CLASS, "");
	configure_machine();
	ck_assert_int_eq(fake_host_inits(), inits);
	ck_assert_int_eq(count_objects(CuDv_CLASS, ""), devices);
	ck_assert_int_eq(fake_host_loads("vscsi"), 2);
	root_remove();
}
END_TEST

START_TEST(a_refused_device_stays_defined_and_its_driver_is_unloaded)
{
	root_make();
	configure_machine();
	run_well("ucfggen", "-l hdisk0");
	fake_host_refuse_init(0, 1, "no disk answers");
	run_refused(E_CFGINIT, "no disk answers", "cfgscdisk", "-l hdisk0");
	ck_assert_int_eq(status_of("hdisk0"), DEFINED);
	ck_assert_int_eq(fake_host_loads("scdisk"), 0);
	run_well("cfgscdisk", "-l hdisk0");
	ck_assert_int_eq(fake_host_loads("scdisk"), 1);
	root_remove();
}
END_TEST

START_TEST(a_child_takes_what_its_parent_runs_with)
{
	root_make();
	configure_machine();
	run_well("ucfggen", "-l tmscsi1");
	add_stanza("CuAt:\n\tname = scsi1\n\tattribute = intr_priority\n\tvalue = 1\n");
	run_well("cfgtmscsi", "-l tmscsi1");
	const struct tmscsi_dds *dds = fake_host_dds("tmscsi1");
	ck_assert_uint_eq(dds->intr_priority, 3);
	root_remove();
}
END_TEST

START_TEST(a_wrong_dds_never_reaches_the_driver)
{
	root_make();
	configure_machine();
	run_well("ucfggen", "-l tmscsi1");
	add_stanza("CuAt:\n\tname = tmscsi1\n\tattribute = num_bufs\n\tvalue = 9\n");
	int inits = fake_host_inits();
	run_refused(E_BADATTR, "num_bufs 9: outside 16-4096", "cfgtmscsi", "-l tmscsi1");
	ck_assert_int_eq(fake_host_inits(), inits);
	ck_assert_int_eq(status_of("tmscsi1"), DEFINED);
	ck_assert_int_eq(fake_host_loads("tmscsi"), 1);
	root_remove();
}
END_TEST

START_TEST(the_parent_comes_first)
{
	root_make();
	configure_machine();
	run_well("ucfggen", "-l tmscsi1");
	run_well("ucfggen", "-l scsi1");
	run_refused(E_PARENTSTATE, "scsi1 is Defined", "cfgtmscsi", "-l tmscsi1");
	run_refused(E_NOCuDv, "nosuch", "cfgtmscsi", "-l nosuch");
	run_refused(E_ARGS, "-l Name is missing", "cfgtmscsi", "");
	run_refused(E_ARGS, "", "cfgtmscsi", "-1 -2 -l tmscsi1");
	root_remove();
}
END_TEST

START_TEST(after_a_restart_the_database_wins)
{
	root_make();
	configure_machine();
	fake_host_restart();
	run_well("cfgtmscsi", "-l tmscsi1");
	ck_assert_ptr_nonnull(fake_host_dds("vbus0"));
	ck_assert_ptr_nonnull(fake_host_dds("scsi1"));
	ck_assert_ptr_nonnull(fake_host_dds("tmscsi1"));
	ck_assert_ptr_null(fake_host_dds("scsi0"));
	configure_machine();
	ck_assert_ptr_nonnull(fake_host_dds("hdisk0"));
	ck_assert_int_eq(fake_host_loads("tmscsi"), 2);
	root_remove();
}
END_TEST

START_TEST(a_device_that_only_its_driver_has_is_configured_anew)
{
	AUTO(device_release) struct device device = {0};
	AUTO(method_output_release) struct method_output output = {0};
	dev_t devno;

	root_make();
	configure_machine();
	run_well("ucfggen", "-l tmscsi1");
	ck_assert_int_eq(device_find("tmscsi1", &device, &output), E_OK);
	ck_assert(device_devno(&device, &devno));
	fake_host_adopt(devno, "tmscsi", "tmscsi1");
	run_well("cfgtmscsi", "-l tmscsi1");
	ck_assert_ptr_nonnull(fake_host_dds("tmscsi1"));
	ck_assert_int_eq(fake_host_loads("tmscsi"), 2);
	root_remove();
}
END_TEST

START_TEST(what_the_host_brings_back_in_between_is_configured)
{
	root_make();
	configure_machine();
	int inits = fake_host_inits();
	/* Asked for by Configure and for the driver: by the CFG_INIT it is there. */
	fake_host_hide("tmscsi1", 2);
	run_well("cfgtmscsi", "-l tmscsi1");
	ck_assert_int_eq(fake_host_inits(), inits);
	ck_assert_ptr_nonnull(fake_host_dds("tmscsi1"));
	ck_assert_int_eq(fake_host_loads("tmscsi"), 2);
	root_remove();
}
END_TEST

START_TEST(what_vanished_is_missing_until_it_comes_back)
{
	root_make();
	configure_machine();
	root_write("etc/machine.cfg", "buses = ( { location = \"00\"; adapters = (\n"
				      " { slot = \"00\"; scsi_id = 7; } ); } );\n");
	run_well("cfgvbus", "-l vbus0");
	run_well("cfgvscsi", "-l scsi0");
	ck_assert_int_eq(count_objects(CuDv_CLASS, "chgstatus=3"), 3);
	ck_assert_int_eq(count_objects(CuDv_CLASS, "name=scsi0 and chgstatus=3"), 0);

	root_write("etc/machine.cfg", "buses = ( { location = \"00\"; adapters = (\n"
				      " { slot = \"00\"; scsi_id = 7; },\n"
				      " { slot = \"01\"; scsi_id = 6; } ); } );\n");
	run_well("cfgvbus", "-l vbus0");
	ck_assert_int_eq(count_objects(CuDv_CLASS, "name=scsi1 and chgstatus=2"), 1);
	root_remove();
}
END_TEST

START_TEST(a_peer_without_target_mode_is_no_target)
{
	root_make();
	configure_machine();
	run_well("ucfggen", "-l tmscsi1");
	run_well("undefine", "-l tmscsi1");
	run_well("ucfggen", "-l tmscsi0");
	run_well("ucfggen", "-l hdisk0");
	run_well("ucfggen", "-l scsi0");
	run_well("chggen", "-l scsi0 -a tm=no");
	check_children("cfgvscsi", "scsi0", "hdisk0 ");
	run_well("cfgvscsi", "-l scsi1");
	ck_assert_int_eq(status_of("tmscsi1"), -1);
	root_remove();
}
END_TEST

SUITE_MAIN("configure", the_machine_is_found, the_adapter_s_interrupt_class_reaches_the_child_s_dds,
	a_device_gets_its_special_files, configuring_again_changes_nothing,
	a_refused_device_stays_defined_and_its_driver_is_unloaded,
	a_child_takes_what_its_parent_runs_with, a_wrong_dds_never_reaches_the_driver,
	the_parent_comes_first, after_a_restart_the_database_wins,
	what_the_host_brings_back_in_between_is_configured,
	a_device_that_only_its_driver_has_is_configured_anew,
	what_vanished_is_missing_until_it_comes_back, a_peer_without_target_mode_is_no_target)
