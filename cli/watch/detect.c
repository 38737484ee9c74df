/*
 * The devices of the machine are looked for again, beginning with the system. cfgmgr configures all
 * that is Defined; here only what was not there the last time is.
 */
#include "detect.h"

#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "cfgmethods/device.h"
#include "cfgmethods/kernel.h"
#include "cfgmethods/machine.h"
#include "cfgmethods/path.h"

/* What the database said of a device before. */
struct known {
	char name[16];
	short status, chgstatus;
};

struct state {
	struct known *list; /* sorted by name */
	size_t count;
};

static void state_release(struct state *state)
{
	free(state->list);
}

struct detection_run {
	struct state before;
	struct transaction transaction;
	char leaf[48]; /* the type of device last seen that can have no children, nor paths */
	bool failed;
};

static void run_release(struct detection_run *run)
{
	state_release(&run->before);
	transaction_release(&run->transaction);
}

static int take_device(void *object, void *closure)
{
	struct state *state = closure;
	const struct CuDv *device = object;

	/* Room grows at the powers of two. */
	if ((state->count & (state->count - 1)) == 0) {
		size_t room = state->count > 0 ? 2 * state->count : 1;
		struct known *longer = reallocarray(state->list, room, sizeof(*longer));
		if (longer == NULL)
			return -1;
		state->list = longer;
	}
	struct known *known = &state->list[state->count++];
	memcpy(known->name, device->name, sizeof(known->name));
	known->status = device->status;
	known->chgstatus = device->chgstatus;
	return 0;
}

static int compare_names(const void *one, const void *other)
{
	return strcmp(((const struct known *)one)->name, ((const struct known *)other)->name);
}

static bool state_read(struct state *state)
{
	static const char *const descriptors[] = {"name", "status", "chgstatus", NULL};
	static char all[] = "";

	if (odm_visit(CuDv_CLASS, all, descriptors, take_device, state) < 0) {
		message("the devices can't be read: %s", odm_error_text(odmerrno));
		return false;
	}
	if (state->count > 0)
		qsort(state->list, state->count, sizeof(*state->list), compare_names);
	return true;
}

static const struct known *state_find(const struct state *state, const char *name)
{
	struct known key;

	if (state->count == 0 || !copy_text(key.name, sizeof(key.name), name))
		return NULL;
	return bsearch(&key, state->list, state->count, sizeof(key), compare_names);
}

/* Whether a device that is there now was not when it was looked for the last time. */
static bool came(const struct detection_run *run, const struct CuDv *device)
{
	const struct known *was = state_find(&run->before, device->name);

	return was == NULL || was->chgstatus == MISSING ||
	       (was->status != DEFINED && device->status == DEFINED);
}

/* One that vanishes while it is configured came not; the next detection has it come again. */
static void mark_missing(struct detection_run *run, const char *name)
{
	AUTO(method_output_release) struct method_output output = {0};

	run->failed = true;
	if (device_set_status(name, DEFINED, MISSING, &output) != E_OK)
		message("%s", output.reason.data != NULL ? output.reason.data : name);
}

static void tell_failure(const char *name, int code, const struct method_output *output)
{
	message("%s can't be configured: %s", name,
		output->reason.length > 0 ? output->reason.data : cf_error_text(code));
}

/* No transaction is open while another process works: 0, or -1 with a message. */
static int run_method(struct detection_run *run, const char *method, const char *const *arguments,
	struct method_output *output)
{
	bool outside = !method_runs_inside(method);

	if (outside && transaction_commit(&run->transaction) < 0)
		return method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	int code = method_run(method, arguments, output);
	if (outside && transaction_begin(&run->transaction) < 0)
		return method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	return code;
}

/* Configures a device, or only looks for its children when it is. */
static bool configure(struct detection_run *run, const struct CuDv *cudv)
{
	AUTO(method_output_release) struct method_output output = {0};
	AUTO(device_release) struct device device = {0};
	const char *const arguments[] = {"-l", cudv->name, NULL};

	int code = device_find(cudv->name, &device, &output);
	if (code == E_OK)
		code = run_method(run, device.pddv.Configure, arguments, &output);
	if (code == E_OK) {
		if (output.reason.length > 0)
			message("%s", output.reason.data);
		return true;
	}
	tell_failure(cudv->name, code, &output);
	run->failed = true;
	if (cudv->status == DEFINED)
		mark_missing(run, cudv->name);
	return false;
}

