/* The generic Unconfigure method. */
#include "driver.h"

static int unconfigure(const struct device *device, struct method_output *output)
{
	char child[16];
	const char *name = device->cudv.name;

	if (device->cudv.status == DEFINED)
		return E_OK;
	int found = device_active_child(name, child);
	if (found < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	if (found == 1)
		return method_fail(output, E_CHILDSTATE,
			"Its child %s is still configured; rmdev that first, or use rmdev -R.",
			child);
	int code = driver_unconfigure(device, output);
	if (code != E_OK)
		return code;
	code = device_set_status(name, DEFINED, device->cudv.chgstatus, output);
	if (code != E_OK)
		driver_configure(device, NULL, output);
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
