/*
 * The generic Start and Stop methods: a Stopped device is configured, and its driver has it, but
 * nobody can open it.
 */
#include "driver.h"

static int check_stop(const struct device *device, struct method_output *output)
{
	char child[16];
	int found = device_active_child(device->cudv.name, child);

	if (found < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	if (found == 1)
		return method_fail(output, E_CHILDSTATE,
			"Its child %s is still configured; rmdev that first.", child);
	return E_OK;
}

static int find(int argc, char **argv, struct device *device, struct method_output *output)
{
	AUTO(method_flags_release) struct method_flags flags = {0};
	int code = method_flags_read(argc, argv, "l:", &flags, output);

	if (code == E_OK && flags.device == NULL)
		code = method_fail(output, E_ARGS, "%s: -l Name is missing.", argv[0]);
	if (code == E_OK)
		code = device_find(flags.device, device, output);
	if (code == E_OK && device->cudv.status == DEFINED)
		code = method_fail(output, E_STATE,
			"%s is Defined; configure it first: mkdev -l %s.", device->cudv.name,
			device->cudv.name);
	return code;
}

/* Driver first; a failure to store takes that step back. */
static int set_stopped(const struct device *device, bool stop, struct method_output *output)
{
	int code = driver_stop(device, stop, output);
	if (code != E_OK)
		return code;

	code = device_set_status(
		device->cudv.name, stop ? STOPPED : AVAILABLE, device->cudv.chgstatus, output);
	if (code != E_OK)
		driver_stop(device, !stop, output);
	return code;
}

int method_start(int argc, char **argv, struct method_output *output)
{
	AUTO(device_release) struct device device = {0};
	int code = find(argc, argv, &device, output);

	return code != E_OK || device.cudv.status == AVAILABLE
		       ? code
		       : set_stopped(&device, false, output);
}

int method_stop(int argc, char **argv, struct method_output *output)
{
	AUTO(device_release) struct device device = {0};
	int code = find(argc, argv, &device, output);

	if (code == E_OK && device.cudv.status == AVAILABLE)
		code = check_stop(&device, output);
	return code != E_OK || device.cudv.status == STOPPED ? code
							     : set_stopped(&device, true, output);
}
