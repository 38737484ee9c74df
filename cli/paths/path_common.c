/* Selects paths, and reads the options of the path commands. */
#include "path_common.h"

#include <string.h>

#include "base/message.h"
#include "cli/shared/arguments.h"
#include "commands.h"

void path_selection_release(struct path_selection *selection)
{
	free(selection->list);
}

bool path_selection_option(struct path_selection *selection, int option, const char *value)
{
	long long number;

	switch (option) {
	case 'l':
		selection->name = option_value(value);
		return true;
	case 'p':
		selection->parent = option_value(value);
		return true;
	case 'w':
		selection->connection = option_value(value);
		return true;
	case 'i':
		if (!parse_number(option_value(value), &number) || number < 0 || number > 255)
			return option_refused("-i", value, "a path's number, 0 to 255");
		selection->id = (int)number;
		return true;
	default:
		return false;
	}
}

static bool wanted(const struct path_selection *selection, const struct CuPath *path)
{
	return (selection->name == NULL || name_matches(selection->name, path->name)) &&
	       (selection->parent == NULL || strcmp(selection->parent, path->parent) == 0) &&
	       (selection->connection == NULL ||
		       strcmp(selection->connection, path->connection) == 0) &&
	       (selection->id < 0 || selection->id == path->path_id);
}

static int compare_paths(const void *one, const void *other)
{
	const struct CuPath *first = one, *second = other;
	int order = strverscmp(first->name, second->name);

	return order != 0 ? order : first->path_id - second->path_id;
}

bool path_selection_read(struct path_selection *selection)
{
	bool plain = selection->name != NULL && strpbrk(selection->name, "*?[") == NULL;
	struct listinfo info = {0};
	struct CuPath *list =
		plain ? list_objects(CuPath_CLASS, &info, "name = %s", selection->name)
		      : list_by(CuPath_CLASS, &info, strdup(""));
	if (list == ODM_FAILED) {
		message("the paths can't be read: %s", odm_error_text(odmerrno));
		return false;
	}
	selection->list = calloc((size_t)info.num + 1, sizeof(*selection->list));
	for (int i = 0; selection->list != NULL && i < info.num; i++)
		if (wanted(selection, &list[i]))
			selection->list[selection->count++] = list[i];
	if (list != NULL)
		odm_free_list(list, &info);
	if (selection->count > 0)
		qsort(selection->list, (size_t)selection->count, sizeof(*selection->list),
			compare_paths);
	return selection->list != NULL;
}

bool path_missing(const struct path_selection *selection)
{
	message("%s has no such path; lspath -l %s lists those it has",
		selection->name != NULL ? selection->name : "no device",
		selection->name != NULL ? selection->name : "Name");
	return false;
}

void path_explain_nothing(const struct path_selection *selection)
{
	const char *const names[] = {selection->name, selection->parent};
	struct CuDv device;

	for (size_t i = 0; i < 2; i++)
		if (names[i] != NULL && strpbrk(names[i], "*?[") == NULL &&
			find_object(CuDv_CLASS, &device, "name = %s", names[i]) == 0)
			message("%s is not in the customized database; lsdev lists the devices",
				names[i]);
}

bool path_type(const struct CuPath *path, char uniquetype[48])
{
	AUTO(device_release) struct device device = {0};

	return device_command_find(path->name, &device) &&
	       copy_text(uniquetype, 48, device.pddv.uniquetype);
}

void path_selection_print(const struct path_selection *selection, const char *state)
{
	printf("%s %s\n", selection->count > 1 ? "paths" : "path", state);
}

void path_request_release(struct path_request *request)
{
	path_selection_release(&request->paths);
}

static bool set_option(void *closure, int option, const char *value)
{
	struct path_request *request = closure;

	return path_selection_option(&request->paths, option, value);
}

int path_request_read(
	int argc, char **argv, const char *usage, const char *letters, struct path_request *request)
{
	static const struct argument stored[] = {
		ARGUMENT_FLAG('d', struct path_request, definition),
		ARGUMENT_FLAG('q', struct path_request, quiet),
		ARGUMENT_FLAG('g', struct path_request, locked_too),
		{0},
	};
	const struct syntax syntax = {usage, letters, NULL, stored, set_option};

	request->paths.id = -1;
	return arguments_read(argc, argv, &syntax, request);
}
