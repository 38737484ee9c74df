/* What a change would do, as rows of a listing. */
#include <string.h>

#include "base/message.h"
#include "cfgmethods/kernel.h"
#include "change_plan_parts.h"

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

/* What is to be printed, besides the changes. */
struct view {
	const struct change_plan *plan;
	const struct device *device;
	const char *method; /* with its arguments */
	const struct format *format;
	struct table *table;
	const struct attribute_changes *kernels; /* what the kernel has now */
};

/* What holds of a device that the kernel drives; nothing of any other, or one that is not there. */
static bool read_kernels(const struct device *device, struct attribute_changes *kernels)
{
	AUTO(method_output_release) struct method_output nowhere = {0};
	struct kernel_device kernel;

	return device->cudv.status == DEFINED || kernel_type(device->pddv.uniquetype) != 1 ||
	       kernel_device_find(&device->cudv, &kernel, &nowhere) != E_OK ||
	       kernel_values(&kernel, kernels) == 0;
}

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
	const struct view *view, const struct attribute_changes *changes, int index)
{
	AUTO(attribute_changes_release) struct attribute_changes steps = {0};
	const struct attribute_change *change = &changes->changes[index];
	int count, adds = change_plan_steps(
			   view->plan, view->device, changes, change->attribute, false, &steps);
	bool ok = adds >= 0;

	for (int i = 0; i < steps.count && ok && !change_plan_repeated(changes, index); i++) {
		const struct attribute_change *step = &steps.changes[i];
		bool comes = strcmp(step->attribute, change->attribute) == 0;
		ok = add_value_row(view, change->attribute, comes ? "" : step->value,
			comes ? step->value : "");
	}
	if (adds != 0)
		return ok;
	const char *now = attribute_changes_find(view->kernels, change->attribute);
	struct CuAt *current = getattr(view->device->cudv.name, change->attribute, FALSE, &count);
	ok = add_value_row(view, change->attribute,
		now != NULL       ? now
		: current != NULL ? current->value
				  : "",
		change->value);
	freeattr(current, count);
	return ok;
}

static bool add_rows(const struct change_plan *plan, const struct device *device,
	const struct attribute_changes *changes, const struct format *format, struct table *table)
{
	struct change_arguments arguments =
		change_plan_arguments(plan, device->cudv.name, plan->assignments.data, NULL);
	AUTO(attribute_changes_release) struct attribute_changes kernels = {0};
	AUTO(text_release) struct text method = {0};

	if (!read_kernels(device, &kernels)) {
		message("there is not enough memory");
		return false;
	}
	text_append(&method, device->pddv.Change);
	for (int i = 0; arguments.list[i] != NULL; i++)
		text_printf(&method, " %s", arguments.list[i]);
	const struct view view = {plan, device, method.data, format, table, &kernels};
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

	if (!device_command_find(name, &device) || !change_plan_check(plan, name))
		return false;
	if (!method_is_ours(device.pddv.Change))
		message("%s: its method %s is not odmcfg's: what it refuses is known when it runs",
			name, device.pddv.Change);
	return change_plan_read(plan, &device, &changes) &&
	       add_rows(plan, &device, &changes, format, table);
}
