/* Values for devices: what of them is lacking, shown or given by the Change methods. */
#include <string.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cfgmethods/kernel.h"
#include "cfgmethods/running.h"
#include "cfgmethods/value_list.h"
#include "cli/shared/initial_disk.h"
#include "cli/shared/interrupt.h"
#include "wishes.h"

/* One device that gets values. */
struct receiver {
	struct device device;
	bool there; /* the kernel drives it, and has it */
	struct kernel_device kernel;
	struct attribute_changes running;
	struct attribute_changes changes; /* what is lacking, as Change takes it */
};

static void receiver_release(struct receiver *receiver)
{
	device_release(&receiver->device);
	attribute_changes_release(&receiver->running);
	attribute_changes_release(&receiver->changes);
}

static bool receiver_find(const char *name, struct receiver *receiver)
{
	AUTO(method_output_release) struct method_output output = {0};

	if (!device_command_find(name, &receiver->device))
		return false;
	receiver->there =
		receiver->device.cudv.status != DEFINED &&
		kernel_type(receiver->device.pddv.uniquetype) == 1 &&
		kernel_device_find(&receiver->device.cudv, &receiver->kernel, &output) == E_OK;
	if (running_read(name, &receiver->running) == 0)
		return true;
	message("%s can't be read: %s", name, odm_error_text(odmerrno));
	return false;
}

/* Whether the user may set the attribute; told and left when not. */
static bool is_settable(
	struct wishes *wishes, const struct receiver *receiver, const char *attribute)
{
	const char *name = receiver->device.cudv.name;
	struct PdAt predefined;
	int found = find_object(PdAt_CLASS, &predefined, "uniquetype = %s AND attribute = %s",
		receiver->device.pddv.uniquetype, attribute);
	bool settable = found == 1 && strchr(predefined.generic, 'U') != NULL;

	if (found == 1)
		odm_free_members(PdAt_CLASS, &predefined);
	if (found < 0)
		wishes_leave(wishes, "%s of %s: %s", attribute, name, odm_error_text(odmerrno));
	else if (found == 0)
		wishes_leave(wishes, "%s has no attribute %s", name, attribute);
	else if (!settable)
		wishes_leave(wishes, "%s of %s is not the user's to set", attribute, name);
	return settable;
}

/* Whether the device has the value: stored, and where it counts in the kernel or the driver. */
static bool has_value(const struct receiver *receiver, const struct attribute_change *value,
	const struct wish_options *options)
{
	const char *running = attribute_changes_find(&receiver->running, value->attribute);
	const struct kernel_attribute *attribute =
		receiver->there ? kernel_attribute_find(receiver->kernel.type, value->attribute)
				: NULL;
	int count;
	struct CuAt *stored = getattr(receiver->device.cudv.name, value->attribute, FALSE, &count);
	bool same = stored != NULL && strcmp(stored->value, value->value) == 0;

	freeattr(stored, count);
	if (!same || options->database_only || receiver->device.cudv.status == DEFINED)
		return same;
	if (attribute != NULL)
		return tunable_has(receiver->kernel.tree, receiver->kernel.directory,
			&attribute->tunable, value->value);
	return running == NULL || strcmp(running, value->value) == 0;
}

/* Whether it may be given; what can cut the machine off is told and left. */
static bool is_harmless(struct wishes *wishes, const struct receiver *receiver,
	struct attribute_change *value, const struct wish_options *options)
{
	const struct attribute_changes one = {value, 1};
	AUTO(text_release) struct text danger = {0};

	if (options->database_only || options->force || !receiver->there ||
		!kernel_guarded(&receiver->device.cudv, &one, &danger))
		return true;
	wishes_leave(wishes, "%s of %s: %s; --force changes it, or -P for the next start",
		value->attribute, receiver->device.cudv.name,
		danger.data != NULL ? danger.data : "");
	return false;
}

/* What an attribute of the wish needs: nothing, its value, or of one that adds the steps. */
static bool add_lacking(struct wishes *wishes, const struct wish *wish, int place,
	struct receiver *receiver, const struct wish_options *options)
{
	struct attribute_change *value = &wish->values.changes[place];
	AUTO(attribute_changes_release) struct attribute_changes stored = {0};
	attribute_name remover = "";

	for (int i = 0; i < place; i++)
		if (strcmp(wish->values.changes[i].attribute, value->attribute) == 0)
			return true;
	if (!is_settable(wishes, receiver, value->attribute))
		return true;
	int adds = adding_attribute(wish->device, value->attribute, remover);
	if (adds == 1)
		adds = values_stored(wish->device, value->attribute, &stored) == 0 &&
				       values_difference(&stored, &wish->values, value->attribute,
					       remover, &receiver->changes)
			       ? 1
			       : -1;
	for (int i = place + 1; adds == 0 && i < wish->values.count; i++)
		if (strcmp(wish->values.changes[i].attribute, value->attribute) == 0) {
			wishes_leave(wishes, "%s of %s has one value, not several",
				value->attribute, wish->device);
			return true;
		}
	if (adds == 0 && !has_value(receiver, value, options) &&
		is_harmless(wishes, receiver, value, options) &&
		!attribute_changes_add(&receiver->changes, value->attribute, value->value))
		adds = -1;
	if (adds < 0)
		message("%s of %s can't be read", value->attribute, wish->device);
	return adds >= 0;
}

