/* Giving the kernel values: those of a change, all or none, and those that are stored. */
#include "kernel.h"

#include <errno.h>

#include "kernel_order.h"
#include "kernel_parameters.h"

/* What the kernel had before the attribute was changed first, to be freed: 1, 0, -1. */
static int original_read(const char *device, const char *attribute, char **value)
{
	struct CuKern object;
	int found = find_object(
		CuKern_CLASS, &object, "name = %s AND attribute = %s", device, attribute);

	*value = found == 1 ? object.value : NULL;
	return found;
}

static int original_store(const char *device, const struct tunable_change *write)
{
	struct CuKern object = {0};
	char value[TUNABLE_VALUE];
	AUTO_FREE char *known = NULL;

	if (write->value == NULL || write->outcome == TUNABLE_ALREADY || write->before[0] == '\0')
		return 0;
	int found = original_read(device, write->tunable->attribute, &known);
	if (found != 0)
		return found < 0 ? -1 : 0;
	strcpy(value, write->before);
	strcpy(object.name, device);
	strcpy(object.attribute, write->tunable->attribute);
	object.value = value;
	int before = odm_pause_history(true);
	int result = odm_add_obj(CuKern_CLASS, &object);
	odm_pause_history(before);
	return result < 0 ? -1 : 0;
}

/* What is written of several changes of one device. */
struct writes {
	struct tunable_change *list;
	char **originals; /* values that are asked for by an empty one */
	int count;
};

static void writes_release(struct writes *writes)
{
	for (int i = 0; writes->originals != NULL && i < writes->count; i++)
		free(writes->originals[i]);
	free(writes->originals);
	free(writes->list);
}

/*
 * What the kernel changes by itself when it is given others, as how far it reads ahead by the size
 * of a request, stays as it is unless it is asked for.
 */
static void add_kept(const struct kernel_device *device, const struct attribute_changes *changes,
	struct writes *writes)
{
	for (int i = 0; i < device->type->count && writes->count > 0; i++) {
		const struct kernel_attribute *attribute = &device->type->attributes[i];
		if (attribute->predefined.keeps &&
			attribute_changes_find(changes, attribute->predefined.attribute) == NULL)
			writes->list[writes->count++] =
				(struct tunable_change){.tunable = &attribute->tunable};
	}
}

/* Those of the changes that are the kernel's: 0, or -1 without memory or database. */
static int prepare(const struct kernel_device *device, const struct attribute_changes *changes,
	struct writes *writes)
{
	size_t room = (size_t)changes->count + (size_t)device->type->count + 1;

	writes->list = calloc(room, sizeof(*writes->list));
	writes->originals = calloc(room, sizeof(*writes->originals));
	if (writes->list == NULL || writes->originals == NULL)
		return -1;
	for (int i = 0; i < changes->count; i++) {
		const struct attribute_change *change = &changes->changes[i];
		const struct kernel_attribute *attribute =
			kernel_attribute_find(device->type, change->attribute);
		char *original = NULL;
		if (attribute == NULL)
			continue;
		if (*change->value == '\0' &&
			original_read(device->name, change->attribute, &original) < 0)
			return -1;
		if (*change->value == '\0' && original == NULL)
			continue;
		writes->originals[writes->count] = original;
		writes->list[writes->count++] =
			(struct tunable_change){.tunable = &attribute->tunable,
				.value = original != NULL ? original : change->value};
	}
	add_kept(device, changes, writes);
	return 0;
}

void kernel_explain(const struct kernel_device *device, const struct tunable_change *write,
	struct method_output *output)
{
	AUTO(text_release) struct text sentence = {0};

	tunable_explain(device->tree, device->directory, write, &sentence);
	method_fail(output, E_OK, "%s: %s.", device->name,
		sentence.data != NULL ? sentence.data : write->tunable->attribute);
}

/* What the kernel has made of a value takes its place. */
static int take_rounded(const struct kernel_device *device, const struct tunable_change *write,
	struct attribute_changes *changes, struct method_output *output)
{
	kernel_explain(device, write, output);
	return attribute_changes_add(changes, write->tunable->attribute, write->now)
		       ? E_OK
		       : method_fail(output, E_MALLOC, "There is not enough memory.");
}

int kernel_change(const struct kernel_device *device, struct attribute_changes *changes,
	struct method_output *output)
{
	AUTO(writes_release) struct writes writes = {0};
	int code = E_OK;

