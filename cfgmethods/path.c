/* Paths of devices that can be reached by several parents: class CuPath. */
#include "path.h"

#include <errno.h>
#include <fcntl.h>

#include "base/root_file.h"
#include "path_kernel.h"

int path_supported(const char *uniquetype)
{
	struct PdPathAt attribute;
	int found = find_object(PdPathAt_CLASS, &attribute, "uniquetype = %s", uniquetype);

	if (found == 1)
		odm_free_members(PdPathAt_CLASS, &attribute);
	return found;
}

struct wanted_path {
	const char *parent, *connection;
	struct CuPath *path;
};

static int take_wanted(void *object, void *closure)
{
	const struct wanted_path *wanted = closure;
	const struct CuPath *path = object;

	if (strcmp(path->parent, wanted->parent) != 0 ||
		strcmp(path->connection, wanted->connection) != 0)
		return 0;
	*wanted->path = *path;
	return 1;
}

/* A device has few paths, and a parent thousands: the parent is no part of the criteria, or the
 * database would search among those. */
int path_find(const char *device, const char *parent, const char *connection, struct CuPath *path)
{
	struct wanted_path wanted = {parent, connection, path};
	AUTO_FREE char *criteria = odm_criteria("name = %s", device);

	return criteria != NULL ? odm_visit(CuPath_CLASS, criteria, NULL, take_wanted, &wanted)
				: -1;
}

static int lowest_id(const char *device)
{
	struct CuPath path;

	for (int id = 0; id < 256; id++) {
		int found =
			find_object(CuPath_CLASS, &path, "name = %s AND path_id = %d", device, id);
		if (found <= 0)
			return found == 0 ? id : -1;
	}
	return -1;
}

int path_add(const char *device, const char *parent, const char *connection, int status)
{
	struct CuPath path;
	int found = path_find(device, parent, connection, &path);

	return found != 0 ? (found < 0 ? -1 : 0) : path_add_new(device, parent, connection, status);
}

int path_add_new(const char *device, const char *parent, const char *connection, int status)
{
	int id = lowest_id(device);
	struct CuPath path = {.path_status = (short)status, .path_id = (short)id};
	if (id < 0 || !copy_text(path.name, sizeof(path.name), device) ||
		!copy_text(path.parent, sizeof(path.parent), parent) ||
		!copy_text(path.connection, sizeof(path.connection), connection))
		return -1;
	return odm_add_obj(CuPath_CLASS, &path) < 0 ? -1 : 0;
}

int path_set_status(const struct CuPath *path, int status)
{
	struct CuPath changed = *path;

	if (path->path_status == status)
		return 0;
	changed.path_status = (short)status;
	return odm_change_obj(CuPath_CLASS, &changed);
}

int path_visit(char *crit, int (*visit)(const struct CuPath *path, void *closure), void *closure)
{
	struct listinfo info;
	struct CuPath *list = list_by(CuPath_CLASS, &info, crit);
	int result = 0;

	if (list == ODM_FAILED)
		return -1;
	for (int i = 0; list != NULL && i < info.num && result == 0; i++)
		result = visit(&list[i], closure);
	if (list != NULL)
		odm_free_list(list, &info);
	return result;
}

/* 1, 0, -1. */
static int is_available(const char *device)
{
	struct CuDv object;

	return find_object(CuDv_CLASS, &object, "name = %s AND status = 1", device);
}

static int configure_one(const struct CuPath *path, void *closure)
{
	(void)closure;
	if (path->path_status != PATH_DEFINED)
		return 0;
	int available = is_available(path->parent);
	return available == 1 ? path_set_status(path, PATH_AVAILABLE) : available;
}

int path_configure_all(const char *device)
{
	return path_visit(odm_criteria("name = %s", device), configure_one, NULL);
}

static int unconfigure_one(const struct CuPath *path, void *closure)
{
	(void)closure;
	path_reset(path);
	return path->path_status == PATH_AVAILABLE ? path_set_status(path, PATH_DEFINED) : 0;
}

int path_unconfigure_all(const char *device)
{
	return path_visit(odm_criteria("name = %s", device), unconfigure_one, NULL);
}

/* The simulated hardware has no driver that keeps this: a file of the run directory does. */
static char *switch_name(const struct CuPath *path)
{
	char *name = NULL;

	return asprintf(&name, "path.%s.%d", path->name, path->path_id) < 0 ? NULL : name;
}

static bool is_switched_off(const struct CuPath *path)
{
	AUTO_FREE char *name = switch_name(path);
	AUTO_FREE char *file = name != NULL ? root_path(ROOT_RUN, name) : NULL;

	return file != NULL && access(file, F_OK) == 0;
}

static int store_switch(const struct CuPath *path, bool on)
{
	AUTO_FREE char *name = switch_name(path);

	if (name == NULL)
		return -1;
	if (on)
		return root_file_remove(ROOT_RUN, name);
	int mark = root_file_open(ROOT_RUN, name, O_WRONLY | O_CREAT, 0644);
	return mark < 0 ? -1 : close(mark);
}

int path_switch(const struct CuPath *path, bool on, struct method_output *output)
{
	struct path_kernel kernel;
	int kernels = path_kernel_find(path, &kernel);
	int code = E_OK;

	if (kernels < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	if (kernels == 1)
		code = path_kernel_switch(&kernel, on, output);
	if (code == E_OK && store_switch(path, on) < 0)
		code = method_fail(output, E_ODMUPDATE, "The state of %s can't be written: %s.",
			path->name, strerror(errno));
	return code;
}

void path_reset(const struct CuPath *path)
{
	AUTO(method_output_release) struct method_output nowhere = {0};

	if (is_switched_off(path) && path_switch(path, true, &nowhere) != E_OK)
		store_switch(path, true);
}

const char *path_state(const struct CuPath *path)
{
	struct path_kernel kernel;

	if (path->path_status != PATH_AVAILABLE)
		return path->path_status == PATH_MISSING ? "Missing" : "Defined";
	if (path_kernel_find(path, &kernel) == 1) {
		const char *state = path_kernel_state(&kernel, is_switched_off(path));
		return is_available(path->parent) == 1 || strcmp(state, "Disabled") == 0 ? state
											 : "Failed";
	}
	if (is_switched_off(path))
		return "Disabled";
	return is_available(path->parent) == 1 ? "Enabled" : "Failed";
}

bool path_is_lost(const struct CuPath *path)
{
	struct path_kernel kernel;

	return path->path_status == PATH_AVAILABLE && path_kernel_find(path, &kernel) == 1 &&
	       strcmp(path_state(path), "Enabled") != 0;
}
