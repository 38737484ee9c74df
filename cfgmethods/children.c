/* Children that were detected are defined, moved or marked missing. */
#include "children.h"

#include "kernel.h"
#include "path.h"
#include "path_kernel.h"
#include "vanish.h"

/* What is found or entered as one child. */
struct child {
	const struct machine_device *described;
	struct PdDv type;
	bool multi_path;
	bool kernels; /* the kernel drives it: it is known by its unique_id, wherever it is */
	bool is_new;
	char name[16];
	char displaced[16]; /* another device that is entered at its place; "" for none */
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

/* A stored attribute, in a room of some bytes: 1, 0, -1. */
static int stored_value(const char *device, const char *attribute, char *room, size_t size)
{
	struct CuAt stored;
	int found =
		find_object(CuAt_CLASS, &stored, "name = %s AND attribute = %s", device, attribute);

	snprintf(room, size, "%s", found == 1 ? stored.value : "");
	if (found == 1)
		odm_free_members(CuAt_CLASS, &stored);
	return found;
}

/* The device of a type that is known by a unique_id, wherever it is entered: 1, 0, -1. */
static int find_by_id(struct detection *detection, struct child *child, const char *id)
{
	struct CuDv object;
	char known_as[256];

	if (detection->known == NULL)
		detection->known = identities_read();
	if (detection->known == NULL)
		return -1;
	const char *name = identities_find(detection->known, id);
	if (name == NULL)
		return 0;
	/* The list may be older than a removal, or a change. */
	int found = find_object(
		CuDv_CLASS, &object, "name = %s AND PdDvLn = %s", name, child->described->type);
	if (found == 1)
		found = stored_value(name, "unique_id", known_as, sizeof(known_as));
	memcpy(child->name, name, sizeof(child->name));
	return found == 1 ? strcmp(known_as, id) == 0 : found;
}

/* What is entered at the place, what is there rather than what is missing: 1, 0, -1. */
static int find_at_place(
	struct detection *detection, const struct child *child, struct CuDv *object)
{
	const struct machine_device *described = child->described;
	const char *parent = detection->parent->cudv.name;

	int found = child->kernels ? find_object(CuDv_CLASS, object,
					     "parent = %s AND connwhere = %s AND PdDvLn = %s AND "
					     "chgstatus != %d",
					     parent, described->where, described->type, MISSING)
				   : 0;
	return found != 0 ? found
			  : find_object(CuDv_CLASS, object,
				    "parent = %s AND connwhere = %s AND PdDvLn = %s", parent,
				    described->where, described->type);
}

/*
 * The device that the kernel shows: the one that is known by exactly that, at the place or
 * anywhere, else the one at the place, if it can be that. What else is at the place is to make
 * room. 1, 0, -1.
 */
static int find_kernels(
	struct detection *detection, struct child *child, const struct CuDv *there, const char *id)
{
	char known_as[256];
	int found = stored_value(there->name, "unique_id", known_as, sizeof(known_as));

