/*
 * The generic Change method. An Available device is unconfigured and configured again with the new
 * values; only when the driver has taken them are they stored.
 */
#include "change_lists.h"
#include "change_mark.h"
#include "change_store.h"
#include "configure_method.h"
#include "connection.h"
#include "kernel.h"
#include "running.h"
#include "volume.h"

struct change {
	struct method_flags flags;
	struct device device;
	struct attribute_set attributes; /* of the device, as they are before */
	struct attribute_changes changes;
	enum change_reach reach;
	bool with_children; /* its children don't rely on its values */
};

static void change_release(struct change *change)
{
	method_flags_release(&change->flags);
	device_release(&change->device);
	attribute_set_release(&change->attributes);
	attribute_changes_release(&change->changes);
}

/* What is written, in one transaction: all or none. */
static int store(struct change *change, bool database, bool running, struct method_output *output)
{
	const char *name = change->device.cudv.name;
	AUTO(transaction_release) struct transaction transaction = {0};

	if (transaction_begin(&transaction) < 0)
		return method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	int code = database ? store_changes(name, &change->changes, output) : E_OK;
	if (code == E_OK && database && change->flags.parent != NULL)
		code = connection_store(
			name, change->flags.parent, change->flags.connection, output);
	if (code != E_OK)
		return code;
	if ((running && running_store(name, &change->changes) < 0) ||
		transaction_commit(&transaction) < 0)
		return method_fail(output, E_ODMUPDATE, "%s: %s.", name, running_failure());
	return E_OK;
}

/* Gives the driver what the database has; a device that it does not take is Defined. */
static int restore(const struct device *device, int code, struct method_output *output)
{
	const char *name = device->cudv.name;

	if (driver_configure(device, NULL, output) == E_OK &&
		(device->cudv.status != STOPPED || driver_stop(device, true, output) == E_OK))
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
	/* What can't be marked is not taken out of the driver, either. */
	int code = driver_mark(device, output);
	if (code == E_OK)
		code = driver_unconfigure(device, output);
	if (code == E_BUSY)
		return method_fail(
			output, E_BUSY, "With -P the change is stored for its next configuration.");
	if (code != E_OK)
		return code;
	code = driver_configure(device, changes, output);
	if (code == E_OK && device->cudv.status == STOPPED)
		code = driver_stop(device, true, output);
	return code == E_OK ? E_OK : restore(device, code, output);
}

/* -T leaves what is pending alone: the device keeps what it runs with, but for the changes. */
static int keep_running(struct change *change, struct method_output *output)
{
	const struct attribute_changes *running = &change->attributes.running;
	int asked_for = change->changes.count;

	for (int i = 0; i < running->count; i++) {
		const struct attribute_change *old = &running->changes[i];
		const struct attribute_changes asked = {change->changes.changes, asked_for};
		if (attribute_changes_find(&asked, old->attribute) == NULL &&
			!attribute_changes_add(&change->changes, old->attribute, old->value))
			return method_fail(output, E_MALLOC, "There is not enough memory.");
	}
	return E_OK;
}

/* -U brings every other value that can be live and is not yet to the device, and no other. */
static int keep_pending(struct change *change, struct method_output *output)
{
	const struct attribute_changes *running = &change->attributes.running;

	for (int i = 0; i < running->count; i++) {
		const struct attribute_change *old = &running->changes[i];
		const struct PdAt *predefined =
			attribute_set_predefined(&change->attributes, old->attribute);
		if (predefined != NULL && !attribute_is_live(predefined) &&
			!attribute_changes_add(&change->changes, old->attribute, old->value))
			return method_fail(output, E_MALLOC, "There is not enough memory.");
	}
	return E_OK;
}

/* Both are written at once; what was asked for goes to the database, all of it ran already. */
static int store_live(struct change *change, int asked_for, struct method_output *output)
{
	const char *name = change->device.cudv.name;
	struct attribute_changes asked = {.changes = change->changes.changes, .count = asked_for};
	AUTO(transaction_release) struct transaction transaction = {0};

	if (transaction_begin(&transaction) < 0)
		return method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	int code = store_changes(name, &asked, output);
	if (code == E_OK &&
		(running_store(name, &change->changes) < 0 || transaction_commit(&transaction) < 0))
		code = method_fail(output, E_ODMUPDATE, "%s: %s.", name, running_failure());
	return code;
}

static int change_live(struct change *change, struct method_output *output)
{
	const struct device *device = &change->device;
	const struct driver_type *type = driver_type(device);
	int asked_for = change->changes.count;

	if (type != NULL && !type->live)
		return method_fail(output, E_ATTRVAL,
			"The driver of %s changes no attribute while the device is in use.",
			device->cudv.name);
	int code = keep_pending(change, output);
	if (code == E_OK && type != NULL)
		code = driver_change(device, &change->changes, output);
	if (code != E_OK)
		return code;
	code = store_live(change, asked_for, output);
	if (code != E_OK && type != NULL)
		driver_change(device, &change->attributes.running, output);
	return code;
}

/*
 * The kernel takes values one by one: those that are not changed stay as they are, pending ones,
 * too. What it does not take is not stored, and what can't be stored it has not.
 */
static int change_kernel(struct change *change, struct method_output *output)
{
	struct kernel_device kernel;
	AUTO(attribute_changes_release) struct attribute_changes before = {0};
	int code = kernel_device_find(&change->device.cudv, &kernel, output);

	if (code == E_OK && kernel_values(&kernel, &before) < 0)
		code = method_fail(output, E_MALLOC, "There is not enough memory.");
	if (code == E_OK)
		code = kernel_change(&kernel, &change->changes, output);
	if (code != E_OK)
		return code;
	int asked_for = change->changes.count;
	code = keep_running(change, output);
	if (code == E_OK)
		code = change->reach == CHANGE_DEVICE ? store(change, false, true, output)
						      : store_live(change, asked_for, output);
	if (code != E_OK && !kernel_restore(&kernel, &change->changes, &before, output))
		code = E_ODMUPDATE;
	return code;
}

