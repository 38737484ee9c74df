/* rmpath: unconfigures paths of multi-path devices, and with -d removes them. */
#include <string.h>

#include "base/message.h"
#include "commands.h"
#include "path_common.h"

static const char usage[] =
	"rmpath [-l Name] [-p Parent] [-w Connection] [-i PathID] [-d] [-g] [-f File] [-q] [-h]";

/* The device's paths, selected and in all: one has to be left. */
static bool leaves_one(const struct path_request *request, const char *name)
{
	const struct path_selection *paths = &request->paths;
	struct listinfo info = {0};
	int selected = 0, left = 0;
	struct CuPath *all = list_objects(CuPath_CLASS, &info, "name = %s", name);

	for (int i = 0; i < paths->count; i++)
		selected += strcmp(paths->list[i].name, name) == 0;
	if (all == ODM_FAILED)
		return false;
	/* Unconfigured, a path is no use to a device: another one has to be Available. */
	int unused = 0;
	for (int i = 0; i < info.num; i++) {
		bool chosen = false;
		for (int s = 0; s < paths->count; s++)
			chosen = chosen || paths->list[s]._id == all[i]._id;
		bool lost = !chosen && path_is_lost(&all[i]);
		unused += lost;
		left += !chosen && !lost &&
			(request->definition || all[i].path_status == PATH_AVAILABLE);
	}
	if (all != NULL)
		odm_free_list(all, &info);
	if (left > 0)
		return true;
	if (unused > 0)
		message("0514-076 %s would have no path that is enabled; lspath -l %s shows what "
			"the "
			"others do",
			name, name);
	else
		message("0514-076 these are all %d paths of %s; rmdev -l %s removes the device "
			"with them",
			selected, name, name);
	return false;
}

static bool remove_paths(const struct path_request *request)
{
	const struct path_selection *paths = &request->paths;
	AUTO(transaction_release) struct transaction transaction = {0};
	struct CuDv device;

	if (transaction_begin(&transaction) < 0)
		return false;
	for (int i = 0; i < paths->count; i++) {
		const struct CuPath *path = &paths->list[i];
		bool configured = find_object(CuDv_CLASS, &device, "name = %s AND status = 1",
					  path->name) == 1;
		if ((request->definition || configured) && !leaves_one(request, path->name))
			return false;
		int result = request->definition ? path_remove(path)
			     : path->path_status == PATH_MISSING
				     ? 0
				     : path_set_status(path, PATH_DEFINED);
		if (result < 0) {
			message("the path can't be removed: %s", odm_error_text(odmerrno));
			return false;
		}
	}
	return transaction_commit(&transaction) == 0;
}

int rmpath_main(int argc, char **argv)
{
	AUTO(path_request_release) struct path_request request = {0};
	struct path_selection *paths = &request.paths;

	int status = path_request_read(argc, argv, usage, "l:p:w:i:dgf:qh", &request);
	if (status >= 0)
		return status;
	if (paths->name == NULL && paths->parent == NULL)
		return usage_mistake(usage, "-l Name or -p Parent is missing");
	if (!device_command_begin(true) || !path_selection_read(paths))
		return EXIT_FAILED;
	if (paths->count == 0)
		return path_missing(paths) ? 0 : EXIT_FAILED;
	if (!remove_paths(&request))
		return EXIT_FAILED;
	if (!request.quiet)
		path_selection_print(paths, request.definition ? "Deleted" : "Defined");
	return 0;
}
