/* rmdev: unconfigures or stops a device, and with -d removes it from the database. */
#include <string.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cfgmethods/path.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/interrupt.h"
#include "cli/shared/names.h"
#include "cli/shared/where.h"
#include "commands.h"

static const char usage[] = "rmdev {-l | -p} Name [-d | -S] [-R] [-g] [-f File] [-q] [-h]\n"
			    "       rmdev --where Attribute=Value ... [-l Name] [-d | -S] [-R] "
			    "[-g] [-f File] [-q] [-h]";

struct request {
	const char *name, *parent;
	bool remove, stop, children, quiet;
	bool locked_too; /* says nothing here: no device is locked */
	struct where where;
};

static void request_release(struct request *request)
{
	where_release(&request->where);
}

static const struct argument stored[] = {
	ARGUMENT_TEXT('l', struct request, name),
	ARGUMENT_TEXT('p', struct request, parent),
	ARGUMENT_FLAG('d', struct request, remove),
	ARGUMENT_FLAG('S', struct request, stop),
	ARGUMENT_FLAG('R', struct request, children),
	ARGUMENT_FLAG('q', struct request, quiet),
	ARGUMENT_FLAG('g', struct request, locked_too),
	{0},
};

static bool remove_device(const struct request *request, const char *name)
{
	AUTO(device_release) struct device device = {0};

	if (interrupt_pending())
		return false;
	if (!device_command_find(name, &device))
		return false;
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

/*
 * A device that another parent's path leads to as well: only the paths by this parent go. Without
 * another that works it is unconfigured, too.
 */
static bool remove_paths(const struct request *request, const char *name, const char *parent)
{
	struct request unconfigure = *request;
	int enabled = path_elsewhere(name, parent, PATH_ENABLED);

	unconfigure.remove = false;
	if (enabled == 0 && !remove_tree(&unconfigure, name))
		return false;
	if (request->stop)
		return enabled >= 0;
	int count = enabled >= 0 ? path_take_away(name, parent, request->remove) : -1;
	if (count < 0)
		message("the paths of %s by %s can't be stored: %s", name, parent,
			odm_error_text(odmerrno));
	else if (count > 0 && !request->quiet)
		printf("%s of %s by %s %s\n", count > 1 ? "paths" : "path", name, parent,
			request->remove ? "deleted" : "Defined");
	return count >= 0;
}

static bool remove_child(const struct request *request, const char *name, const char *parent)
{
	int other = path_elsewhere(name, parent, PATH_ANY);

	if (other < 0)
		message("the paths of %s can't be read: %s", name, odm_error_text(odmerrno));
	return other == 0  ? remove_tree(request, name)
	       : other > 0 ? remove_paths(request, name, parent)
			   : false;
}

struct children {
	struct names names;
	const char *parent;
};

static void children_release(struct children *children)
{
	names_release(&children->names);
}

static bool is_listed(const struct names *names, const char *name)
{
	for (int i = 0; i < names->count; i++)
		if (strcmp(names->list[i], name) == 0)
			return true;
	return false;
}

/* One that is entered elsewhere. */
static int add_by_path(const struct CuPath *path, void *closure)
{
	struct children *children = closure;
	struct CuDv device;
	int found = find_object(
		CuDv_CLASS, &device, "name = %s AND parent != %s", path->name, children->parent);

	if (found <= 0 || is_listed(&children->names, path->name))
		return found < 0 ? -1 : 0;
	return names_add(&children->names, path->name) ? 0 : -1;
}

/* Those that are entered below a parent, and those that have a path by it. */
static bool list_children(struct children *children)
{
	AUTO_FREE char *crit = odm_criteria("parent = %s", children->parent);
	struct CuDv *list;
	struct listinfo info;
	bool ok = true;

	if (crit == NULL || !list_devices(&list, &info, crit))
		return false;
	for (int i = 0; i < info.num && ok; i++)
		ok = names_add(&children->names, list[i].name);
	odm_free_list(list, &info);
	if (ok && path_visit(odm_criteria("parent = %s", children->parent), add_by_path,
			  children) == 0)
		return true;
	message("the paths by %s can't be read: %s", children->parent, odm_error_text(odmerrno));
	return false;
}

/* The children and what is below them, the deepest first. */
static bool remove_children(const struct request *request, const char *name)
{
	AUTO(children_release) struct children children = {.parent = name};
	bool ok = list_children(&children);

	for (int i = 0; i < children.names.count && ok; i++)
		ok = remove_child(request, children.names.list[i], name);
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

/* How many devices are above one. */
static int depth_of(const char *name)
{
	char child[16];
	struct CuDv device;
	int depth = 0;

	snprintf(child, sizeof(child), "%s", name);
	while (depth < 64 && find_object(CuDv_CLASS, &device, "name = %s", child) == 1 &&
		device.parent[0] != '\0') {
		memcpy(child, device.parent, sizeof(child));
		depth++;
	}
	return depth;
}

/* Those that --where chooses; children before their parents, which can't go before them. */
static bool remove_chosen(const struct request *request)
{
	AUTO(names_release) struct names names = {0};
	struct CuDv device;
	int deepest = 0;

	if (!where_names(&request->where, request->name, &names))
		return false;
	AUTO_FREE int *depths = calloc((size_t)names.count, sizeof(*depths));
	if (depths == NULL) {
		message("there is not enough memory");
		return false;
	}
	for (int i = 0; i < names.count; i++) {
		depths[i] = depth_of(names.list[i]);
		deepest = depths[i] > deepest ? depths[i] : deepest;
	}
	for (int depth = deepest; depth >= 0; depth--)
		for (int i = 0; i < names.count; i++) {
			const char *name = names.list[i];
			/* What went with a tree is not there any more. */
			if (depths[i] != depth ||
				find_object(CuDv_CLASS, &device, "name = %s", name) == 0)
				continue;
			if (!(request->children ? remove_tree : remove_device)(request, name))
				return false;
		}
	return true;
}

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;

	(void)option;
	return where_add(&request->where, option_value(value));
}

int rmdev_main(int argc, char **argv)
{
	static const struct option options[] = {{"where", required_argument, NULL, 'W' + 256}, {0}};
	static const struct syntax syntax = {usage, "l:p:dSRgf:qh", options, stored, set_option};
	AUTO(request_release) struct request request = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	bool chosen = request.where.conditions.count > 0;
	bool named = (request.name != NULL) != (request.parent != NULL);
	if (chosen && request.parent != NULL)
		return usage_mistake(usage, "--where and -p exclude each other");
	if (!chosen && !named)
		return usage_mistake(usage, request.name != NULL
						    ? "-l and -p exclude each other"
						    : "the device is missing: -l Name");
	if (request.remove && request.stop)
		return usage_mistake(usage, "-d and -S exclude each other");
	if (!device_command_begin(true))
		return EXIT_FAILED;
	return (chosen ? remove_chosen(&request) : carry_out(&request)) ? 0 : EXIT_FAILED;
}