/* Whether it is to be looked at: it is the kernel's, is there and was not unconfigured. */
static bool is_looked_at(
	const struct detection_run *run, const struct CuDv *device, bool with_parent)
{
	struct PdDv type;

	if (kernel_type(device->PdDvLn_Lvalue) != 1 || device->chgstatus == MISSING)
		return false;
	if (device->status != DEFINED || came(run, device))
		return true;
	/* What no scan finds comes and goes with what it hangs on. */
	if (!with_parent ||
		find_object(PdDv_CLASS, &type, "uniquetype = %s", device->PdDvLn_Lvalue) != 1)
		return false;
	bool detectable = type.detectable != 0;
	odm_free_members(PdDv_CLASS, &type);
	return !detectable;
}

/* Whether there is nothing to be found below devices of a type: most are disks, one after another.
 */
static bool is_leaf(struct detection_run *run, const char *uniquetype)
{
	struct PdCn connection;

	if (strcmp(run->leaf, uniquetype) == 0)
		return true;
	if (find_object(PdCn_CLASS, &connection, "uniquetype = %s", uniquetype) != 0 ||
		path_supported(uniquetype) != 0)
		return false;
	return copy_text(run->leaf, sizeof(run->leaf), uniquetype);
}

static void detect_below(struct detection_run *run, const struct CuDv *device)
{
	struct listinfo info;
	bool brought_up = device->status == DEFINED;

	if ((!brought_up && is_leaf(run, device->PdDvLn_Lvalue)) || !configure(run, device))
		return;
	struct CuDv *children = list_objects(CuDv_CLASS, &info, "parent = %s", device->name);
	if (children == ODM_FAILED) {
		message("the devices can't be read: %s", odm_error_text(odmerrno));
		run->failed = true;
		return;
	}
	for (int i = 0; children != NULL && i < info.num; i++)
		if (is_looked_at(run, &children[i], brought_up))
			detect_below(run, &children[i]);
	if (children != NULL)
		odm_free_list(children, &info);
}

static void detect_system(struct detection_run *run)
{
	AUTO(method_output_release) struct method_output output = {0};
	const char *const none[] = {NULL};
	struct CuDv system;

	int code = run_method(run, METHODS_DIRECTORY "defsys", none, &output);
	if (code != E_OK)
		tell_failure("sys0", code, &output);
	if (code == E_OK && find_object(CuDv_CLASS, &system, "name = 'sys0'") == 1)
		detect_below(run, &system);
	else
		run->failed = true;
}

/* A new adapter gets its interface, which is configured at once. */
static void detect_interfaces(struct detection_run *run)
{
	AUTO(method_output_release) struct method_output output = {0};
	const char *const none[] = {NULL};
	struct CuDv interface;

	int code = run_method(run, METHODS_DIRECTORY "defif", none, &output);
	if (code != E_OK) {
		tell_failure("network interfaces", code, &output);
		run->failed = true;
	}
	char *rest = output.names.data;
	for (char *name = strsep(&rest, " "); name != NULL; name = strsep(&rest, " "))
		if (*name != '\0' && find_object(CuDv_CLASS, &interface, "name = %s", name) == 1 &&
			interface.status == DEFINED && is_looked_at(run, &interface, false))
			detect_below(run, &interface);
}

/* Says what came and went. */
static void tell_changes(const struct detection_run *run, const struct state *after)
{
	for (size_t i = 0; i < after->count; i++) {
		const struct known *now = &after->list[i];
		const struct known *was = state_find(&run->before, now->name);
		bool was_there = was != NULL && was->chgstatus != MISSING;
		if (was_there && now->chgstatus == MISSING)
			message("%s is gone", now->name);
		else if (!was_there && now->chgstatus != MISSING && now->status != DEFINED)
			message("%s came", now->name);
	}
}

/* What the kernel shows is read before the transaction begins, which nobody else waits for then. */
static bool look_again(void)
{
	char *mistake = NULL;

	kernel_types_forget();
	machine_forget_devices();
	const struct machine *machine = machine_get_devices(&mistake);
	AUTO_FREE char *owned = mistake;
	if (machine == NULL)
		message("%s", owned != NULL ? owned : "there is not enough memory");
	return machine != NULL;
}

bool detect_devices(void)
{
	AUTO(run_release) struct detection_run run = {0};
	AUTO(state_release) struct state after = {0};

	if (!look_again() || !state_read(&run.before))
		return false;
	if (transaction_begin(&run.transaction) == 0) {
		detect_system(&run);
		detect_interfaces(&run);
	}
	if (!run.transaction.open || transaction_commit(&run.transaction) < 0) {
		message("the devices can't be stored: %s", odm_error_text(odmerrno));
		return false;
	}
	if (!state_read(&after))
		return false;
	tell_changes(&run, &after);
	return !run.failed;
}
