#include "device.h"

#include <stdint.h>

#include "base/words.h"
#include "running.h"
#include "value_list.h"

void device_release(struct device *device)
{
	odm_free_members(CuDv_CLASS, &device->cudv);
	odm_free_members(PdDv_CLASS, &device->pddv);
}

int device_find(const char *name, struct device *device, struct method_output *output)
{
	*device = (struct device){0};
	int found = find_object(CuDv_CLASS, &device->cudv, "name = %s", name);
	if (found < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	if (found == 0)
		return method_fail(output, E_NOCuDv,
			"%s is not in the customized database; lsdev lists the devices.", name);
	found = find_object(
		PdDv_CLASS, &device->pddv, "uniquetype = %s", device->cudv.PdDvLn_Lvalue);
	if (found < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	if (found == 0)
		return method_fail(output, E_NOPdDv,
			"The type %s of %s is not in the predefined database; load its schema.",
			device->cudv.PdDvLn_Lvalue, name);
	return E_OK;
}

int device_active_child(const char *name, char child[16])
{
	struct CuDv object;
	int found = find_object(CuDv_CLASS, &object, "parent = %s AND status != 0", name);

	if (found == 1)
		memcpy(child, object.name, 16);
	return found;
}

bool device_name_valid(const char *name)
{
	size_t length = strlen(name);

	for (const char *place = name; *place != '\0'; place++)
		if (*place <= ' ' || *place > '~')
			return false;
	return length > 0 && length < sizeof(((struct CuDv *)0)->name) &&
	       strpbrk(name, NOT_IN_NAMES) == NULL;
}

bool device_word_valid(const char *word)
{
	for (const char *place = word; *place != '\0'; place++)
		if (*place <= ' ' || *place > '~' || strchr("'\"\\", *place) != NULL)
			return false;
	return *word != '\0';
}

const char *device_status_name(int status)
{
	static const char *const names[] = {"Defined", "Available", "Stopped"};

	return status >= DEFINED && status <= STOPPED ? names[status] : "Unknown";
}

int device_set_status(const char *name, int status, int chgstatus, struct method_output *output)
{
	struct CuDv object;

	if (find_object(CuDv_CLASS, &object, "name = %s", name) != 1)
		return method_fail(output, E_ODMUPDATE, "%s: %s.", name, odm_error_text(odmerrno));
	object.status = (short)status;
	object.chgstatus = (short)chgstatus;
	if (odm_change_obj(CuDv_CLASS, &object) < 0)
		return method_fail(output, E_ODMUPDATE, "%s: %s.", name, odm_error_text(odmerrno));
	return E_OK;
}

void attribute_changes_release(struct attribute_changes *changes)
{
	for (int i = 0; i < changes->count; i++)
		free(changes->changes[i].attribute);
	free(changes->changes);
}

bool attribute_changes_add(
	struct attribute_changes *changes, const char *attribute, const char *value)
{
	size_t length = strlen(attribute) + 1, room = strlen(value) + 1;
	struct attribute_change *longer =
		realloc(changes->changes, (size_t)(changes->count + 1) * sizeof(*changes->changes));
	if (longer == NULL)
		return false;

	changes->changes = longer;
	char *copy = malloc(length + room);
	if (copy == NULL)
		return false;
	memcpy(copy, attribute, length);
	memcpy(copy + length, value, room);
	longer[changes->count++] = (struct attribute_change){copy, copy + length};
	return true;
}

bool attribute_changes_read(const char *assignments, struct attribute_changes *changes)
{
	int count;
	AUTO_FREE char **words = words_split(assignments, &count);

	for (int i = 0; words != NULL && i < count; i++) {
		char *equals = strchr(words[i], '=');
		if (equals == NULL)
			return false;
		*equals = '\0';
		if (!attribute_changes_add(changes, words[i], equals + 1))
			return false;
	}
	return words != NULL;
}

bool attribute_changes_write(const struct attribute_changes *changes, struct text *assignments)
{
	for (int i = 0; i < changes->count; i++) {
		text_printf(assignments, "%s%s=", i > 0 ? " " : "", changes->changes[i].attribute);
		words_append_quoted(assignments, changes->changes[i].value);
	}
	return !assignments->failed;
}

const char *attribute_changes_find(const struct attribute_changes *changes, const char *attribute)
{
	for (int i = changes != NULL ? changes->count - 1 : -1; i >= 0; i--)
		if (strcmp(changes->changes[i].attribute, attribute) == 0)
			return changes->changes[i].value;
	return NULL;
}

/* What a parent runs with: a value that is only stored for its next configuration is not yet true.
 */
static char *running_value(const char *device, const char *attribute)
{
	AUTO(attribute_changes_release) struct attribute_changes running = {0};

	if (running_read(device, &running) < 0)
		return NULL;
	const char *value = attribute_changes_find(&running, attribute);
	return value != NULL ? strdup(value) : NULL;
}

/* The value that a change is about to give, else the stored one; to be freed. */
static char *source_value(struct dds_source *source, const char *device, const char *attribute)
{
	int count;
	bool own = strcmp(device, source->device->cudv.name) == 0;
	const char *changed = own ? attribute_changes_find(source->changes, attribute) : NULL;
	char *running = own ? NULL : running_value(device, attribute);

	if (changed != NULL)
		return strdup(changed);
	if (running != NULL)
		return running;
	struct CuAt *stored = getattr(device, attribute, FALSE, &count);
	char *value = stored != NULL && stored->value != NULL ? strdup(stored->value) : NULL;
	freeattr(stored, count);
	return value;
}

int source_values(struct dds_source *source, const char *device, const char *attribute,
	struct attribute_changes *values)
{
	if (strcmp(device, source->device->cudv.name) != 0)
		return values_running(device, attribute, values);
	if (attribute_changes_find(source->changes, attribute) == NULL)
		return values_stored(device, attribute, values);
	return values_append(source->changes, attribute, values) ? 0 : -1;
}

uint32_t source_number(struct dds_source *source, const char *device, const char *attribute)
{
	long long number;

	if (source->code != E_OK)
		return 0;
	AUTO_FREE char *value = source_value(source, device, attribute);
	if (value == NULL) {
		source->code = method_fail(
			source->output, E_NOATTR, "%s has no attribute %s.", device, attribute);
		return 0;
	}
	if (!parse_number(value, &number) || number < 0 || number > UINT32_MAX) {
		source->code = method_fail(source->output, E_BADATTR,
			"%s of %s is '%s', which is not a number.", attribute, device, value);
		return 0;
	}
	return (uint32_t)number;
}

void source_text(struct dds_source *source, const char *device, const char *attribute, char *room,
	size_t size)
{
	if (source->code != E_OK)
		return;
	AUTO_FREE char *value = source_value(source, device, attribute);
	if (value == NULL)
		source->code = method_fail(
			source->output, E_NOATTR, "%s has no attribute %s.", device, attribute);
	else if (!copy_text(room, size, value))
		source->code = method_fail(source->output, E_BADATTR,
			"%s of %s is longer than %zu bytes.", attribute, device, size - 1);
}
