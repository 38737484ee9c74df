/* rmdev: unconfigures or stops a device, and with -d removes it from the database. */
#include "arguments.h"
#include "base/foreign.h"
#include "base/message.h"
#include "commands.h"
#include "device_command.h"
#include "interrupt.h"

static const char usage[] = "rmdev {-l | -p} Name [-d | -S] [-R] [-f File] [-q] [-h]";

struct request {
	const char *name, *parent;
	bool remove, stop, children, quiet;
};

static const struct argument stored[] = {
	ARGUMENT_TEXT('l', struct request, name),
	ARGUMENT_TEXT('p', struct request, parent),
	ARGUMENT_FLAG('d', struct request, remove),
	ARGUMENT_FLAG('S', struct request, stop),
	ARGUMENT_FLAG('R', struct request, children),
	ARGUMENT_FLAG('q', struct request, quiet),
	{0},
};

static bool remove_device(const struct request *request, const char *name)
{
	AUTO(method_output_release) struct method_output output = {0};
	AUTO(device_release) struct device device = {0};

	if (interrupt_pending())
		return false;
	if (device_find(name, &device, &output) != E_OK) {
		message("%s", output.reason.data);
		return false;
	}
	if (!device_command_run(request->stop ? device.pddv.Stop : device.pddv.Unconfigure, name))
		return false;
	if (request->remove && !device_command_run(device.pddv.Undefine, name))
		return false;
	if (!request->quiet)
		foreign_printf(stdout, "%s %s\n", name,
			request->remove ? "deleted"
			: request->stop ? "Stopped"
					: "Defined");
	return true;
}

static bool remove_tree(const struct request *request, const char *name);

/* The children and what is below them, the deepest first. */
static bool remove_children(const struct request *request, const char *name)
{
	AUTO_FREE char *crit = odm_criteria("parent = %s", name);
	struct CuDv *list;
	struct listinfo info;
	bool ok = true;

	if (crit == NULL || !list_devices(&list, &info, crit))
		return false;
	for (int i = 0; i < info.num && ok; i++)
		ok = remove_tree(request, list[i].name);
	odm_free_list(list, &info);
	return ok;
}

static bool remove_tree(const struct request *request, const char *name)
{
	return remove_children(request, name) && remove_device(request, name);
}

static bool carry_out(const struct request *request)
{
	struct CuDv device;
	const char *name = request->parent != NULL ? request->parent : request->name;

	if (find_object(CuDv_CLASS, &device, "name = %s", name) != 1) {
		message("%s is not in the customized database; lsdev lists the devices", name);
		return false;
	}
	if (request->parent != NULL)
		return remove_children(request, name);
	return request->children ? remove_tree(request, name) : remove_device(request, name);
}

int rmdev_main(int argc, char **argv)
{
	static const struct syntax syntax = {usage, "l:p:dSRf:qh", NULL, stored, NULL};
	struct request request = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if ((request.name == NULL) == (request.parent == NULL) || (request.remove && request.stop))
		return usage_error(usage);
	if (!device_command_begin(true))
		return EXIT_FAILED;
	return carry_out(&request) ? 0 : EXIT_FAILED;
}
