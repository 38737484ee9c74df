/* Devices that the kernel drives and that are there no more. */
#include "vanish.h"

#include "connection.h"
#include "kernel.h"
#include "path.h"

/* Whether a path leads to a device, from another parent or at another connection: 1, 0, -1. */
static int other_path(const char *name, const char *parent, const char *where, struct CuPath *path)
{
	return find_object(CuPath_CLASS, path,
		"name = %s AND path_status != %d AND (parent != %s OR connection != %s)", name,
		PATH_MISSING, parent, where);
}

static int mark(struct CuDv *device)
{
	struct PdDv type;
	int found = find_object(PdDv_CLASS, &type, "uniquetype = %s", device->PdDvLn_Lvalue);

	if (found < 0)
		return -1;
	if (found == 1 && type.detectable)
		device->chgstatus = MISSING;
	if (found == 1)
		odm_free_members(PdDv_CLASS, &type);
	device->status = DEFINED;
	return odm_change_obj(CuDv_CLASS, device);
}

static int vanish_path(const struct CuPath *path, void *closure)
{
	(void)closure;
	return path_vanish(path);
}

int device_vanish(const char *name)
{
	struct CuDv device;
	struct listinfo info;

	if (find_object(CuDv_CLASS, &device, "name = %s", name) != 1 || mark(&device) < 0 ||
		path_visit(odm_criteria("parent = %s", name), vanish_path, NULL) < 0)
		return -1;
	struct CuDv *children = list_objects(CuDv_CLASS, &info, "parent = %s", name);
	int result = children == ODM_FAILED ? -1 : 0;
	/* What had another path has gone there. */
	for (int i = 0; result == 0 && children != NULL && i < info.num; i++)
		if (kernel_type(children[i].PdDvLn_Lvalue) == 1)
			result = device_vanish(children[i].name);
	if (children != NULL && children != ODM_FAILED)
		odm_free_list(children, &info);
	return result;
}

/* 1 when it went to another path, 0 when there is none, -1. */
static int move_to_path(const struct CuDv *device)
{
	AUTO(method_output_release) struct method_output output = {0};
	struct CuPath path;
	int found = other_path(device->name, device->parent, device->connwhere, &path);

	if (found == 1)
		return connection_store(device->name, path.parent, path.connection, &output) == E_OK
			       ? 1
			       : -1;
	return found;
}

int device_displace(const char *name)
{
	struct CuDv device;
	int moved = find_object(CuDv_CLASS, &device, "name = %s", name);

	if (moved == 1)
		moved = move_to_path(&device);
	return moved == 0 ? device_vanish(name) : moved < 0 ? -1 : 0;
}

int path_vanish(const struct CuPath *path)
{
	struct CuDv device;

	if (path_set_status(path, PATH_MISSING) < 0)
		return -1;
	int found = find_object(CuDv_CLASS, &device, "name = %s AND parent = %s AND connwhere = %s",
		path->name, path->parent, path->connection);
	if (found == 1 && kernel_type(device.PdDvLn_Lvalue) == 1)
		found = move_to_path(&device);
	return found < 0 ? -1 : 0;
}
