/* The generic Undefine method. */
#include "change_mark.h"
#include "machine.h"
#include "path.h"
#include "running.h"

static int check_unused(const struct device *device, struct method_output *output)
{
	char child[16];
	struct CuDep dependency;
	const char *name = device->cudv.name;

	if (device->cudv.status != DEFINED)
		return method_fail(output, E_STATE, "%s is %s; unconfigure it first: rmdev -l %s.",
			name, device_status_name(device->cudv.status), name);
	int found = path_last_child(name, PATH_ANY, child);
	if (found == 0)
		found = path_last_user(name, PATH_ANY, child);
	if (found == 1)
		return method_fail(output, E_CHILDSTATE,
			"%s has the child %s; remove that first, or use rmdev -R.", name, child);
	if (found == 0) {
		found = find_object(CuDep_CLASS, &dependency, "dependency = %s", name);
		if (found == 1)
			return method_fail(
				output, E_DEPENDENCY, "%s depends on %s.", dependency.name, name);
	}
	return found < 0 ? method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno)) : E_OK;
}

/* What the kernel had of its attributes is of no use without it. 0 or -1. */
static int forget_originals(const char *name)
{
	int before = odm_pause_history(true);
	int result = remove_objects(CuKern_CLASS, "name = %s", name);

	odm_pause_history(before);
	return result < 0 ? -1 : 0;
}

static int remove_rows(const char *name)
{
	if (forget_originals(name) < 0 || reldevno(name, TRUE) < 0 ||
		remove_objects(CuAt_CLASS, "name = %s", name) < 0 ||
		remove_objects(CuVPD_CLASS, "name = %s", name) < 0 ||
		remove_objects(CuDep_CLASS, "name = %s", name) < 0 ||
		remove_objects(CuPath_CLASS, "name = %s", name) < 0 ||
		remove_objects(CuPathAt_CLASS, "name = %s", name) < 0 || running_remove(name) < 0 ||
		path_remove_all(name) < 0)
		return -1;
	return remove_objects(CuDv_CLASS, "name = %s", name);
}

int method_undefine(int argc, char **argv, struct method_output *output)
{
	AUTO(method_flags_release) struct method_flags flags = {0};
	AUTO(device_release) struct device device = {0};

	int code = method_flags_read(argc, argv, "l:", &flags, output);
	if (code == E_OK && flags.device == NULL)
		code = method_fail(output, E_ARGS, "%s: -l Name is missing.", argv[0]);
	if (code == E_OK)
		code = device_find(flags.device, &device, output);
	if (code == E_OK)
		code = check_unused(&device, output);
	if (code != E_OK)
		return code;

	if (odm_begin() < 0)
		return method_fail(output, E_ODMDELETE, "%s.", odm_error_text(odmerrno));
	if (remove_rows(flags.device) < 0) {
		code = method_fail(output, E_ODMDELETE, "%s.", odm_error_text(odmerrno));
		odm_rollback();
		return code;
	}
	change_mark_clear(flags.device);
	genseq_forget();
	machine_forget_places();
	if (odm_commit() < 0)
		return method_fail(output, E_ODMDELETE, "%s.", odm_error_text(odmerrno));
	return E_OK;
}
