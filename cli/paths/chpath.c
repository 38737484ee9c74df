/* chpath: switches paths on and off, or changes the attributes of one. */
#include <string.h>

#include "base/message.h"
#include "cfgmethods/path_attributes.h"
#include "cli/shared/arguments.h"
#include "commands.h"
#include "path_common.h"

static const char usage[] =
	"chpath -l Name -s {enable | disable} [-p Parent] [-w Connection] [-i PathID]\n"
	"              [--force] [-f File] [-q] [-h]\n"
	"       chpath -l Name {-p Parent [-w Connection] | -i PathID} [-P]\n"
	"              -a Attribute=Value ... [-g] [-f File] [-q] [-h]";

struct request {
	struct path_selection paths;
	const char *operation;
	struct text assignments;
	bool database_only, quiet, force;
};

static void request_release(struct request *request)
{
	path_selection_release(&request->paths);
	text_release(&request->assignments);
}

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;

	switch (option) {
	case 's':
		request->operation = option_value(value);
		return strcmp(request->operation, "enable") == 0 ||
		       strcmp(request->operation, "disable") == 0 ||
		       option_refused("-s", value, "enable or disable");
	case 'a':
		argument_append(&request->assignments, " ", value);
		return true;
	case 'P':
		request->database_only = true;
		return true;
	case 'q':
		request->quiet = true;
		return true;
	case 'F':
		request->force = true;
		return true;
	case 'g': /* also a locked device's: none is locked */
		return true;
	default:
		return path_selection_option(&request->paths, option, value);
	}
}

/* How many of the device's other paths would still work. */
static int other_paths(const struct path_selection *selection)
{
	struct listinfo info = {0};
	struct CuPath *list = list_objects(CuPath_CLASS, &info, "name = %s", selection->name);
	int count = 0;

	for (int i = 0; list != NULL && list != ODM_FAILED && i < info.num; i++) {
		bool chosen = false;
		for (int s = 0; s < selection->count; s++)
			chosen = chosen || selection->list[s].path_id == list[i].path_id;
		if (!chosen && strcmp(path_state(&list[i]), "Enabled") == 0)
			count++;
	}
	if (list != NULL && list != ODM_FAILED)
		odm_free_list(list, &info);
	return count;
}

static bool switch_paths(const struct request *request)
{
	AUTO(method_output_release) struct method_output output = {0};
	bool on = strcmp(request->operation, "enable") == 0;

	for (int i = 0; i < request->paths.count; i++)
		if (request->paths.list[i].path_status != PATH_AVAILABLE) {
			message("path %d of %s is not Available; mkpath configures it",
				request->paths.list[i].path_id, request->paths.list[i].name);
			return false;
		}
	if (!on && !request->force && other_paths(&request->paths) == 0) {
		message("%s would have no path that is enabled; enable another one first, or "
			"disable it all the same with --force",
			request->paths.name);
		return false;
	}
	for (int i = 0; i < request->paths.count; i++)
		if (path_switch(&request->paths.list[i], on, &output) != E_OK) {
			message("%s", output.reason.data != NULL ? output.reason.data
								 : "there is not enough memory");
			return false;
		}
	if (!on)
		message("I/O that is under way on a disabled path still ends there");
	return true;
}

static bool store_values(const struct CuPath *path, const struct attribute_changes *changes)
{
	AUTO(method_output_release) struct method_output output = {0};
	AUTO(transaction_release) struct transaction transaction = {0};
	char uniquetype[48];
	int code = E_OK;

	if (!path_type(path, uniquetype) || transaction_begin(&transaction) < 0)
		return false;
	for (int i = 0; i < changes->count && code == E_OK; i++) {
		code = path_attribute_check(uniquetype, &changes->changes[i], &output);
		if (code == E_OK && path_putattr(path, uniquetype, &changes->changes[i]) < 0)
			code = method_fail(&output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	}
	if (code == E_OK && transaction_commit(&transaction) < 0)
		code = method_fail(&output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	if (code != E_OK)
		device_command_report("chgpath", code, &output);
	return code == E_OK;
}

static bool change_path(const struct request *request)
{
	AUTO(attribute_changes_release) struct attribute_changes changes = {0};

	if (request->paths.count > 1) {
		message("%s has several such paths; -p, -w or -i says which", request->paths.name);
		return false;
	}
	if (!attribute_changes_read(request->assignments.data, &changes) || changes.count == 0) {
		message("-a takes Attribute=Value, or several with blanks between");
		return false;
	}
	return store_values(&request->paths.list[0], &changes);
}

int chpath_main(int argc, char **argv)
{
	static const struct option options[] = {{"force", no_argument, NULL, 'F'}, {0}};
	static const struct syntax syntax = {
		usage, "l:p:w:i:s:a:Pgf:qh", options, NULL, set_option};
	AUTO(request_release) struct request request = {.paths = {.id = -1}};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	bool changes = request.assignments.length > 0;
	bool chosen = request.paths.parent != NULL || request.paths.id >= 0;
	if (request.paths.name == NULL)
		return usage_mistake(usage, "the device is missing: -l Name");
	if (changes == (request.operation != NULL))
		return usage_mistake(
			usage, changes ? "-s and -a exclude each other"
				       : "-s Operation or -a Attribute=Value is missing");
	if (changes && !chosen)
		return usage_mistake(usage, "the path is missing: -p Parent, or -i PathID");
	if (request.database_only && !changes)
		return usage_mistake(usage, "-P is for -a");
	if (request.force && changes)
		return usage_mistake(usage, "--force is for -s");
	if (!device_command_begin(true) || !path_selection_read(&request.paths))
		return EXIT_FAILED;
	if (request.paths.count == 0)
		return path_missing(&request.paths) ? 0 : EXIT_FAILED;
	if (!(changes ? change_path(&request) : switch_paths(&request)))
		return EXIT_FAILED;
	if (!request.quiet)
		path_selection_print(&request.paths, "Changed");
	return 0;
}