	if (prepare(device, changes, &writes) < 0)
		return method_fail(
			output, E_ODMGET, "%s: %s.", device->name, odm_error_text(odmerrno));
	if (!tunables_write(device->tree, device->directory, writes.list, (size_t)writes.count)) {
		for (int i = 0; i < writes.count; i++)
			if (writes.list[i].outcome != TUNABLE_WITHDRAWN &&
				!tunable_succeeded(writes.list[i].outcome))
				kernel_explain(device, &writes.list[i], output);
		return E_ATTRVAL;
	}
	for (int i = 0; i < writes.count && code == E_OK; i++) {
		if (writes.list[i].outcome == TUNABLE_ROUNDED && writes.originals[i] == NULL &&
			writes.list[i].value != NULL)
			code = take_rounded(device, &writes.list[i], changes, output);
		if (original_store(device->name, &writes.list[i]) < 0)
			code = method_fail(output, E_ODMUPDATE, "%s: %s.", device->name,
				odm_error_text(odmerrno));
	}
	return code;
}

bool kernel_restore(const struct kernel_device *device, const struct attribute_changes *changes,
	const struct attribute_changes *before, struct method_output *output)
{
	AUTO(attribute_changes_release) struct attribute_changes back = {0};

	for (int i = 0; i < changes->count; i++) {
		const char *name = changes->changes[i].attribute;
		const char *value = attribute_changes_find(before, name);
		if (value != NULL && attribute_changes_find(&back, name) == NULL &&
			!attribute_changes_add(&back, name, value)) {
			method_fail(output, E_MALLOC, "There is not enough memory.");
			return false;
		}
	}
	return kernel_change(device, &back, output) == E_OK;
}

struct stored_values {
	const struct kernel_device *device;
	struct attribute_changes *values;
};

static int take_stored(void *object, void *closure)
{
	const struct stored_values *stored = closure;
	const struct CuAt *attribute = object;

	if (*attribute->value == '\0' ||
		kernel_attribute_find(stored->device->type, attribute->attribute) == NULL)
		return 0;
	return attribute_changes_add(stored->values, attribute->attribute, attribute->value) ? 0
											     : -1;
}

/* What is stored of the device and is the kernel's: 0 or -1. */
static int stored_values(const struct kernel_device *device, struct attribute_changes *values)
{
	static const char *const wanted[] = {"attribute", "value", NULL};
	struct stored_values stored = {device, values};
	AUTO_FREE char *criteria = odm_criteria("name = %s", device->name);

	return criteria != NULL ? odm_visit(CuAt_CLASS, criteria, wanted, take_stored, &stored)
				: -1;
}

int kernel_apply(const struct kernel_device *device, struct method_output *output)
{
	AUTO(attribute_changes_release) struct attribute_changes stored = {0};

	if (stored_values(device, &stored) < 0) {
		method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
		return -1;
	}
	AUTO_FREE struct tunable_change *writes = calloc((size_t)stored.count + 1, sizeof(*writes));
	if (writes == NULL) {
		method_fail(output, E_MALLOC, "There is not enough memory.");
		return -1;
	}
	/* In the order of the attributes; one that is refused keeps no other from its value. */
	int refused = 0;
	for (int i = 0; i < device->type->count; i++) {
		const struct tunable *tunable = &device->type->attributes[i].tunable;
		const char *value = attribute_changes_find(&stored, tunable->attribute);
		struct tunable_change write = {.tunable = tunable, .value = value};
		if (value == NULL ||
			tunable_succeeded(tunable_write(device->tree, device->directory, &write)))
			continue;
		kernel_explain(device, &write, output);
		refused++;
	}
	return refused;
}

/* What is known of the type is read again, then, and the device with it. */
static int enter_parameters(
	const struct CuDv *cudv, struct kernel_device *device, struct method_output *output)
{
	int entered = kernel_parameters_enter(device, output);

	if (entered < 0)
		return E_ODMUPDATE;
	if (entered == 0)
		return E_OK;
	kernel_types_forget();
	return kernel_device_find(cudv, device, output);
}

int kernel_look_again(const struct CuDv *cudv, struct method_output *output)
{
	AUTO(method_output_release) struct method_output nowhere = {0};
	struct kernel_device device;

	if (strncmp(cudv->PdDvLn_Lvalue, "adapter/", strlen("adapter/")) != 0 ||
		kernel_type(cudv->PdDvLn_Lvalue) != 1 ||
		kernel_device_find(cudv, &device, &nowhere) != E_OK)
		return E_OK;
	return enter_parameters(cudv, &device, output);
}

int kernel_configure(const struct CuDv *cudv, struct method_output *output)
{
	struct kernel_device device;
	int kernels = kernel_type(cudv->PdDvLn_Lvalue);

	if (kernels == 0)
		return E_OK;
	if (kernels < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	int code = kernel_device_find(cudv, &device, output);
	if (code != E_OK)
		return code;
	code = enter_parameters(cudv, &device, output);
	if (code != E_OK)
		return code;
	kernel_apply_below(&device);
	return kernel_apply(&device, output) < 0 ? E_ODMGET : E_OK;
}
