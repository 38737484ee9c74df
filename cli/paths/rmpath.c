/* rmpath: unconfigures paths of multi-path devices, and with -d removes them. */
#include <string.h>

#include "base/message.h"
#include "cli/shared/arguments.h"
#include "commands.h"
#include "path_common.h"

static const char usage[] =
	"rmpath [-l Name] [-p Parent] [-w Connection] [-i PathID] [-d] [-f File] [-q] [-h]";

struct request {
	struct path_selection paths;
	bool remove, quiet;
};

static void request_release(struct request *request)
{
	path_selection_release(&request->paths);
}

static const struct argument stored[] = {
	ARGUMENT_FLAG('d', struct request, remove),
	ARGUMENT_FLAG('q', struct request, quiet),
	{0},
};

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;

	return path_selection_option(&request->paths, option, value);
}

/* The device's paths, selected and in all: one has to be left. */
static bool leaves_one(const struct request *request, const char *name)
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
	for (int i = 0; i < info.num; i++) {
		bool chosen = false;
		for (int s = 0; s < paths->count; s++)
			chosen = chosen || paths->list[s]._id == all[i]._id;
		left += !chosen && (request->remove || all[i].path_status == PATH_AVAILABLE);
	}
	if (all != NULL)
		odm_free_list(all, &info);
	if (left > 0)
		return true;
	message("0514-076 these are all %d paths of %s; rmdev -l %s removes the device with them",
		selected, name, name);
	return false;
}

static bool remove_paths(const struct request *request)
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
		if ((request->remove || configured) && !leaves_one(request, path->name))
			return false;
		int result = request->remove ? path_remove(path)
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
	static const struct syntax syntax = {usage, "l:p:w:i:df:qh", NULL, stored, set_option};
	AUTO(request_release) struct request request = {.paths = {.id = -1}};
	struct path_selection *paths = &request.paths;

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if (paths->name == NULL && paths->parent == NULL)
		return usage_error(usage);
	if (!device_command_begin(true) || !path_selection_read(paths))
		return EXIT_FAILED;
	if (paths->count == 0)
		return path_missing(paths) ? 0 : EXIT_FAILED;
	if (!remove_paths(&request))
		return EXIT_FAILED;
	if (!request.quiet)
		printf("%s %s\n", paths->count > 1 ? "paths" : "path",
			request.remove ? "Deleted" : "Defined");
	return 0;
}
