/*
 * The generic Change method. An Available device is unconfigured and configured again with the new
 * values; only when the driver has taken them are they stored.
 */
#include "configure.h"

/* One attribute: known, the user's to set, and its value allowed. */
static int check_attribute(const struct device *device, const struct attribute_change *change,
	struct method_output *output)
{
	AUTO_FREE char *reason = NULL;
	struct PdAt predefined;
	int found = find_object(PdAt_CLASS, &predefined, "uniquetype = %s AND attribute = %s",
		device->pddv.uniquetype, change->attribute);

	if (found < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	if (found == 0)
		return method_fail(output, E_ATTRVAL, "%s has no attribute %s.", device->cudv.name,
			change->attribute);
	bool settable = strchr(predefined.generic, 'U') != NULL;
	bool allowed = value_allowed(&predefined, change->value, &reason);
	odm_free_members(PdAt_CLASS, &predefined);
	if (!settable)
		return method_fail(output, E_ATTRVAL, "%s of %s is not the user's to set.",
			change->attribute, device->cudv.name);
	if (!allowed)
		return method_fail(output, E_ATTRVAL, "%s.",
			reason != NULL ? reason : "there is not enough memory");
	return E_OK;
}

static int check_all(const struct device *device, const struct attribute_changes *changes,
	struct method_output *output)
{
	int code = E_OK;

	if (changes->count == 0)
		return method_fail(output, E_ARGS, "Nothing is to be changed: -a is missing.");
	for (int i = 0; i < changes->count && code == E_OK; i++)
		code = check_attribute(device, &changes->changes[i], output);
	return code;
}

/* All of the values or none. */
static int store(const struct device *device, const char *assignments, struct method_output *output)
{
	if (odm_begin() < 0)
		return method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	int code = store_attributes(device->cudv.name, assignments, output);
	if (code != E_OK) {
		odm_rollback();
		return code;
	}
	if (odm_commit() < 0)
		return method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	return E_OK;
}

static int check_children(const struct device *device, struct method_output *output)
{
	char child[16];
	int found = device_active_child(device->cudv.name, child);

	if (found < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	if (found == 1)
		return method_fail(output, E_CHILDSTATE,
			"Its child %s is configured with its values; rmdev -l %s first, or use -P.",
			child, child);
	return E_OK;
}

/* Gives the driver what the database has; a device that it does not take is Defined. */
static int restore(const struct device *device, int code, struct method_output *output)
{
	const char *name = device->cudv.name;

	if (driver_configure(device, NULL, output) == E_OK)
		return code;
	if (device_set_status(name, DEFINED, device->cudv.chgstatus, output) == E_OK)
		method_fail(output, code,
			"%s is Defined now: the driver did not take its old values back. mkdev -l "
			"%s tries again.",
			name, name);
	return code;
}

/* The driver takes the new values, or has the old ones again. */
static int change_driver(const struct device *device, const struct attribute_changes *changes,
	struct method_output *output)
{
	int code = driver_unconfigure(device, output);
	if (code == E_BUSY)
		return method_fail(
			output, E_BUSY, "With -P the change is stored for its next configuration.");
	if (code != E_OK)
		return code;
	code = driver_configure(device, changes, output);
	return code == E_OK ? E_OK : restore(device, code, output);
}

static int change_available(const struct device *device, const struct attribute_changes *changes,
	const char *assignments, struct method_output *output)
{
	int code = check_children(device, output);

	if (code == E_OK)
		code = driver_check(device, changes, output);
	if (code == E_OK)
		code = parent_settle(device, output);
	if (code == E_OK && driver_type(device) != NULL)
		code = change_driver(device, changes, output);
	if (code != E_OK)
		return code;
	code = store(device, assignments, output);
	if (code != E_OK && driver_unconfigure(device, output) == E_OK)
		return restore(device, code, output);
	return code;
}

int method_change(int argc, char **argv, struct method_output *output)
{
	AUTO(method_flags_release) struct method_flags flags = {0};
	AUTO(device_release) struct device device = {0};
	AUTO(attribute_changes_release) struct attribute_changes changes = {0};

	int code = method_flags_read(argc, argv, "l:a:P", &flags, output);
	if (code == E_OK && flags.device == NULL)
		code = method_fail(output, E_ARGS, "%s: -l Name is missing.", argv[0]);
	if (code == E_OK)
		code = device_find(flags.device, &device, output);
	if (code != E_OK)
		return code;
	const char *assignments = flags.attributes.data != NULL ? flags.attributes.data : "";
	if (!attribute_changes_read(assignments, &changes))
		return method_fail(output, E_ARGS,
			"-a takes Attribute=Value, or several with blanks between.");
	code = check_all(&device, &changes, output);
	if (code != E_OK)
		return code;
	if (flags.database_only || device.cudv.status == DEFINED)
		return store(&device, assignments, output);
	return change_available(&device, &changes, assignments, output);
}
