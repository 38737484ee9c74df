#include "change_plan.h"

#include <string.h>

#include "base/message.h"
#include "cfgmethods/change_lists.h"

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

static enum change_reach reach_of(const struct change_plan *plan)
{
	return plan->reach == 'P'   ? CHANGE_DATABASE
	       : plan->reach == 'T' ? CHANGE_DEVICE
	       : plan->reach == 'U' ? CHANGE_LIVE
				    : CHANGE_BOTH;
}

/* What is to be changed, with whole lists for attributes that add. False with a message. */
static bool read_changes(const struct change_plan *plan, const struct device *device,
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

/* Values of an attribute that adds: the steps from those there are to those there will be. */
static int add_steps(const struct change_plan *plan, const struct device *device,
	const struct attribute_changes *changes, const char *attribute, bool back,
	struct attribute_changes *steps)
{
	AUTO(attribute_changes_release) struct attribute_changes before = {0};
	const char *name = device->cudv.name;
	attribute_name remover = "";
	int adds = adding_attribute(name, attribute, remover);

	if (adds != 1)
		return adds;
	if (change_lists_base(name, reach_of(plan), attribute, &before) < 0 ||
		!values_difference(back ? changes : &before, back ? &before : changes, attribute,
			remover, steps))
		return -1;
	return 1;
}

/* Whether an attribute's changes, which follow each other, were looked at. */
static bool is_repeated(const struct attribute_changes *changes, int place)
{
	return place > 0 && strcmp(changes->changes[place].attribute,
				    changes->changes[place - 1].attribute) == 0;
}

/* What is to be printed, besides the changes. */
struct view {
	const struct change_plan *plan;
	const struct device *device;
	const char *method; /* with its arguments */
	const struct format *format;
	struct table *table;
};

static bool add_value_row(
	const struct view *view, const char *attribute, const char *old, const char *new_value)
{
	const struct row row = {{{"device", view->device->cudv.name}, {"attribute", attribute},
		{"value", old}, {"new", new_value}, {"effect", effect_of(view->plan, view->device)},
		{"method", view->method}}};

	return add_row(&row, view->format, view->table);
}

/* A row for a change; of an attribute that adds one for each value that comes or goes. */
static bool add_change_rows(
	const struct view *view, const struct attribute_changes *changes, int place)
{
	AUTO(attribute_changes_release) struct attribute_changes steps = {0};
	const struct attribute_change *change = &changes->changes[place];
	int count, adds = add_steps(
			   view->plan, view->device, changes, change->attribute, false, &steps);
	bool ok = adds >= 0;

	for (int i = 0; i < steps.count && ok && !is_repeated(changes, place); i++) {
		const struct attribute_change *step = &steps.changes[i];
		bool comes = strcmp(step->attribute, change->attribute) == 0;
		ok = add_value_row(view, change->attribute, comes ? "" : step->value,
			comes ? step->value : "");
	}
	if (adds != 0)
		return ok;
	struct CuAt *current = getattr(view->device->cudv.name, change->attribute, FALSE, &count);
	ok = add_value_row(
		view, change->attribute, current != NULL ? current->value : "", change->value);
	freeattr(current, count);
	return ok;
}

static bool add_rows(const struct change_plan *plan, const struct device *device,
	const struct attribute_changes *changes, const struct format *format, struct table *table)
{
	struct change_arguments arguments =
		arguments_of(plan, device->cudv.name, plan->assignments.data, NULL);
	AUTO(text_release) struct text method = {0};

	text_append(&method, device->pddv.Change);
	for (int i = 0; arguments.list[i] != NULL; i++)
		text_printf(&method, " %s", arguments.list[i]);
	const struct view view = {plan, device, method.data, format, table};
	bool ok = !method.failed;
	for (int i = 0; i < changes->count && ok; i++)
		ok = add_change_rows(&view, changes, i);
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
	return read_changes(plan, &device, &changes) &&
	       add_rows(plan, &device, &changes, format, table);
}

/* The values that give back what a device has; of an attribute that adds, the steps back. */
static bool remember_one(
	const struct change_plan *plan, const char *name, struct attribute_changes *old)
{
	AUTO(attribute_changes_release) struct attribute_changes changes = {0};
	AUTO(device_release) struct device device = {0};
	bool ok = find_device(name, &device) && read_changes(plan, &device, &changes);

	for (int i = 0; i < changes.count && ok; i++) {
		const char *attribute = changes.changes[i].attribute;
		int count, adds = is_repeated(&changes, i) ? 0
							   : add_steps(plan, &device, &changes,
								     attribute, true, old);
		ok = adds >= 0;
		if (adds != 0 || is_repeated(&changes, i))
			continue;
		struct CuAt *current = getattr(name, attribute, FALSE, &count);
		ok = current != NULL && attribute_changes_add(old, attribute, current->value);
		freeattr(current, count);
		if (!ok)
			message("%s of %s can't be read", attribute, name);
	}
	return ok;
}

bool change_plan_remember(struct change_plan *plan, const struct names *names)
{
	plan->old = calloc((size_t)names->count, sizeof(*plan->old));
	plan->old_count = plan->old != NULL ? names->count : 0;
	bool ok = plan->old != NULL;
	for (int i = 0; i < plan->old_count && ok; i++)
		ok = remember_one(plan, names->list[i], &plan->old[i]);
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
	if (old->count == 0 && plan->parent == NULL && plan->connection == NULL)
		return true;
	struct change_arguments arguments = arguments_of(plan, name, assignments.data, NULL);
	return run_change(&device, &arguments);
}