static int run_change(const struct receiver *receiver, const struct attribute_changes *changes,
	const struct wish_options *options, const char *mode, struct method_output *output)
{
	AUTO(text_release) struct text assignments = {0};
	const char *arguments[8] = {"-l", receiver->device.cudv.name, "-a"};
	int count = 3;

	if (!attribute_changes_write(changes, &assignments))
		return method_fail(output, E_MALLOC, "There is not enough memory.");
	arguments[count++] = assignments.data;
	if (options->database_only)
		arguments[count++] = "-P";
	arguments[count] = mode;
	if (*receiver->device.pddv.Change == '\0')
		return method_fail(
			output, E_ODMRUNMETHOD, "The device's type does not support this.");
	return method_run(receiver->device.pddv.Change, arguments, output);
}

/* Tells a refusal, or what was rounded. */
static void report(struct wishes *wishes, const struct receiver *receiver, int code,
	const struct method_output *output)
{
	if (code != E_OK) {
		device_command_report(receiver->device.pddv.Change, code, output);
		wishes->left++;
	} else if (output->reason.length > 0) {
		foreign_printf(stderr, "%s\n", output->reason.data);
	}
}

/*
 * The values of a device that the kernel drives one by one, in the order of its attributes: one
 * that is refused keeps no other from its device.
 */
static int give_separately(struct wishes *wishes, const struct receiver *receiver,
	const struct wish_options *options, const char *mode)
{
	const struct kernel_type *type = receiver->kernel.type;
	int given = 0;

	for (int i = 0; i < type->count; i++) {
		AUTO(method_output_release) struct method_output output = {0};
		for (int c = 0; c < receiver->changes.count; c++) {
			struct attribute_change *change = &receiver->changes.changes[c];
			const struct attribute_changes one = {change, 1};
			if (strcmp(change->attribute, type->attributes[i].predefined.attribute) !=
				0)
				continue;
			int code = run_change(receiver, &one, options, mode, &output);
			report(wishes, receiver, code, &output);
			given += code == E_OK;
		}
	}
	return given;
}

static int give(struct wishes *wishes, const struct receiver *receiver,
	const struct wish_options *options, const char *mode)
{
	AUTO(method_output_release) struct method_output output = {0};
	const struct attribute_changes *changes = &receiver->changes;

	/* What another's method refuses is known when it runs. */
	if (mode != NULL && !method_is_ours(receiver->device.pddv.Change))
		return changes->count;
	int code = run_change(receiver, changes, options, mode, &output);
	if (code != E_OK && receiver->there && changes->count > 1)
		return give_separately(wishes, receiver, options, mode);
	report(wishes, receiver, code, &output);
	return code == E_OK ? changes->count : 0;
}

/* The rows of --dry-run. */
static bool show(const struct receiver *receiver, const struct format *format, struct table *table)
{
	bool ok = true;

	for (int i = 0; i < receiver->changes.count && ok; i++) {
		const struct attribute_change *change = &receiver->changes.changes[i];
		int count;
		struct CuAt *stored =
			getattr(receiver->device.cudv.name, change->attribute, FALSE, &count);
		const char *const cells[][2] = {{"device", receiver->device.cudv.name},
			{"attribute", change->attribute},
			{"value", stored != NULL ? stored->value : ""}, {"new", change->value}};
		for (int column = 0; column < format->count && ok; column++) {
			size_t c = 0;
			while (c < 4 && strcmp(cells[c][0], format->names[column]) != 0)
				c++;
			if (c == 4)
				message("there is no column '%s'", format->names[column]);
			ok = c < 4 && table_add(table, cells[c][1]);
		}
		freeattr(stored, count);
	}
	return ok;
}

/* One device: how many values it got or would get, or -1. */
static int give_one(struct wishes *wishes, const struct wish *wish,
	const struct wish_options *options, const struct format *format, struct table *table)
{
	AUTO(receiver_release) struct receiver receiver = {0};

	if (!receiver_find(wish->device, &receiver))
		return -1;
	for (int i = 0; i < wish->values.count; i++)
		if (!add_lacking(wishes, wish, i, &receiver, options))
			return -1;
	if (receiver.changes.count == 0)
		return 0;
	int given = give(wishes, &receiver, options, options->dry_run ? "-n" : NULL);
	if (options->dry_run && given > 0 && !show(&receiver, format, table))
		return -1;
	return given;
}

int wishes_carry_out(struct wishes *wishes, const struct wish_options *options)
{
	AUTO(format_release) struct format format = {0};
	AUTO(names_release) struct names changed = {0};
	struct listing listing = options->listing;
	int values = 0;

	if (listing.form == TABLE_PLAIN && listing.format == NULL)
		listing.form = TABLE_HEADED;
	if (!listing_columns(&listing, "device attribute value new", &format))
		return -1;
	AUTO(table_release) struct table table = {.columns = format.count};
	if (!options->dry_run && odm_one_entry() < 0) {
		message("the history can't be read: %s", odm_error_text(odmerrno));
		return -1;
	}
	for (int i = 0; i < wishes->count; i++) {
		int given = interrupt_pending()
				    ? -1
				    : give_one(wishes, &wishes->list[i], options, &format, &table);
		if (given < 0)
			return -1;
		values += given;
		if (given > 0 && !names_add(&changed, wishes->list[i].device))
			return -1;
	}
	if (options->dry_run)
		return table.count == 0 || table_print_as(&table, &format, listing.form, stdout)
			       ? values
			       : -1;
	if (!options->quiet) {
		printf("%d values of %d devices changed\n", values, changed.count);
		initial_disk_remind(&changed);
	}
	return values;
}
