/* Children that were detected are defined, moved or marked missing. */
#include "child.h"

#include "kernel.h"
#include "path.h"
#include "path_kernel.h"
#include "vanish.h"

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
	int found = child->is_new ? 0 : path_find(child->name, parent, where, &path);
	if (found == 0 && path_add_new(child->name, parent, where, PATH_DEFINED) == 0)
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
	int found = child_find(detection, child);
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
		code = child_store_place(detection, child, output);
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
	const struct kernel_type *type = found == 1 ? kernel_type_read(described->type) : NULL;
	int paths = type != NULL ? kernel_has_paths(type) : 0;
	int code;

	child.multi_path = paths == 1;
	child.identified = detection->by_identity || (type != NULL && type->directory[0] != '\0');
	if (found < 0 || paths < 0 || (found == 1 && type == NULL))
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
	const struct kernel_type *type = kernel_type_read(device->cudv.PdDvLn_Lvalue);
	struct detection detection;
	char *mistake;

	int places = type == NULL ? -1 : type->directory[0] == '\0' ? 1 : kernel_has_places(type);

	if (places < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	/* Nothing hangs on a disk. */
	if (places == 0)
		return E_OK;
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
