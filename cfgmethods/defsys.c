/* Defines the system, the root of all devices: the first program of Config_Rules. */
#include "children.h"
#include "define.h"

#define SYSTEM "sys0"

/* The type of the system: the one of class sys. */
static int define_system(struct method_output *output)
{
	const struct method_flags flags = {.device = SYSTEM};
	struct PdDv type;

	if (find_object(PdDv_CLASS, &type, "class = 'sys' AND subclass = 'node'") != 1)
		return method_fail(output, E_NOPdDv,
			"No type of class sys is in the predefined database; run odmcfg init.");
	int code = define_device(&type, &flags, output);
	odm_free_members(PdDv_CLASS, &type);
	return code;
}

/* The iSCSI adapter is in no slot: each system has one, which does nothing without a target. */
static int define_initiator(struct method_output *output)
{
	AUTO(method_output_release) struct method_output answer = {0};
	const struct method_flags flags = {.device = "iscsi0", .parent = SYSTEM, .connection = "0"};
	struct CuDv device;
	struct PdDv type;
	int found = find_object(CuDv_CLASS, &device, "PdDvLn = 'driver/iscsi/iscsi'");

	if (found == 1)
		return E_OK;
	if (found == 0)
		found = find_object(PdDv_CLASS, &type, "uniquetype = 'driver/iscsi/iscsi'");
	/* The repository may be older than its type, or do without it. */
	if (found != 1)
		return found < 0 ? method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno))
				 : E_OK;
	int code = define_device(&type, &flags, &answer);
	odm_free_members(PdDv_CLASS, &type);
	return code == E_OK ? E_OK
			    : method_fail(output, code, "%s",
				      answer.reason.data != NULL ? answer.reason.data : "iscsi0");
}

static int store_description(bool is_new, struct method_output *output)
{
	struct machine_device described;
	struct CuDv system;
	char *mistake;
	const struct machine *machine = machine_get_devices(&mistake);
	AUTO_FREE char *owned = mistake;

	if (machine == NULL)
		return method_fail(output, E_FINDCHILD, "%s.", owned != NULL ? owned : "");
	if (find_object(CuDv_CLASS, &system, "name = %s", SYSTEM) != 1)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	described = machine->system;
	memcpy(described.type, system.PdDvLn_Lvalue, sizeof(described.type));
	return described_store(SYSTEM, &described, is_new, output);
}

int method_defsys(int argc, char **argv, struct method_output *output)
{
	AUTO(method_flags_release) struct method_flags flags = {0};
	AUTO(transaction_release) struct transaction transaction = {0};
	struct CuDv system;
	int code = method_flags_read(argc, argv, "", &flags, output);

	if (code != E_OK)
		return code;
	if (transaction_begin(&transaction) < 0)
		return method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	int found = find_object(CuDv_CLASS, &system, "name = %s", SYSTEM);
	if (found < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	if (found == 1)
		text_append(&output->names, SYSTEM " ");
	else
		code = define_system(output);
	if (code == E_OK)
		code = define_initiator(output);
	if (code == E_OK)
		code = store_description(found == 0, output);
	if (code == E_OK && transaction_commit(&transaction) < 0)
		code = method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	return code;
}
