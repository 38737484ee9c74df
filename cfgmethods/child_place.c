/* Where a child is entered. */
#include "child.h"
#include "kernel.h"
#include "path.h"

/* The location code of a child: its own, or its connection behind its parent's. */
static int store_location(const struct detection *detection, const struct child *child,
	struct CuDv *object, struct method_output *output)
{
	const struct CuDv *parent = &detection->parent->cudv;
	const struct machine_device *described = child->described;
	char location[sizeof(parent->location) + sizeof(described->where)] = "";

	/* On another path it is where it was found first. */
	if (strcmp(object->parent, parent->name) != 0 ||
		(child->identified && strcmp(object->connwhere, described->where) != 0))
		return E_OK;
	if (described->location[0] != '\0')
		strcpy(location, described->location);
	else if (parent->location[0] != '\0')
		snprintf(location, sizeof(location), "%s-%s", parent->location, described->where);
	if (copy_text(object->location, sizeof(object->location), location))
		return E_OK;
	return method_fail(
		output, E_ODMUPDATE, "%s: the location %s is too long.", child->name, location);
}

/*
 * Whether one that reappears is entered at its new place: with several paths it stays where it was
 * found first, unless that path is there no more. 1, 0, -1.
 */
static int moves(
	const struct detection *detection, const struct child *child, const struct CuDv *object)
{
	struct CuPath path;

	if (!child->identified || (strcmp(object->parent, detection->parent->cudv.name) == 0 &&
					  strcmp(object->connwhere, child->described->where) == 0))
		return 0;
	if (!child->multi_path)
		return 1;
	int found = path_find(object->name, object->parent, object->connwhere, &path);
	return found < 0 ? -1 : found == 0 || path.path_status == PATH_MISSING;
}

/*
 * Of one that the kernel has under another name, made anew, nothing is as it was set: it is to be
 * configured again. 1, 0, -1.
 */
static int starts_anew(const struct child *child, const struct CuDv *object)
{
	const char *name = attribute_changes_find(&child->described->values, "os_name");
	char known_as[256];

	if (!child->identified || child->is_new || object->status != AVAILABLE || name == NULL)
		return 0;
	int found = child_stored_value(object->name, "os_name", known_as, sizeof(known_as));
	return found == 1 ? strcmp(known_as, name) != 0 : found;
}

/* An interface has nothing of its own: it is configured with its adapter. 0 or -1. */
static int start_interfaces(const char *adapter)
{
	struct listinfo info;
	struct CuDv *children =
		list_objects(CuDv_CLASS, &info, "parent = %s AND status = %d", adapter, AVAILABLE);
	int result = children == ODM_FAILED ? -1 : 0;

	for (int i = 0; result == 0 && children != NULL && i < info.num; i++) {
		const struct kernel_type *type = kernel_type_read(children[i].PdDvLn_Lvalue);
		if (type == NULL)
			result = -1;
		else if (type->by_parent) {
			children[i].status = DEFINED;
			result = odm_change_obj(CuDv_CLASS, &children[i]) < 0 ? -1 : 0;
		}
	}
	if (children != NULL && children != ODM_FAILED)
		odm_free_list(children, &info);
	return result;
}

/* What is to be said of the object that it is: 1 when it has changed, 0, -1. */
static int update_place(
	const struct detection *detection, const struct child *child, struct CuDv *object)
{
	int moved = child->is_new ? 0 : moves(detection, child, object);
	int anew = starts_anew(child, object);

	if (moved < 0 || anew < 0)
		return -1;
	if (moved) {
		machine_forget_places();
		strcpy(object->parent, detection->parent->cudv.name);
		strcpy(object->connwhere, child->described->where);
	}
	if (anew) {
		object->status = DEFINED;
		if (start_interfaces(object->name) < 0)
			return -1;
	}
	return moved || anew;
}

int child_store_place(
	const struct detection *detection, const struct child *child, struct method_output *output)
{
	struct CuDv object;
	char location[sizeof(object.location)];
	int found = find_object(CuDv_CLASS, &object, "name = %s", child->name);

	memcpy(location, object.location, sizeof(location));
	int changed = found == 1 ? update_place(detection, child, &object) : -1;
	int code = changed >= 0 ? store_location(detection, child, &object, output) : E_OK;
	if (code != E_OK || (changed == 0 && strcmp(object.location, location) == 0))
		return code;
	if (changed < 0 || odm_change_obj(CuDv_CLASS, &object) < 0)
		return method_fail(
			output, E_ODMUPDATE, "%s: %s.", child->name, odm_error_text(odmerrno));
	return E_OK;
}
