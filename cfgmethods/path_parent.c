/*
 * What becomes of multi-path devices when a parent goes: its paths go with it, a device only with
 * its last one.
 */
#include "connection.h"
#include "machine.h"
#include "path.h"

struct elsewhere {
	const char *parent;
	enum path_wanted wanted;
};

static int is_elsewhere(const struct CuPath *path, void *closure)
{
	const struct elsewhere *elsewhere = closure;

	if (strcmp(path->parent, elsewhere->parent) == 0)
		return 0;
	return elsewhere->wanted == PATH_ANY || strcmp(path_state(path), "Enabled") == 0;
}

int path_elsewhere(const char *device, const char *parent, enum path_wanted wanted)
{
	struct elsewhere elsewhere = {parent, wanted};

	return path_visit(odm_criteria("name = %s", device), is_elsewhere, &elsewhere);
}

static int parent_available(const struct CuPath *path, void *closure)
{
	struct CuDv parent;

	(void)closure;
	if (path->path_status == PATH_MISSING)
		return 0;
	return find_object(CuDv_CLASS, &parent, "name = %s AND status = 1", path->parent);
}

int path_parent_available(const char *device)
{
	return path_visit(odm_criteria("name = %s", device), parent_available, NULL);
}

struct last_user {
	enum path_wanted wanted;
	char *device;
};

static int is_last_user(const struct CuPath *path, void *closure)
{
	const struct last_user *last = closure;
	struct CuDv device;

	if (last->wanted == PATH_ENABLED && path->path_status != PATH_AVAILABLE)
		return 0;
	int found =
		last->wanted == PATH_ANY
			? find_object(CuDv_CLASS, &device, "name = %s", path->name)
			: find_object(CuDv_CLASS, &device, "name = %s AND status != 0", path->name);
	int other = found == 1 ? path_elsewhere(path->name, path->parent, last->wanted) : 1;
	if (found < 0 || other < 0)
		return -1;
	if (other == 0)
		memcpy(last->device, path->name, 16);
	return other == 0;
}

int path_last_user(const char *parent, enum path_wanted wanted, char device[16])
{
	struct last_user last = {wanted, device};

	return path_visit(odm_criteria("parent = %s", parent), is_last_user, &last);
}

int path_last_child(const char *parent, enum path_wanted wanted, char child[16])
{
	struct listinfo info;
	struct CuDv *list =
		wanted == PATH_ANY
			? list_objects(CuDv_CLASS, &info, "parent = %s", parent)
			: list_objects(CuDv_CLASS, &info, "parent = %s AND status != 0", parent);
	int result = 0;

	if (list == ODM_FAILED)
		return -1;
	for (int i = 0; list != NULL && i < info.num && result == 0; i++) {
		int other = path_elsewhere(list[i].name, parent, wanted);
		result = other < 0 ? -1 : other == 0;
		if (result == 1)
			memcpy(child, list[i].name, 16);
	}
	if (list != NULL)
		odm_free_list(list, &info);
	return result;
}

static int release_one(const struct CuPath *path, void *closure)
{
	(void)closure;
	return path->path_status == PATH_AVAILABLE ? path_set_status(path, PATH_DEFINED) : 0;
}

int path_release_all(const char *parent)
{
	return path_visit(odm_criteria("parent = %s", parent), release_one, NULL);
}

/* The path that a device moves to: the first Available one, else the first. */
static int choose(const struct CuPath *path, void *closure)
{
	struct CuPath *best = closure;
	bool better =
		(path->path_status == PATH_AVAILABLE) - (best->path_status == PATH_AVAILABLE) > 0;

	if (best->name[0] == '\0' || better ||
		(path->path_status == best->path_status && path->path_id < best->path_id))
		*best = *path;
	return 0;
}

/* Where the machine's description says that the device is, by its new place. */
static void enter_location(struct CuDv *device)
{
	char *mistake = NULL;
	const struct machine *machine = machine_get_devices(&mistake);
	const struct machine_device *described =
		machine != NULL ? machine_find_device(machine, device) : NULL;

	free(mistake);
	if (described != NULL && described->location[0] != '\0' &&
		!copy_text(device->location, sizeof(device->location), described->location))
		device->location[0] = '\0';
}

/* A device that was entered at a path that is no more. */
static int move_from(const struct CuPath *path)
{
	struct CuPath next = {0};
	struct CuDv device;
	int found = find_object(CuDv_CLASS, &device, "name = %s AND parent = %s AND connwhere = %s",
		path->name, path->parent, path->connection);

	if (found <= 0)
		return found;
	if (path_visit(odm_criteria("name = %s", path->name), choose, &next) < 0)
		return -1;
	if (next.name[0] == '\0')
		return 0;
	if (!connection_enter(&device, next.parent, next.connection))
		return -1;
	enter_location(&device);
	return odm_change_obj(CuDv_CLASS, &device);
}

int path_remove(const struct CuPath *path)
{
	if (remove_objects(
		    CuPathAt_CLASS, "name = %s AND path_id = %d", path->name, path->path_id) < 0)
		return -1;
	path_reset(path);
	return odm_rm_by_id(CuPath_CLASS, (int)path->_id) < 0 ? -1 : move_from(path);
}

static int remove_one(const struct CuPath *path, void *closure)
{
	(void)closure;
	return path_remove(path);
}

int path_remove_all(const char *parent)
{
	return path_visit(odm_criteria("parent = %s", parent), remove_one, NULL);
}

struct taking {
	bool remove;
	int count;
};

static int take_one(const struct CuPath *path, void *closure)
{
	struct taking *taking = closure;

	taking->count += taking->remove || path->path_status == PATH_AVAILABLE;
	return taking->remove ? path_remove(path) : release_one(path, NULL);
}

int path_take_away(const char *device, const char *parent, bool remove)
{
	AUTO(transaction_release) struct transaction transaction = {0};
	struct taking taking = {.remove = remove};

	if (transaction_begin(&transaction) < 0 ||
		path_visit(odm_criteria("name = %s AND parent = %s", device, parent), take_one,
			&taking) < 0 ||
		transaction_commit(&transaction) < 0)
		return -1;
	return taking.count;
}
