/* Checks, carries out and takes back a change by the Change method. */
#include "change_plan_parts.h"

#include <string.h>

#include "base/message.h"
#include "cfgmethods/volume.h"

void change_plan_release(struct change_plan *plan)
{
	for (int i = 0; i < plan->old_count; i++)
		attribute_changes_release(&plan->old[i]);
	free(plan->old);
	text_release(&plan->assignments);
}

struct change_arguments change_plan_arguments(const struct change_plan *plan, const char *device,
	const char *assignments, const char *mode)
{
	static const char *const reaches[] = {"-P", "-T", "-U"};
	struct change_arguments arguments = {{"-l", device}};
	int count = 2;

	if (assignments != NULL && *assignments != '\0') {
		arguments.list[count++] = "-a";
		arguments.list[count++] = assignments;
	}
	if (plan->parent != NULL) {
		arguments.list[count++] = "-p";
		arguments.list[count++] = plan->parent;
	}
	if (plan->connection != NULL) {
		arguments.list[count++] = "-w";
		arguments.list[count++] = plan->connection;
	}
	for (size_t i = 0; i < 3; i++)
		if (reaches[i][1] == plan->reach)
			arguments.list[count++] = reaches[i];
	arguments.list[count] = mode;
	return arguments;
}

static bool run_change(const struct device *device, const struct change_arguments *arguments)
{
	AUTO(method_output_release) struct method_output output = {0};

	return device_command_method(device->pddv.Change, arguments->list, &output) == E_OK;
}

bool change_plan_check(const struct change_plan *plan, const char *name)
{
	AUTO(device_release) struct device device = {0};

	if (!device_command_find(name, &device))
		return false;
	/* What another's method refuses is known when it runs. */
	if (!method_is_ours(device.pddv.Change))
		return true;
	struct change_arguments arguments =
		change_plan_arguments(plan, name, plan->assignments.data, "-n");
	return run_change(&device, &arguments);
}

static enum change_reach reach_of(const struct change_plan *plan)
{
	return plan->reach == 'P'   ? CHANGE_DATABASE
	       : plan->reach == 'T' ? CHANGE_DEVICE
	       : plan->reach == 'U' ? CHANGE_LIVE
				    : CHANGE_BOTH;
}

bool change_plan_read(const struct change_plan *plan, const struct device *device,
	struct attribute_changes *changes)
{
	AUTO(method_output_release) struct method_output output = {0};
	const char *assignments = plan->assignments.data != NULL ? plan->assignments.data : "";

	if (attribute_changes_read(assignments, changes) &&
		change_lists(device, reach_of(plan), changes, &output) == E_OK)
		return true;
	message("%s",
		output.reason.data != NULL ? output.reason.data : "there is not enough memory");
	return false;
}

int change_plan_steps(const struct change_plan *plan, const struct device *device,
	const struct attribute_changes *changes, const char *attribute, bool back,
	struct attribute_changes *steps)
{
	AUTO(attribute_changes_release) struct attribute_changes before = {0};
	AUTO(attribute_changes_release) struct attribute_changes running = {0};
	const char *name = device->cudv.name;
	attribute_name remover = "";
	int adds = adding_attribute(name, attribute, remover);

	if (adds != 1)
		return adds;
	if (change_lists_base(name, reach_of(plan), attribute, &before) < 0 ||
		!values_difference(back ? changes : &before, back ? &before : changes, attribute,
			remover, steps))
		return -1;
	/* What is stored already, and waits, reaches the device by the change. */
	if (!back && steps->count == 0 &&
		(values_running(name, attribute, &running) < 0 ||
			!values_difference(&running, changes, attribute, remover, steps)))
		return -1;
	return 1;
}

bool change_plan_repeated(const struct attribute_changes *changes, int index)
{
	return index > 0 && strcmp(changes->changes[index].attribute,
				    changes->changes[index - 1].attribute) == 0;
}

/* The change that gives a device back what it has; of an attribute that adds, the steps back. */
static bool remember_attribute(const struct change_plan *plan, const struct device *device,
	const struct attribute_changes *changes, const char *attribute,
	struct attribute_changes *old)
{
	int count, adds = change_plan_steps(plan, device, changes, attribute, true, old);
	bool ok = adds == 1;

	if (adds == 0 && strcmp(attribute, VOLUME_REQUEST) == 0) {
		AUTO_FREE char *now = volume_request_now(device->cudv.name);
		ok = now != NULL && attribute_changes_add(old, attribute, now);
	} else if (adds == 0) {
		struct CuAt *current = getattr(device->cudv.name, attribute, FALSE, &count);
		ok = current != NULL && attribute_changes_add(old, attribute, current->value);
		freeattr(current, count);
	}
	if (!ok)
		message("%s of %s can't be read", attribute, device->cudv.name);
	return ok;
}

static bool remember_one(
	const struct change_plan *plan, const char *name, struct attribute_changes *old)
{
	AUTO(attribute_changes_release) struct attribute_changes changes = {0};
	AUTO(device_release) struct device device = {0};
	bool ok = device_command_find(name, &device) && change_plan_read(plan, &device, &changes);

	for (int i = 0; i < changes.count && ok; i++)
		ok = change_plan_repeated(&changes, i) ||
		     remember_attribute(plan, &device, &changes, changes.changes[i].attribute, old);
	return ok;
}

bool change_plan_remember(struct change_plan *plan, const struct names *names)
{
	plan->old = calloc((size_t)names->count, sizeof(*plan->old));
	plan->old_count = plan->old != NULL ? names->count : 0;
	bool ok = plan->old != NULL;
	if (!ok)
		message("there is not enough memory");
	for (int i = 0; i < plan->old_count && ok; i++)
		ok = remember_one(plan, names->list[i], &plan->old[i]);
	return ok;
}

bool change_plan_apply(const struct change_plan *plan, const char *name)
{
	AUTO(device_release) struct device device = {0};
	struct change_arguments arguments =
		change_plan_arguments(plan, name, plan->assignments.data, NULL);

	return device_command_find(name, &device) && run_change(&device, &arguments);
}

bool change_plan_undo(const struct change_plan *plan, const char *name, int index)
{
	AUTO(device_release) struct device device = {0};
	AUTO(text_release) struct text assignments = {0};
	const struct attribute_changes *old = &plan->old[index];

	if (!attribute_changes_write(old, &assignments) || !device_command_find(name, &device))
		return false;
	if (old->count == 0 && plan->parent == NULL && plan->connection == NULL)
		return true;
	struct change_arguments arguments =
		change_plan_arguments(plan, name, assignments.data, NULL);
	return run_change(&device, &arguments);
}
