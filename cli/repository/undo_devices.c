/* Finds what drivers have to be told of an undo, and runs their Change methods. */
#include "undo_devices.h"

#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "cfgmethods/running.h"
#include "cfgmethods/value_list.h"
#include "cli/shared/device_command.h"

static void undo_device_release(struct undo_device *device)
{
	attribute_changes_release(&device->attributes);
	attribute_changes_release(&device->wanted);
	attribute_changes_release(&device->before);
}

void undo_devices_release(struct undo_devices *devices)
{
	for (int i = 0; i < devices->count; i++)
		undo_device_release(&devices->list[i]);
	free(devices->list);
}

/* The device in the list, added when it is new; NULL without memory. */
static struct undo_device *find_or_add(struct undo_devices *devices, const char *name)
{
	for (int i = 0; i < devices->count; i++)
		if (strcmp(devices->list[i].name, name) == 0)
			return &devices->list[i];
	struct undo_device *longer =
		realloc(devices->list, (size_t)(devices->count + 1) * sizeof(*longer));
	if (longer == NULL)
		return NULL;
	devices->list = longer;
	longer[devices->count] = (struct undo_device){0};
	copy_text(longer[devices->count].name, sizeof(longer->name), name);
	return &longer[devices->count++];
}

static int note_attribute(const struct odm_change *change, void *closure)
{
	const struct CuAt *attribute =
		change->new_object != NULL ? change->new_object : change->old_object;

	if (strcmp(change->class_name, "CuAt") != 0 || attribute == NULL)
		return 0;
	struct undo_device *device = find_or_add(closure, attribute->name);
	if (device == NULL)
		return -1;
	if (attribute_changes_find(&device->attributes, attribute->attribute) != NULL)
		return 0;
	return attribute_changes_add(&device->attributes, attribute->attribute, "") ? 0 : -1;
}

bool undo_devices_find(struct undo_devices *devices, long long entry)
{
	if (odm_history_changes(entry - 1, entry, note_attribute, devices) == 0)
		return true;
	message("entry %lld can't be undone: %s", entry, odm_error_text(odmerrno));
	return false;
}

/* Of an attribute that adds: the steps from the values that it runs with to the stored ones. */
static bool compare_values(struct undo_device *device, const char *attribute, const char *remover,
	const struct attribute_changes *running)
{
	AUTO(attribute_changes_release) struct attribute_changes stored = {0};

	return values_stored(device->name, attribute, &stored) == 0 &&
	       values_difference(running, &stored, attribute, remover, &device->wanted) &&
	       values_difference(&stored, running, attribute, remover, &device->before);
}

/* An attribute that the device was not configured with is none that its driver could have. */
static bool compare_attribute(
	struct undo_device *device, const char *attribute, const struct attribute_changes *running)
{
	const char *old = attribute_changes_find(running, attribute);
	attribute_name remover = "";
	int count = 0, adds = old != NULL ? adding_attribute(device->name, attribute, remover) : 0;

	if (adds != 0)
		return adds > 0 && compare_values(device, attribute, remover, running);
	struct CuAt *stored = getattr(device->name, attribute, FALSE, &count);
	bool ok = true;

	if (stored != NULL && old != NULL && strcmp(stored->value, old) != 0)
		ok = attribute_changes_add(&device->wanted, attribute, stored->value) &&
		     attribute_changes_add(&device->before, attribute, old);
	freeattr(stored, count);
	return ok;
}

static bool compare_device(struct undo_device *device)
{
	AUTO(attribute_changes_release) struct attribute_changes running = {0};
	struct CuDv object;
	int found = find_object(CuDv_CLASS, &object, "name = %s AND status != 0", device->name);
	bool ok = found >= 0;

	if (found == 1)
		ok = running_read(device->name, &running) >= 0;
	for (int i = 0; found == 1 && ok && i < device->attributes.count; i++)
		ok = compare_attribute(device, device->attributes.changes[i].attribute, &running);
	return ok;
}

int undo_devices_compare(struct undo_devices *devices)
{
	int count = 0;

	for (int i = 0; i < devices->count; i++) {
		if (!compare_device(&devices->list[i])) {
			message("what %s runs with can't be read: %s", devices->list[i].name,
				odm_error_text(odmerrno));
			return -1;
		}
		count += devices->list[i].wanted.count > 0;
	}
	return count;
}

/* Runs the Change method for the device alone; `mode` is one more flag, or NULL. */
static bool run_change(const char *name, const struct attribute_changes *changes, const char *mode)
{
	AUTO(method_output_release) struct method_output output = {0};
	AUTO(device_release) struct device device = {0};
	AUTO(text_release) struct text assignments = {0};

	if (changes->count == 0)
		return true;
	if (!device_command_find(name, &device) || !attribute_changes_write(changes, &assignments))
		return false;
	/* What another's method refuses is known when it runs. */
	if (mode != NULL && !method_is_ours(device.pddv.Change))
		return true;
	const char *const arguments[] = {"-l", name, "-a", assignments.data, "-T", mode, NULL};
	return device_command_method(device.pddv.Change, arguments, &output) == E_OK;
}

static void take_back(const struct undo_devices *devices, int first)
{
	for (int i = first; i < devices->count; i++) {
		const struct undo_device *device = &devices->list[i];
		if (!run_change(device->name, &device->before, NULL))
			message("%s does not run with what is stored; rmdev -l %s, then mkdev -l "
				"%s",
				device->name, device->name, device->name);
	}
}

/* The last that was changed comes first. */
bool undo_devices_apply(const struct undo_devices *devices)
{
	for (int i = 0; i < devices->count; i++)
		if (!run_change(devices->list[i].name, &devices->list[i].wanted, "-n"))
			return false;
	for (int i = devices->count - 1; i >= 0; i--)
		if (!run_change(devices->list[i].name, &devices->list[i].wanted, NULL)) {
			take_back(devices, i + 1);
			return false;
		}
	return true;
}

void undo_devices_take_back(const struct undo_devices *devices)
{
	take_back(devices, 0);
}