	if (found < 0)
		return -1;
	if (strcmp(known_as, id) == 0) {
		memcpy(child->name, there->name, sizeof(child->name));
		return 1;
	}
	int elsewhere = find_by_id(detection, child, id);
	if (elsewhere == 0 && identity_same(known_as, id, child->described->type)) {
		memcpy(child->name, there->name, sizeof(child->name));
		return 1;
	}
	memcpy(child->displaced, there->name, sizeof(child->displaced));
	return elsewhere;
}

/* The device that is meant already: at the place, at the end of another path, or moved. 1, 0, -1.
 */
static int find_defined(struct detection *detection, struct child *child)
{
	const char *id = attribute_changes_find(&child->described->values, "unique_id");
	struct CuDv object;
	int found = find_at_place(detection, child, &object);

	if (found == 1 && child->kernels && id != NULL)
		return find_kernels(detection, child, &object, id);
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
	char name[32];
	/* Define would take the one that was at the place before, unless a name is asked for. */
	bool named = child->displaced[0] != '\0';
	const char *const arguments[] = {"-c", type->class, "-s", type->subclass, "-t", type->type,
		"-p", detection->parent->cudv.name, "-w", child->described->where,
		named ? "-l" : NULL, name, NULL};
	if (named)
		snprintf(name, sizeof(name), "%s%d", type->prefix, genseq(type->prefix));
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

/* The location code of a child: its own, or its connection behind its parent's. */
static int store_location(const struct detection *detection, const struct child *child,
	struct CuDv *object, struct method_output *output)
{
	const struct CuDv *parent = &detection->parent->cudv;
	const struct machine_device *described = child->described;
	char location[sizeof(parent->location) + sizeof(described->where)] = "";

	/* On another path it is where it was found first. */
	if (strcmp(object->parent, parent->name) != 0 ||
		(child->kernels && strcmp(object->connwhere, described->where) != 0))
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

	if (!child->kernels || (strcmp(object->parent, detection->parent->cudv.name) == 0 &&
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

	if (!child->kernels || child->is_new || object->status != AVAILABLE || name == NULL)
		return 0;
	int found = stored_value(object->name, "os_name", known_as, sizeof(known_as));
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

/* Its place, its location and its state, in one object. */
static int store_place(
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

/* Others are found by what it is known by now. 0 or -1. */
static int remember_identity(struct detection *detection, const struct child *child)
{
	const char *id = attribute_changes_find(&child->described->values, "unique_id");

	if (detection->known == NULL || id == NULL)
		return 0;
	return identities_add(detection->known, id, child->name) ? 0 : -1;
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

/* For one that is at the place of another now. */
static int make_room(const struct child *child)
{
	struct CuDv other;
	int found = find_object(CuDv_CLASS, &other, "name = %s", child->displaced);

	return found == 1 && other.chgstatus != MISSING ? device_displace(child->displaced)
	       : found < 0                              ? -1
							: 0;
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
	if (child->displaced[0] != '\0' && make_room(child) < 0)
		return method_fail(
			output, E_ODMUPDATE, "%s: %s.", child->displaced, odm_error_text(odmerrno));
	if (found == 0)
		code = run_define(detection, child);
	if (code == E_OK && !inside && transaction_begin(&transaction) < 0)
		code = method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	if (code == E_OK)
		code = store_place(detection, child, output);
	if (code == E_OK)
		code = described_store(child->name, child->described, child->is_new, output);
	if (code != E_OK)
		return code;
	if (store_path(detection, child) < 0 || remember_identity(detection, child) < 0 ||
		transaction_commit(&transaction) < 0)
		return method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	return E_OK;
}

static int remember(struct detection *detection, const struct child *child)
{
	/* Room grows at the powers of two. */
	if ((detection->count & (detection->count - 1)) == 0) {
		size_t room = detection->count > 0 ? 2 * (size_t)detection->count : 1;
		struct answer *longer = reallocarray(detection->answers, room, sizeof(*longer));
		if (longer == NULL)
			return method_fail(
				detection->output, E_MALLOC, "There is not enough memory.");
		detection->answers = longer;
	}
	struct answer *answer = &detection->answers[detection->count++];
	memcpy(answer->name, child->name, sizeof(answer->name));
	memcpy(answer->where, child->described->where, sizeof(answer->where));
	text_printf(&detection->output->names, "%s ", child->name);
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
		code = remember(detection, &child);
	if (detection->code == E_OK)
		detection->code = code;
}

static int compare_answers(const void *one, const void *other)
{
	const struct answer *a = one, *b = other;
	int order = strcmp(a->name, b->name);

	return order != 0 ? order : strcmp(a->where, b->where);
}

static int compare_name(const void *name, const void *answer)
{
	return strcmp(name, ((const struct answer *)answer)->name);
}

/* Whether a device answered, at that connection unless it is NULL. */
static bool answered(const struct detection *detection, const char *name, const char *where)
{
	struct answer key;

	if (detection->count == 0)
		return false;
	if (where == NULL)
		return bsearch(name, detection->answers, (size_t)detection->count, sizeof(key),
			       compare_name) != NULL;
	return copy_text(key.name, sizeof(key.name), name) &&
	       copy_text(key.where, sizeof(key.where), where) &&
	       bsearch(&key, detection->answers, (size_t)detection->count, sizeof(key),
		       compare_answers) != NULL;
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
	bool present = answered(detection, child->name, NULL);
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
	/* Of what the kernel drives nothing is left when it is gone. */
	if (!present && kernel_type(child->PdDvLn_Lvalue) == 1)
		return device_vanish(child->name);
	child->chgstatus = present ? SAME : MISSING;
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
		if (!answered(detection, paths[i].name, paths[i].connection))
			result = path_vanish(&paths[i]);
	if (paths != NULL)
		odm_free_list(paths, &info);
	return result;
}

int detection_end(struct detection *detection)
{
	int code = detection->code;

	if (detection->count > 0)
		qsort(detection->answers, (size_t)detection->count, sizeof(*detection->answers),
			compare_answers);
	if (detection->transaction.open &&
		(compare_children(detection) < 0 || compare_paths(detection) < 0 ||
			transaction_commit(&detection->transaction) < 0) &&
		code == E_OK)
		code = method_fail(detection->output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	transaction_release(&detection->transaction);
	identities_free(detection->known);
	free(detection->answers);
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
