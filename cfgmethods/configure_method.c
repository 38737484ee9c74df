/* What every Configure method does: checks, the driver, and one short transaction. */
#include "configure_method.h"

#include "change_mark.h"
#include "kernel.h"
#include "machine.h"
#include "path.h"
#include "presence.h"
#include "running.h"
#include "vpd.h"

/* Configures a device again that its driver, since a restart, does not have. */
static int configure_again(const struct device *parent, struct method_output *output)
{
	AUTO(method_output_release) struct method_output answer = {0};
	const char *const arguments[] = {"-l", parent->cudv.name, NULL};

	if (driver_type(parent) == NULL || driver_has(parent) != 0)
		return E_OK;
	int code = method_run(parent->pddv.Configure, arguments, &answer);
	if (code != E_OK)
		return method_fail(output, code, "Its parent %s has to be configured again: %s",
			parent->cudv.name,
			answer.reason.length > 0 ? answer.reason.data : cf_error_text(code));
	return E_OK;
}

int parent_configure(const struct device *device, struct method_output *output)
{
	AUTO(device_release) struct device parent = {0};

	if (device->cudv.parent[0] == '\0')
		return E_OK;
	int code = device_find(device->cudv.parent, &parent, output);
	return code == E_OK ? configure_again(&parent, output) : E_PARENT;
}

/* A function of its own for the compiler, too: two devices are half a page of stack. */
__attribute__((noinline)) static int check_parent(
	const struct device *device, struct method_output *output)
{
	AUTO(device_release) struct device parent = {0};

	if (device->cudv.parent[0] == '\0')
		return E_OK;
	int code = device_find(device->cudv.parent, &parent, output);
	if (code != E_OK)
		return E_PARENT;
	/* By another path it can be reached all the same. */
	if (parent.cudv.status != AVAILABLE && path_parent_available(device->cudv.name) == 1)
		return E_OK;
	if (parent.cudv.status != AVAILABLE)
		return method_fail(output, E_PARENTSTATE,
			"Its parent %s is %s; configure that first: mkdev -l %s.", parent.cudv.name,
			device_status_name(parent.cudv.status), parent.cudv.name);
	return configure_again(&parent, output);
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

/*
 * What the hardware says of itself, by its description or its driver, to be freed; NULL when it
 * says nothing, or is not there any more.
 */
static char *find_vpd(const struct device *device)
{
	char *mistake = NULL;
	const struct machine *machine = device->pddv.has_vpd ? machine_get_devices(&mistake) : NULL;
	const struct machine_device *described =
		machine != NULL ? machine_find_device(machine, &device->cudv) : NULL;

	free(mistake);
	if (described != NULL && described->vpd != NULL)
		return strdup(described->vpd);
	return device->pddv.has_vpd ? driver_vpd(device) : NULL;
}

/* What is true of a configured device, in one short transaction. */
static int store_configured(
	const struct device *device, int chgstatus, struct method_output *output)
{
	const char *name = device->cudv.name;
	AUTO_FREE char *vpd = find_vpd(device);
	AUTO(transaction_release) struct transaction transaction = {0};

	if (transaction_begin(&transaction) < 0)
		return method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	int status = device->cudv.status == STOPPED ? STOPPED : AVAILABLE;
	int code = device_set_status(name, status, chgstatus, output);
	if (code != E_OK)
		return code;
	if (vpd_store(name, vpd) < 0 || running_store(name, NULL) < 0 ||
		path_configure_all(name) < 0 || transaction_commit(&transaction) < 0)
		return method_fail(output, E_ODMUPDATE, "%s: %s.", name, running_failure());
	return E_OK;
}

/* Driver first, then one short write; a failure of that takes the driver step back. */
static int bring_up(const struct device *device, struct method_output *output)
{
	int code = check_parent(device, output);
	if (code == E_OK)
		code = presence_check(device, output);
	if (code == E_OK)
		code = check_vacancy(device, output);
	if (code == E_OK)
		code = driver_configure(device, NULL, output);
	if (code == E_OK)
		code = kernel_configure(&device->cudv, output);
	/* After a restart of the host a Stopped device is so again. */
	if (code == E_OK && device->cudv.status == STOPPED)
		code = driver_stop(device, true, output);
	if (code != E_OK)
		return code;

	int chgstatus = device->cudv.chgstatus;
	code = store_configured(device, chgstatus == MISSING ? SAME : chgstatus, output);
	if (code != E_OK && driver_unconfigure(device, output) != E_OK)
		return code;
	if (driver_type(device) != NULL)
		change_mark_clear(device->cudv.name);
	return code;
}

static bool is_configured(const struct device *device)
{
	if (device->cudv.status == DEFINED)
		return false;
	return driver_type(device) == NULL ||
	       (driver_has(device) == 1 && !change_mark_is_set(device->cudv.name));
}

/* A path may have been found since the device was configured, or another driver. */
static int look_again(const struct device *device, struct method_output *output)
{
	const struct kernel_type *type = kernel_type_read(device->pddv.uniquetype);

	int paths = type != NULL ? kernel_has_paths(type) : -1;

	if (paths < 0 || (paths == 1 && path_configure_all(device->cudv.name) < 0))
		return method_fail(output, E_ODMUPDATE, "%s: %s.", device->cudv.name,
			odm_error_text(odmerrno));
	return kernel_look_again(&device->cudv, output);
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
	if (code == E_OK)
		code = is_configured(&device) ? look_again(&device, output)
					      : bring_up(&device, output);
	/* Nobody can look through a Stopped device. */
	if (code == E_OK && find_children != NULL && device.cudv.status != STOPPED)
		code = find_children(&device, output);
	return code;
}
