/* rendev: renames a device; a configured one is unconfigured for that and configured again. */
#include "base/foreign.h"
#include "base/message.h"
#include "cfgmethods/rename.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "commands.h"

static const char usage[] = "rendev -l Name [-n NewName] [-u] [-f File] [-h]";

struct request {
	const char *name, *new_name;
	bool leave_defined;
};

static const struct argument stored[] = {
	ARGUMENT_TEXT('l', struct request, name),
	ARGUMENT_TEXT('n', struct request, new_name),
	ARGUMENT_FLAG('u', struct request, leave_defined),
	{0},
};

/* Without -n: the prefix of the type and the next free number. */
static bool choose_name(const struct device *device, char name[16])
{
	int number = genseq(device->pddv.prefix);

	if (number >= 0 && snprintf(name, 16, "%s%d", device->pddv.prefix, number) < 16)
		return true;
	message("no name with prefix %s is free", device->pddv.prefix);
	return false;
}

static bool rename_device(const struct request *request, const struct device *device)
{
	AUTO(method_output_release) struct method_output output = {0};
	bool configured = device->cudv.status != DEFINED;
	char chosen[16];

	if (request->new_name == NULL && !choose_name(device, chosen))
		return false;
	const char *new_name = request->new_name != NULL ? request->new_name : chosen;
	if (configured && !device_command_run(device->pddv.Unconfigure, request->name))
		return false;
	int code = device_rename(request->name, new_name, &output);
	if (code != E_OK) {
		device_command_report("rename", code, &output);
		new_name = request->name;
	}
	bool again = configured && (code != E_OK || !request->leave_defined);
	if (again && !device_command_run(device->pddv.Configure, new_name))
		return false;
	if (code == E_OK)
		foreign_printf(stdout, "%s\n", new_name);
	return code == E_OK;
}

int rendev_main(int argc, char **argv)
{
	static const struct syntax syntax = {usage, "l:n:uf:h", NULL, stored, NULL};
	AUTO(device_release) struct device device = {0};
	struct request request = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if (request.name == NULL)
		return usage_mistake(usage, "the device is missing: -l Name");
	if (!device_command_begin(true))
		return EXIT_FAILED;
	return device_command_find(request.name, &device) && rename_device(&request, &device)
		       ? 0
		       : EXIT_FAILED;
}
