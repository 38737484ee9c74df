#include "children.h"

#include "configure.h"
#include "kernel.h"
#include "path.h"
#include "path_kernel.h"
#include "place.h"

/* What is found or entered as one child. */
struct child {
	const struct machine_device *described;
	struct PdDv type;
	bool multi_path;
	bool kernels; /* the kernel drives it: it is known by its unique_id, wherever it is */
	bool is_new;
	char name[16];
};

static void child_release(struct child *child)
{
	odm_free_members(PdDv_CLASS, &child->type);
}

int detection_start(
	struct detection *detection, const struct device *parent, struct method_output *output)
{
	*detection = (struct detection){.parent = parent, .output = output};
	if (transaction_begin(&detection->transaction) < 0)
		detection->code = method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	return detection->code;
}

/* Whether a device is known by that unique_id: 1, 0, -1. */
static int is_known_as(const char *device, const char *id)
{
	struct CuAt stored;
	int found =
		find_object(CuAt_CLASS, &stored, "name = %s AND attribute = 'unique_id'", device);

	if (found != 1)
		return found;
	bool same = strcmp(stored.value, id) == 0;
	odm_free_members(CuAt_CLASS, &stored);
	return same;
}

/* The device of a type that is known by a unique_id, wherever it is entered: 1, 0, -1. */
static int find_by_id(struct detection *detection, struct child *child, const char *id)
{
	struct CuDv object;

	if (detection->known == NULL)
		detection->known = path_names_read();
	if (detection->known == NULL)
		return -1;
	const char *name = path_names_find(detection->known, id);
	if (name == NULL)
		return 0;
	/* The list may be older than a removal. */
	int found = find_object(
		CuDv_CLASS, &object, "name = %s AND PdDvLn = %s", name, child->described->type);
	memcpy(child->name, name, sizeof(child->name));
	return found;
}

/* The device that is meant already: at the place, at the end of another path, or moved. 1, 0, -1.
 */
static int find_defined(struct detection *detection, struct child *child)
{
	const struct machine_device *described = child->described;
	const char *id = attribute_changes_find(&described->values, "unique_id");
	struct CuDv object;
	int found =
		find_object(CuDv_CLASS, &object, "parent = %s AND connwhere = %s AND PdDvLn = %s",
			detection->parent->cudv.name, described->where, described->type);

	/* At the place of the one there may be another now. */
	if (found == 1 && child->kernels && id != NULL)
		found = is_known_as(object.name, id);
	if (found == 1)
		memcpy(child->name, object.name, sizeof(child->name));
	if (found != 0 || id == NULL || (!child->multi_path && !child->kernels))
		return found;
	return find_by_id(detection, child, id);
}

