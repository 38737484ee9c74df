#include "configure.h"

int parent_settle(const struct device *device, struct method_output *output)
{
	AUTO(method_output_release) struct method_output answer = {0};
	AUTO(device_release) struct device parent = {0};
	const char *const arguments[] = {"-l", device->cudv.parent, NULL};

	if (device->cudv.parent[0] == '\0')
		return E_OK;
	int code = device_find(device->cudv.parent, &parent, output);
	if (code != E_OK)
		return E_PARENT;
	if (driver_type(&parent) == NULL || driver_has(&parent) != 0)
		return E_OK;
	code = method_run(parent.pddv.Configure, arguments, &answer);
	if (code != E_OK)
		return method_fail(output, code, "Its parent %s has to be configured again: %s",
			parent.cudv.name,
			answer.reason.length > 0 ? answer.reason.data : cf_error_text(code));
	return E_OK;
}

static int check_parent(const struct device *device, struct method_output *output)
{
	AUTO(device_release) struct device parent = {0};

	if (device->cudv.parent[0] == '\0')
		return E_OK;
	int code = device_find(device->cudv.parent, &parent, output);
	if (code != E_OK)
		return E_PARENT;
	if (parent.cudv.status != AVAILABLE)
		return method_fail(output, E_PARENTSTATE,
			"Its parent %s is %s; configure that first: mkdev -l %s.", parent.cudv.name,
			device_status_name(parent.cudv.status), parent.cudv.name);
	return parent_settle(device, output);
}

