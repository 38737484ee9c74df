/* mkpath: adds a path to a multi-path device, or configures those that are Defined. */
#include <string.h>

#include "base/message.h"
#include "cfgmethods/connection.h"
#include "commands.h"
#include "path_common.h"

static const char usage[] =
	"mkpath -l Name {-p Parent [-w Connection] | -i PathID} [-d] [-f File] [-q] [-h]";

/* A new path, checked as the parent and connection of a device are. False with a message. */
static bool define_path(struct path_request *request)
{
	AUTO(method_output_release) struct method_output output = {0};
	AUTO(device_release) struct device device = {0};
	struct path_selection *paths = &request->paths;
	int code = device_find(paths->name, &device, &output);

	if (code == E_OK && path_supported(device.pddv.uniquetype) != 1)
		code = method_fail(
			&output, E_TYPE, "%s is no multi-path device.", device.cudv.name);
	if (code == E_OK)
		code = connection_check(&device.pddv, paths->parent, paths->connection, &output);
	if (code == E_OK &&
		path_add(paths->name, paths->parent, paths->connection, PATH_DEFINED) < 0)
		code = method_fail(&output, E_ODMADD, "%s.", odm_error_text(odmerrno));
	if (code != E_OK) {
		device_command_report("definepath", code, &output);
		return false;
	}
	return path_selection_read(paths);
}

/* Those that were Defined or Missing are Available when the device and the parent are. */
static bool configure_paths(const struct path_selection *paths)
{
	AUTO(transaction_release) struct transaction transaction = {0};
	struct CuDv object;

	if (transaction_begin(&transaction) < 0)
		return false;
	for (int i = 0; i < paths->count; i++) {
		const struct CuPath *path = &paths->list[i];
		const char *const both[] = {path->name, path->parent};
		for (int d = 0; d < 2; d++)
			if (find_object(CuDv_CLASS, &object, "name = %s AND status = 1", both[d]) !=
				1) {
				message("%s is not Available; mkdev -l %s first", both[d], both[d]);
				return false;
			}
		if (path_set_status(path, PATH_AVAILABLE) < 0) {
			message("the path can't be stored: %s", odm_error_text(odmerrno));
			return false;
		}
	}
	return transaction_commit(&transaction) == 0;
}

int mkpath_main(int argc, char **argv)
{
	AUTO(path_request_release) struct path_request request = {0};
	struct path_selection *paths = &request.paths;

	int status = path_request_read(argc, argv, usage, "l:p:w:i:df:qh", &request);
	if (status >= 0)
		return status;
	if (paths->name == NULL)
		return usage_mistake(usage, "the device is missing: -l Name");
	if (paths->parent == NULL && paths->id < 0)
		return usage_mistake(usage, "the path is missing: -p Parent, or -i PathID");
	if (request.definition && paths->connection == NULL)
		return usage_mistake(usage, "-d defines a path: -w Connection is missing");
	if (!device_command_begin(true) || !path_selection_read(paths))
		return EXIT_FAILED;
	bool is_new = paths->count == 0 && paths->parent != NULL && paths->connection != NULL &&
		      paths->id < 0;
	if (is_new) {
		path_selection_release(paths);
		paths->list = NULL;
		if (!define_path(&request))
			return EXIT_FAILED;
	}
	if (paths->count == 0)
		return path_missing(paths) ? 0 : EXIT_FAILED;
	if (!request.definition && !configure_paths(paths))
		return EXIT_FAILED;
	if (!request.quiet)
		path_selection_print(paths, request.definition ? "Defined" : "Available");
	return 0;
}