/* Runs the type's Define method; the name it prints is the child's. */
static int run_define(struct detection *detection, struct child *child)
{
	AUTO(method_output_release) struct method_output answer = {0};
	const struct PdDv *type = &child->type;
	const char *const arguments[] = {"-c", type->class, "-s", type->subclass, "-t", type->type,
		"-p", detection->parent->cudv.name, "-w", child->described->where, NULL};
	bool outside = !method_runs_inside(type->Define);

	/* No transaction is open while another process works. */
	if (outside && transaction_commit(&detection->transaction) < 0)
		return method_fail(detection->output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	int code = method_run(type->Define, arguments, &answer);
	if (outside && transaction_begin(&detection->transaction) < 0)
		return method_fail(detection->output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	if (code != E_OK)
		return method_fail(detection->output, code, "%s",
			answer.reason.length > 0 ? answer.reason.data : cf_error_text(code));
	char *printed = answer.names.data != NULL ? strtok(answer.names.data, " \t\n") : NULL;
	if (printed == NULL || !copy_text(child->name, sizeof(child->name), printed))
		return method_fail(
			detection->output, E_ODMRUNMETHOD, "The Define method named no device.");
	child->is_new = true;
	return E_OK;
}

/* One that reappears elsewhere is entered there; what has paths is where it was found first. */
static int store_place(
	const struct detection *detection, const struct child *child, struct method_output *output)
{
	const char *parent = detection->parent->cudv.name, *where = child->described->where;
	struct CuDv object;

	if (!child->kernels || child->multi_path || child->is_new)
		return E_OK;
	if (find_object(CuDv_CLASS, &object, "name = %s", child->name) != 1)
		return method_fail(
			output, E_ODMGET, "%s: %s.", child->name, odm_error_text(odmerrno));
	if (strcmp(object.parent, parent) == 0 && strcmp(object.connwhere, where) == 0)
		return E_OK;
	return place_store(child->name, parent, where, output);
}

static int store_location(
	const struct detection *detection, const struct child *child, struct method_output *output)
{
	const struct CuDv *parent = &detection->parent->cudv;
	const struct machine_device *described = child->described;
	char location[sizeof(parent->location) + sizeof(described->where)] = "";
	struct CuDv object;

	if (find_object(CuDv_CLASS, &object, "name = %s", child->name) != 1)
		return method_fail(
			output, E_ODMGET, "%s: %s.", child->name, odm_error_text(odmerrno));
	if (described->location[0] != '\0')
		strcpy(location, described->location);
	else if (parent->location[0] != '\0')
		snprintf(location, sizeof(location), "%s-%s", parent->location, described->where);
	/* On another path it is where it was found first. */
	if (strcmp(object.location, location) == 0 || strcmp(object.parent, parent->name) != 0)
		return E_OK;
	if (!copy_text(object.location, sizeof(object.location), location))
		return method_fail(output, E_ODMUPDATE, "%s: the location %s is too long.",
			child->name, location);
	return odm_change_obj(CuDv_CLASS, &object) < 0
		       ? method_fail(output, E_ODMUPDATE, "%s: %s.", child->name,
				 odm_error_text(odmerrno))
		       : E_OK;
}

/* Whether the value is stored already. */
static bool is_stored(
	const struct CuAt *stored, int count, const struct attribute_change *described)
{
	for (int i = 0; i < count; i++)
		if (strcmp(stored[i].attribute, described->attribute) == 0 &&
			!rep_has_many(stored[i].rep))
			return strcmp(stored[i].value, described->value) == 0;
	return false;
}

static int store_described(const char *name, const struct machine_device *described, bool is_new,
	const struct CuAt *stored, int count, struct method_output *output)
{
	const struct attribute_changes *values = &described->values;

	for (int i = 0; i < values->count; i++) {
		struct attribute_changes one = {.changes = &values->changes[i], .count = 1};
		struct PdAt predefined;
		if (is_stored(stored, count, &values->changes[i]))
			continue;
		int found = is_new ? 0
				   : find_object(PdAt_CLASS, &predefined,
					     "uniquetype = %s AND attribute = %s", described->type,
					     values->changes[i].attribute);
		bool users = found == 1 && strchr(predefined.generic, 'U') != NULL;
		if (found == 1)
			odm_free_members(PdAt_CLASS, &predefined);
		int code = users ? E_OK : store_changes(name, &one, output);
		if (code != E_OK)
			return code;
	}
	return E_OK;
}

int described_store(const char *name, const struct machine_device *described, bool is_new,
	struct method_output *output)
{
	int count;
	struct CuAt *stored = getattr(name, "", TRUE, &count);
	int code = store_described(name, described, is_new, stored, count, output);

	freeattr(stored, count);
	return code;
}

/* What the kernel calls the device by a path. */
static int name_path(const struct child *child, const struct CuPath *path)
{
	const struct machine_device *described = child->described;

	return described->path_name[0] == '\0'
		       ? 0
		       : path_kernel_store(path, described->type, described->path_name);
}

static int store_path(const struct detection *detection, const struct child *child)
{
	struct CuPath path;
	const char *parent = detection->parent->cudv.name, *where = child->described->where;

	if (!child->multi_path)
		return 0;
	int found = path_find(child->name, parent, where, &path);
	if (found == 0 && path_add(child->name, parent, where, PATH_DEFINED) == 0)
		found = path_find(child->name, parent, where, &path);
	else if (found == 1 && path.path_status == PATH_MISSING &&
		 path_set_status(&path, PATH_DEFINED) < 0)
		return -1;
	return found == 1 ? name_path(child, &path) : -1;
}

static int enter(struct detection *detection, struct child *child)
{
	struct method_output *output = detection->output;
	AUTO(transaction_release) struct transaction transaction = {0};
	int found = find_defined(detection, child);
	int code = E_OK;

	if (found < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	/* A device whose values are refused is not defined, either, as far as that is ours. */
	bool inside = method_runs_inside(child->type.Define);
	if (inside && transaction_begin(&transaction) < 0)
		return method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	if (found == 0)
		code = run_define(detection, child);
	if (code == E_OK && !inside && transaction_begin(&transaction) < 0)
		code = method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	if (code == E_OK)
		code = store_place(detection, child, output);
	if (code == E_OK)
		code = store_location(detection, child, output);
	if (code == E_OK)
		code = described_store(child->name, child->described, child->is_new, output);
	if (code != E_OK)
		return code;
	if (store_path(detection, child) < 0 || transaction_commit(&transaction) < 0)
		return method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	return E_OK;
}

static int remember(struct detection *detection, const char *name)
{
	/* Room grows at the powers of two. */
	if ((detection->count & (detection->count - 1)) == 0) {
		size_t room = detection->count > 0 ? 2 * (size_t)detection->count : 1;
		char(*longer)[16] = realloc(detection->names, room * sizeof(*longer));
		if (longer == NULL)
			return method_fail(
				detection->output, E_MALLOC, "There is not enough memory.");
		detection->names = longer;
	}
	memcpy(detection->names[detection->count++], name, 16);
	text_printf(&detection->output->names, "%s ", name);
	return E_OK;
}

void detection_add(struct detection *detection, const struct machine_device *described)
{
	AUTO(child_release) struct child child = {.described = described};
	int found = find_object(PdDv_CLASS, &child.type, "uniquetype = %s", described->type);
	int paths = found == 1 ? path_supported(described->type) : 0;
	int kernels = found == 1 ? kernel_type(described->type) : 0;
	int code;

	child.multi_path = paths == 1;
	child.kernels = kernels == 1;
	if (found < 0 || paths < 0 || kernels < 0)
		code = method_fail(detection->output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	else if (found == 0)
		code = method_fail(detection->output, E_NOPdDv,
			"The type %s is not in the predefined database; load its schema.",
			described->type);
	else
		code = enter(detection, &child);
	if (code == E_OK)
		code = remember(detection, child.name);
	if (detection->code == E_OK)
		detection->code = code;
}

static int compare_names(const void *one, const void *other)
{
	return strcmp(one, other);
}

static bool answered(const struct detection *detection, const char *name)
{
	return detection->count > 0 &&
	       bsearch(name, detection->names, (size_t)detection->count, 16, compare_names) != NULL;
}

/* Whether another path still leads to a device: 1, 0, -1. */
static int other_path(const struct detection *detection, const char *name)
{
	struct CuPath path;

	return find_object(CuPath_CLASS, &path, "name = %s AND parent != %s AND path_status != %d",
		name, detection->parent->cudv.name, PATH_MISSING);
}

static int compare_child(struct detection *detection, struct CuDv *child)
{
	bool present = answered(detection, child->name);
	short chgstatus = child->chgstatus;
	struct PdDv type;

	if (present == (chgstatus != MISSING))
		return 0;
	if (find_object(PdDv_CLASS, &type, "uniquetype = %s", child->PdDvLn_Lvalue) != 1)
		return 0;
	bool detectable = type.detectable != 0;
	odm_free_members(PdDv_CLASS, &type);
	/* What no scan finds is there because somebody said so. */
	if (!present && !detectable)
		text_printf(&detection->output->names, "%s ", child->name);
	if (!present && (!detectable || other_path(detection, child->name) == 1))
		return 0;
	child->chgstatus = present ? SAME : MISSING;
	/* Of what the kernel drives nothing is left when it is gone. */
	if (!present && kernel_type(child->PdDvLn_Lvalue) == 1)
		child->status = DEFINED;
	return odm_change_obj(CuDv_CLASS, child);
}

static int compare_children(struct detection *detection)
{
	struct listinfo info;
	struct CuDv *children =
		list_objects(CuDv_CLASS, &info, "parent = %s", detection->parent->cudv.name);
	int result = 0;

	if (children == ODM_FAILED)
		return -1;
	for (int i = 0; children != NULL && i < info.num && result == 0; i++)
		result = compare_child(detection, &children[i]);
	if (children != NULL)
		odm_free_list(children, &info);
	return result;
}

/* Paths of this parent that lead to nothing any more. */
static int compare_paths(struct detection *detection)
{
	struct listinfo info;
	struct CuPath *paths =
		list_objects(CuPath_CLASS, &info, "parent = %s", detection->parent->cudv.name);
	int result = 0;

	if (paths == ODM_FAILED)
		return -1;
	for (int i = 0; paths != NULL && i < info.num && result == 0; i++)
		if (!answered(detection, paths[i].name))
			result = path_set_status(&paths[i], PATH_MISSING);
	if (paths != NULL)
		odm_free_list(paths, &info);
	return result;
}

int detection_end(struct detection *detection)
{
	int code = detection->code;

	if (detection->count > 0)
		qsort(detection->names, (size_t)detection->count, 16, compare_names);
	if (detection->transaction.open &&
		(compare_children(detection) < 0 || compare_paths(detection) < 0 ||
			transaction_commit(&detection->transaction) < 0) &&
		code == E_OK)
		code = method_fail(detection->output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	transaction_release(&detection->transaction);
	path_names_free(detection->known);
	free(detection->names);
	return code;
}

int detect_described(const struct device *device, struct method_output *output)
{
	struct detection detection;
	char *mistake;
	const struct machine *machine = machine_get_devices(&mistake);
	AUTO_FREE char *owned = mistake;
	if (machine == NULL)
		return method_fail(output, E_FINDCHILD, "%s.", owned != NULL ? owned : "");

	const struct machine_device *described = machine_find_device(machine, &device->cudv);
	detection_start(&detection, device, output);
	for (int i = 0; described != NULL && i < described->device_count; i++)
		detection_add(&detection, &described->devices[i]);
	return detection_end(&detection);
}