/* Nobody else may be Available at the same place, unless several device types share it. */
static int check_vacancy(const struct device *device, struct method_output *output)
{
	struct CuDv other;
	const struct CuDv *self = &device->cudv;

	if (self->parent[0] == '\0')
		return E_OK;
	int found = find_object(CuDv_CLASS, &other,
		"parent = %s AND connwhere = %s AND PdDvLn = %s AND status != 0 AND name != %s",
		self->parent, self->connwhere, self->PdDvLn_Lvalue, self->name);
	if (found < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	if (found == 1)
		return method_fail(output, E_AVAILCONNECT,
			"%s is Available at connection %s of %s already.", other.name,
			self->connwhere, self->parent);
	return E_OK;
}

/* Driver first, then one short write; a failure of that takes the driver step back. */
static int bring_up(const struct device *device, struct method_output *output)
{
	int code = check_parent(device, output);
	if (code == E_OK)
		code = check_vacancy(device, output);
	if (code == E_OK)
		code = driver_configure(device, NULL, output);
	if (code != E_OK)
		return code;

	short chgstatus = device->cudv.chgstatus;
	if (chgstatus == MISSING)
		chgstatus = SAME;
	code = device_set_status(device->cudv.name, AVAILABLE, chgstatus, output);
	if (code != E_OK)
		driver_unconfigure(device, output);
	return code;
}

static bool is_configured(const struct device *device)
{
	if (device->cudv.status == DEFINED)
		return false;
	return driver_type(device) == NULL || driver_has(device) == 1;
}

int configure(int argc, char **argv,
	int (*find_children)(const struct device *device, struct method_output *output),
	struct method_output *output)
{
	AUTO(method_flags_release) struct method_flags flags = {0};
	AUTO(device_release) struct device device = {0};

	int code = method_flags_read(argc, argv, "l:12", &flags, output);
	if (code == E_OK && flags.device == NULL)
		code = method_fail(output, E_ARGS, "%s: -l Name is missing.", argv[0]);
	if (code == E_OK)
		code = device_find(flags.device, &device, output);
	if (code == E_OK && !is_configured(&device))
		code = bring_up(&device, output);
	if (code == E_OK && find_children != NULL)
		code = find_children(&device, output);
	return code;
}

int store_attributes(const char *device, const char *assignments, struct method_output *output)
{
	AUTO(attribute_changes_release) struct attribute_changes changes = {0};
	int count;

	if (!attribute_changes_read(assignments, &changes))
		return method_fail(output, E_MALLOC, "There is not enough memory.");
	for (int i = 0; i < changes.count; i++) {
		struct CuAt *attribute =
			getattr(device, changes.changes[i].attribute, FALSE, &count);
		if (attribute == NULL)
			return method_fail(output, E_NOATTR, "%s has no attribute %s.", device,
				changes.changes[i].attribute);
		free(attribute->value);
		attribute->value = strdup(changes.changes[i].value);
		int result = attribute->value != NULL ? putattr(attribute) : -1;
		freeattr(attribute, count);
		if (result < 0)
			return method_fail(output, E_ODMUPDATE, "%s of %s can't be stored: %s.",
				changes.changes[i].attribute, device, odm_error_text(odmerrno));
	}
	return E_OK;
}

/* The name of the device that is defined at the place already: 1, 0, -1. */
static int find_defined(const struct device *parent, const struct detected *child, char name[16])
{
	struct CuDv object;
	int found =
		find_object(CuDv_CLASS, &object, "parent = %s AND connwhere = %s AND PdDvLn = %s",
			parent->cudv.name, child->connection, child->uniquetype);

	if (found == 1)
		memcpy(name, object.name, 16);
	return found;
}

/* Runs the type's Define method; the name it prints is the child's. */
static int define_child(const struct device *parent, const struct detected *child, char name[16],
	struct method_output *output)
{
	AUTO(method_output_release) struct method_output answer = {0};
	struct PdDv type;

	if (find_object(PdDv_CLASS, &type, "uniquetype = %s", child->uniquetype) != 1)
		return method_fail(output, E_NOPdDv,
			"The type %s is not in the predefined database; load its schema.",
			child->uniquetype);
	const char *const arguments[] = {"-c", type.class, "-s", type.subclass, "-t", type.type,
		"-p", parent->cudv.name, "-w", child->connection, NULL};
	int code = method_run(type.Define, arguments, &answer);
	odm_free_members(PdDv_CLASS, &type);
	if (code != E_OK)
		return method_fail(output, code, "%s",
			answer.reason.length > 0 ? answer.reason.data : cf_error_text(code));
	char *printed = answer.names.data != NULL ? strtok(answer.names.data, " \t\n") : NULL;
	if (printed == NULL || !copy_text(name, 16, printed))
		return method_fail(output, E_ODMRUNMETHOD, "The Define method named no device.");
	return E_OK;
}

static int set_location(const char *name, const char *location, struct method_output *output)
{
	struct CuDv object;

	if (find_object(CuDv_CLASS, &object, "name = %s", name) != 1)
		return method_fail(output, E_ODMGET, "%s: %s.", name, odm_error_text(odmerrno));
	if (strcmp(object.location, location) == 0)
		return E_OK;
	if (!copy_text(object.location, sizeof(object.location), location) ||
		odm_change_obj(CuDv_CLASS, &object) < 0)
		return method_fail(output, E_ODMUPDATE, "%s: the location can't be stored.", name);
	return E_OK;
}

int child_detected(
	const struct device *parent, const struct detected *child, struct method_output *output)
{
	char name[16];
	int code = E_OK;

	/* A Define method may be another process: no transaction is open while it works. */
	int found = find_defined(parent, child, name);
	if (found < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	if (found == 0)
		code = define_child(parent, child, name, output);
	if (code != E_OK)
		return code;

	if (odm_begin() < 0)
		return method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	code = set_location(name, child->location, output);
	if (code == E_OK)
		code = store_attributes(name, child->attributes, output);
	if (code != E_OK) {
		odm_rollback();
		return code;
	}
	if (odm_commit() < 0)
		return method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	text_printf(&output->names, "%s ", name);
	return E_OK;
}

/* Whether a name is a word of the list. */
static bool is_named(const struct text *names, const char *name)
{
	size_t length = strlen(name);

	for (const char *place = names->data; place != NULL; place = strchr(place, ' ')) {
		place += strspn(place, " ");
		if (strncmp(place, name, length) == 0 &&
			(place[length] == ' ' || place[length] == '\0'))
			return true;
	}
	return false;
}

static int compare_one(struct CuDv *child, const struct text *found)
{
	struct PdDv type;
	bool present = is_named(found, child->name);

	if (find_object(PdDv_CLASS, &type, "uniquetype = %s", child->PdDvLn_Lvalue) != 1)
		return 0;
	bool detectable = type.detectable != 0;
	odm_free_members(PdDv_CLASS, &type);
	short chgstatus = child->chgstatus;
	if (detectable && !present)
		chgstatus = MISSING;
	if (present && chgstatus == MISSING)
		chgstatus = SAME;
	if (chgstatus == child->chgstatus)
		return 0;
	child->chgstatus = chgstatus;
	return odm_change_obj(CuDv_CLASS, child);
}

int children_compare(const struct device *parent, struct method_output *output)
{
	struct listinfo info;
	AUTO_FREE char *crit = odm_criteria("parent = %s", parent->cudv.name);
	if (crit == NULL)
		return method_fail(output, E_MALLOC, "There is not enough memory.");

	struct CuDv *children = get_CuDv_list(CuDv_CLASS, crit, &info, 8, 1);
	if (children == ODM_FAILED)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	int result = 0;
	for (int i = 0; i < info.num && result == 0; i++)
		result = compare_one(&children[i], &output->names);
	odm_free_list(children, &info);
	if (result < 0)
		return method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	return E_OK;
}