/* Whether all that is changed can be so while the device is in use. */
static bool all_live(const struct change *change)
{
	const struct driver_type *type = driver_type(&change->device);
	bool live = type != NULL && type->live;

	for (int i = 0; i < change->changes.count && live; i++) {
		const struct PdAt *predefined = attribute_set_predefined(
			&change->attributes, change->changes.changes[i].attribute);
		live = predefined != NULL && attribute_is_live(predefined);
	}
	return live;
}

static int change_configured(struct change *change, struct method_output *output)
{
	const struct device *device = &change->device;
	bool has_driver = driver_type(device) != NULL, live = all_live(change);

	int code = parent_configure(device, output);
	if (code == E_OK && change->reach == CHANGE_DEVICE)
		code = keep_running(change, output);
	if (code == E_OK && has_driver)
		code = change_driver(device, &change->changes, output);
	if (code == E_BUSY && change->reach == CHANGE_BOTH && live)
		return change_live(change, output);
	if (code == E_BUSY && live)
		code = driver_change(device, &change->changes, output);
	if (code != E_OK)
		return code;
	code = store(change, change->reach != CHANGE_DEVICE, true, output);
	if (code != E_OK && has_driver && driver_unconfigure(device, output) == E_OK)
		return restore(device, code, output);
	return code;
}

/* Another place is checked as Define does, and only a device that nobody uses can move. */
static int check_move(const struct change *change, struct method_output *output)
{
	const struct method_flags *flags = &change->flags;
	const struct device *device = &change->device;

	if (flags->parent == NULL && flags->connection == NULL)
		return E_OK;
	int code = connection_check(&device->pddv, flags->parent, flags->connection, output);
	if (code == E_OK && device->cudv.status != DEFINED && change->reach != CHANGE_DATABASE)
		code = method_fail(output, E_STATE, "%s is %s; rmdev -l %s before it is moved.",
			device->cudv.name, device_status_name(device->cudv.status),
			device->cudv.name);
	return code;
}

static int carry_out(struct change *change, struct method_output *output)
{
	const struct device *device = &change->device;
	struct attribute_changes *changes = &change->changes;
	int code = check_move(change, output);

	if (code == E_OK && attribute_set_read(device, true, &change->attributes) < 0)
		code = method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	if (code == E_OK)
		code = change_check(device, &change->attributes, changes, change->reach, output);
	if (code == E_OK)
		code = volume_translate(device, change->reach, changes, output);
	if (code == E_OK)
		code = change_lists(device, change->reach, changes, output);
	/* To add what is there changes nothing: not even a device in use can mind. */
	if (code == E_OK && changes->count == 0 && change->flags.parent == NULL &&
		change->flags.connection == NULL)
		return E_OK;
	bool volume = volume_only(changes);
	int kernels = kernel_type(device->pddv.uniquetype);
	/* The kernel changes an adapter below its interface. */
	if (code == E_OK && !volume)
		code = change_check_device(device, changes, change->reach,
			change->with_children || kernels > 0, output);
	if (code != E_OK || change->flags.check_only)
		return code;
	if (change->reach == CHANGE_DATABASE || device->cudv.status == DEFINED || volume)
		return store(change, true, false, output);
	if (kernels != 0)
		return kernels > 0 ? change_kernel(change, output)
				   : method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	code = change->reach == CHANGE_LIVE ? change_live(change, output)
					    : change_configured(change, output);
	if (driver_type(device) != NULL)
		change_mark_clear(device->cudv.name);
	return code;
}

static int read_change(int argc, char **argv, struct change *change, struct method_output *output)
{
	struct method_flags *flags = &change->flags;
	int code = method_flags_read(argc, argv, "l:a:p:w:PTUn", flags, output);

	if (code == E_OK && flags->device == NULL)
		code = method_fail(output, E_ARGS, "%s: -l Name is missing.", argv[0]);
	if (code == E_OK && flags->database_only + flags->device_only + flags->live > 1)
		code = method_fail(output, E_ARGS, "-P, -T and -U exclude each other.");
	if (code == E_OK)
		code = device_find(flags->device, &change->device, output);
	if (code != E_OK)
		return code;
	change->reach = flags->database_only ? CHANGE_DATABASE
			: flags->device_only ? CHANGE_DEVICE
			: flags->live        ? CHANGE_LIVE
					     : CHANGE_BOTH;
	if (flags->attributes.length > 0 &&
		!attribute_changes_read(flags->attributes.data, &change->changes))
		return method_fail(output, E_ARGS,
			"-a takes Attribute=Value, or several with blanks between; a value with "
			"blanks goes in quotes.");
	if (change->changes.count == 0 && flags->parent == NULL && flags->connection == NULL)
		return method_fail(output, E_ARGS, "Nothing is to be changed: -a is missing.");
	return E_OK;
}

int method_change(int argc, char **argv, struct method_output *output)
{
	AUTO(change_release) struct change change = {0};
	int code = read_change(argc, argv, &change, output);

	return code == E_OK ? carry_out(&change, output) : code;
}

int method_chgsys(int argc, char **argv, struct method_output *output)
{
	AUTO(change_release) struct change change = {.with_children = true};
	int code = read_change(argc, argv, &change, output);

	return code == E_OK ? carry_out(&change, output) : code;
}
