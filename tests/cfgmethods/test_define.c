/* The Define and Undefine methods. */
#include "suite.h"

#include "root.h"

#define TMSCSI "-c tmscsi -s scsi -t tmscsi "

static void make_machine(void)
{
	root_make();
	configure_machine();
}

START_TEST(a_defined_device_is_named_and_placed)
{
	AUTO(method_output_release) struct method_output output = {0};

	make_machine();
	ck_assert_int_eq(run(&output, "define", TMSCSI "-p scsi0 -w 3,0"), E_OK);
	ck_assert_str_eq(output.names.data, "tmscsi2 ");
	ck_assert_int_eq(count_objects(CuDv_CLASS, "name=tmscsi2 and status=0 and parent=scsi0 and "
						   "connwhere='3,0' and ddins=tmscsi and "
						   "PdDvLn=tmscsi/scsi/tmscsi"),
		1);
	ck_assert_int_eq(count_objects(CuAt_CLASS, "name=tmscsi2"), 0);
	root_remove();
}
END_TEST

START_TEST(the_device_that_is_defined_there_is_meant)
{
	AUTO(method_output_release) struct method_output output = {0};

	make_machine();
	run_well("ucfggen", "-l tmscsi1");
	int before = count_objects(CuDv_CLASS, "");
	ck_assert_int_eq(run(&output, "define", TMSCSI "-p scsi1 -w 7,0"), E_OK);
	ck_assert_str_eq(output.names.data, "tmscsi1 ");
	ck_assert_int_eq(count_objects(CuDv_CLASS, ""), before);
	root_remove();
}
END_TEST

START_TEST(a_name_may_be_wished_for)
{
	AUTO(method_output_release) struct method_output output = {0};

	make_machine();
	ck_assert_int_eq(run(&output, "define", TMSCSI "-p scsi0 -w 3,0 -l spare"), E_OK);
	ck_assert_str_eq(output.names.data, "spare ");
	run_refused(E_LNAME, "taken", "define", TMSCSI "-p scsi0 -w 4,0 -l spare");
	run_refused(E_LNAME, "logical name", "define",
		TMSCSI "-p scsi0 -w 4,0 -l much_too_long_a_name");
	run_refused(E_LNAME, "logical name", "define", TMSCSI "-p scsi0 -w 4,0 -l ../x");
	root_remove();
}
END_TEST

START_TEST(wrong_definitions_are_refused)
{
	make_machine();
	int before = count_objects(CuDv_CLASS, "");
	run_refused(E_TYPE, "no device type", "define", "-c disk -s scsi -t nosuch");
	run_refused(E_PARENT, "nosuch", "define", TMSCSI "-p nosuch -w 3,0");
	run_refused(E_INVCONNECT, "no connection", "define", TMSCSI "-p sys0 -w 3,0");
	run_refused(E_ARGS, "go together", "define", TMSCSI "-p scsi0");
	run_refused(E_ARGS, "are needed", "define", "-c disk");
	run_refused(E_ARGS, "flag", "define", TMSCSI "-x");
	ck_assert_int_eq(count_objects(CuDv_CLASS, ""), before);
	root_remove();
}
END_TEST

START_TEST(undefine_removes_all_that_a_device_has)
{
	make_machine();
	run_well("chggen", "-l tmscsi1 -a num_bufs=64");
	ck_assert(root_has("special/tmscsi1.tm"));
	run_well("ucfggen", "-l tmscsi1");
	add_stanza("CuVPD:\n\tname = tmscsi1\n\nCuDep:\n\tname = tmscsi1\n\tdependency = scsi0\n");
	run_well("undefine", "-l tmscsi1");
	ck_assert_int_eq(count_objects(CuDv_CLASS, "name=tmscsi1"), 0);
	ck_assert_int_eq(count_objects(CuAt_CLASS, "name=tmscsi1"), 0);
	ck_assert_int_eq(count_objects(CuDvDr_CLASS, "value3=tmscsi1"), 0);
	ck_assert_int_eq(count_objects(CuVPD_CLASS, "name=tmscsi1"), 0);
	ck_assert_int_eq(count_objects(CuDep_CLASS, "name=tmscsi1"), 0);
	ck_assert(!root_has("special/tmscsi1.im"));
	ck_assert(!root_has("special/tmscsi1.tm"));
	ck_assert(root_has("special/tmscsi0.tm"));
	root_remove();
}
END_TEST

START_TEST(undefine_is_refused_while_the_device_is_needed)
{
	make_machine();
	run_refused(E_STATE, "rmdev -l tmscsi1", "undefine", "-l tmscsi1");
	run_well("ucfggen", "-l tmscsi1");
	run_well("ucfggen", "-l scsi1");
	run_refused(E_CHILDSTATE, "tmscsi1", "undefine", "-l scsi1");
	add_stanza("CuDep:\n\tname = hdisk0\n\tdependency = tmscsi1\n");
	run_refused(E_DEPENDENCY, "hdisk0 depends", "undefine", "-l tmscsi1");
	run_refused(E_NOCuDv, "nosuch", "undefine", "-l nosuch");
	ck_assert_int_eq(status_of("tmscsi1"), DEFINED);
	root_remove();
}
END_TEST

SUITE_MAIN("define", a_defined_device_is_named_and_placed,
	the_device_that_is_defined_there_is_meant, a_name_may_be_wished_for,
	wrong_definitions_are_refused, undefine_removes_all_that_a_device_has,
	undefine_is_refused_while_the_device_is_needed)
