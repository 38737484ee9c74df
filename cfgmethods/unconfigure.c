/* The generic Unconfigure method. */
#include "change_mark.h"
#include "driver.h"
#include "kernel.h"
#include "path.h"

/* A device that another path leads to stays; one that has no other does not let its adapter go. */
static int check_unused(const char *name, struct method_output *output)
{
	char child[16];
	int found = path_last_child(name, PATH_ENABLED, child);

	if (found == 1)
		return method_fail(output, E_CHILDSTATE,
			"Its child %s is still configured; rmdev that first, or use rmdev -R.",
			child);
	if (found == 0)
		found = path_last_user(name, PATH_ENABLED, child);
	if (found == 1)
		return method_fail(output, E_CHILDSTATE,
			"%s has no other path that is Enabled; rmdev it first, or use rmdev -R.",
			child);
	return found < 0 ? method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno)) : E_OK;
}

static int store_defined(const struct device *device, struct method_output *output)
{
	const char *name = device->cudv.name;
	AUTO(transaction_release) struct transaction transaction = {0};

	if (transaction_begin(&transaction) < 0)
		return method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	int code = device_set_status(name, DEFINED, device->cudv.chgstatus, output);
	if (code != E_OK)
		return code;
	if (path_unconfigure_all(name) < 0 || path_release_all(name) < 0 ||
		transaction_commit(&transaction) < 0)
		return method_fail(output, E_ODMUPDATE, "%s: %s.", name, odm_error_text(odmerrno));
	return E_OK;
}

static int unconfigure(const struct device *device, struct method_output *output)
{
	const char *name = device->cudv.name;

	if (device->cudv.status == DEFINED)
		return E_OK;
	int code = check_unused(name, output);
	if (code == E_OK)
		code = kernel_check_unused(&device->cudv, output);
	if (code == E_OK)
		code = driver_unconfigure(device, output);
	if (code == E_OK) {
		code = store_defined(device, output);
		if (code != E_OK && driver_configure(device, NULL, output) != E_OK)
			return code;
	}
	if (driver_type(device) != NULL)
		change_mark_clear(name);
	return code;
}

int method_unconfigure(int argc, char **argv, struct method_output *output)
{
	AUTO(method_flags_release) struct method_flags flags = {0};
	AUTO(device_release) struct device device = {0};

	int code = method_flags_read(argc, argv, "l:", &flags, output);
	if (code == E_OK && flags.device == NULL)
		code = method_fail(output, E_ARGS, "%s: -l Name is missing.", argv[0]);
	if (code == E_OK)
		code = device_find(flags.device, &device, output);
	return code == E_OK ? unconfigure(&device, output) : code;
}
