#include "change_plan.h"

#include <string.h>

#include "base/message.h"

void change_plan_release(struct change_plan *plan)
{
	for (int i = 0; i < plan->old_count; i++)
		attribute_changes_release(&plan->old[i]);
	free(plan->old);
	text_release(&plan->assignments);
}

/* The device with its type; false with a message. */
static bool find_device(const char *name, struct device *device)
{
	AUTO(method_output_release) struct method_output output = {0};

	if (device_find(name, device, &output) == E_OK)
		return true;
	message("%s", output.reason.data != NULL ? output.reason.data : name);
	return false;
}

/* The Change method's arguments; `mode` is one more flag, or NULL. */
struct change_arguments {
	const char *list[12];
};

static struct change_arguments arguments_of(const struct change_plan *plan, const char *device,
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

	if (!find_device(name, &device))
		return false;
	/* What another's method refuses is known when it runs. */
	if (!method_is_ours(device.pddv.Change))
		return true;
	struct change_arguments arguments = arguments_of(plan, name, plan->assignments.data, "-n");
	return run_change(&device, &arguments);
}

/* What the change does to the device. */
static const char *effect_of(const struct change_plan *plan, const struct device *device)
{
	if (plan->reach == 'P')
		return "next configuration";
	if (device->cudv.status == DEFINED)
		return "database";
	if (plan->reach == 'U')
		return "live";
	return device->pddv.DvDr[0] != '\0' ? "configured again" : "at once";
}

/* One row, a name and a text for each column. */
struct row {
	const char *cells[6][2];
};

static bool add_row(const struct row *row, const struct format *format, struct table *table)
{
	for (int column = 0; column < format->count; column++) {
		size_t i = 0;
		while (i < 6 && strcmp(row->cells[i][0], format->names[column]) != 0)
			i++;
		if (i == 6) {
			message("there is no column '%s'", format->names[column]);
			return false;
		}
		if (!table_add(table, row->cells[i][1]))
			return false;
	}
	return true;
}

static bool add_rows(const struct change_plan *plan, const struct device *device,
	const struct attribute_changes *changes, const struct format *format, struct table *table)
{
	const char *name = device->cudv.name;
	struct change_arguments arguments = arguments_of(plan, name, plan->assignments.data, NULL);
	AUTO(text_release) struct text method = {0};
	bool ok = true;

	text_append(&method, device->pddv.Change);
	for (int i = 0; arguments.list[i] != NULL; i++)
		text_printf(&method, " %s", arguments.list[i]);
	for (int i = 0; i < changes->count && ok && !method.failed; i++) {
		int count;
		const struct attribute_change *change = &changes->changes[i];
		struct CuAt *current = getattr(name, change->attribute, FALSE, &count);
		const struct row row = {{{"device", name}, {"attribute", change->attribute},
			{"value", current != NULL ? current->value : ""}, {"new", change->value},
			{"effect", effect_of(plan, device)}, {"method", method.data}}};
		ok = add_row(&row, format, table);
		freeattr(current, count);
	}
	return ok;
}

bool change_plan_show(const struct change_plan *plan, const char *name, const struct format *format,
	struct table *table)
{
	AUTO(attribute_changes_release) struct attribute_changes changes = {0};
	AUTO(device_release) struct device device = {0};

	if (!find_device(name, &device) || !change_plan_check(plan, name))
		return false;
	if (!method_is_ours(device.pddv.Change))
		message("%s: its method %s is not odmcfg's: what it refuses is known when it runs",
			name, device.pddv.Change);
	return attribute_changes_read(plan->assignments.data, &changes) &&
	       add_rows(plan, &device, &changes, format, table);
}

static bool remember_one(const char *assignments, const char *device, struct attribute_changes *old)
{
	AUTO(attribute_changes_release) struct attribute_changes changes = {0};
	bool ok = attribute_changes_read(assignments, &changes);

	for (int i = 0; i < changes.count && ok; i++) {
		const char *attribute = changes.changes[i].attribute;
		int count;
		struct CuAt *current = getattr(device, attribute, FALSE, &count);
		ok = current != NULL && attribute_changes_add(old, attribute, current->value);
		freeattr(current, count);
	}
	return ok;
}

bool change_plan_remember(struct change_plan *plan, const struct names *names)
{
	const char *assignments = plan->assignments.data != NULL ? plan->assignments.data : "";

	plan->old = calloc((size_t)names->count, sizeof(*plan->old));
	plan->old_count = plan->old != NULL ? names->count : 0;
	bool ok = plan->old != NULL;
	for (int i = 0; i < plan->old_count && ok; i++)
		ok = remember_one(assignments, names->list[i], &plan->old[i]);
	if (!ok)
		message("the devices' values can't be read");
	return ok;
}

bool change_plan_apply(const struct change_plan *plan, const char *name)
{
	AUTO(device_release) struct device device = {0};
	struct change_arguments arguments = arguments_of(plan, name, plan->assignments.data, NULL);

	return find_device(name, &device) && run_change(&device, &arguments);
}

bool change_plan_undo(const struct change_plan *plan, const char *name, int index)
{
	AUTO(device_release) struct device device = {0};
	AUTO(text_release) struct text assignments = {0};
	const struct attribute_changes *old = &plan->old[index];

	if (!attribute_changes_write(old, &assignments) || !find_device(name, &device))
		return false;
	struct change_arguments arguments = arguments_of(plan, name, assignments.data, NULL);
	return run_change(&device, &arguments);
}
