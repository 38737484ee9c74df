/* rmdev: unconfigures or stops a device, and with -d removes it from the database. */
#include "arguments.h"
#include "base/message.h"
#include "commands.h"
#include "device_command.h"
#include "interrupt.h"

static const char usage[] = "rmdev {-l | -p} Name [-d | -S] [-R] [-f File] [-q] [-h]";

struct request {
	const char *name, *parent;
	bool remove, stop, children, quiet;
};

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;

	switch (option) {
	case 'l':
		request->name = option_value(value);
		return true;
	case 'p':
		request->parent = option_value(value);
		return true;
	case 'd':
		request->remove = true;
		return true;
	case 'S':
		request->stop = true;
		return true;
	case 'R':
		request->children = true;
		return true;
	case 'q':
		request->quiet = true;
		return true;
	default:
		return false;
	}
}

static bool run_method(const char *path, const char *name)
{
	AUTO(method_output_release) struct method_output output = {0};
	const char *const arguments[] = {"-l", name, NULL};

	return device_command_method(path, arguments, &output) == E_OK;
}

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
	if (!run_method(request->stop ? device.pddv.Stop : device.pddv.Unconfigure, name))
		return false;
	if (request->remove && !run_method(device.pddv.Undefine, name))
		return false;
	if (!request->quiet)
		printf("%s %s\n", name,
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
	static const struct syntax syntax = {usage, "l:p:dSRf:qh", NULL, set_option};
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
