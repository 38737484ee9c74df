/* Giving the kernel values: those of a change, all or none, and those that are stored. */
#include "kernel.h"

#include <errno.h>

/* Changes under way of one device: as many as the attributes of the changes that are the kernel's.
 */
static int prepare(const struct kernel_device *device, const struct attribute_changes *changes,
	struct tunable_change *writes)
{
	int count = 0;

	for (int i = 0; i < changes->count; i++) {
		const struct attribute_change *change = &changes->changes[i];
		const struct kernel_attribute *attribute =
			kernel_attribute_find(device->type, change->attribute);
		if (attribute != NULL && *change->value != '\0')
			writes[count++] = (struct tunable_change){
				.tunable = &attribute->tunable, .value = change->value};
	}
	return count;
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
	AUTO_FREE struct tunable_change *writes =
		calloc((size_t)changes->count + 1, sizeof(*writes));
	int code = E_OK;

	if (writes == NULL)
		return method_fail(output, E_MALLOC, "There is not enough memory.");
	int count = prepare(device, changes, writes);
	if (!tunables_write(device->tree, device->directory, writes, (size_t)count)) {
		for (int i = 0; i < count; i++)
			if (!tunable_succeeded(writes[i].outcome)) {
				kernel_explain(device, &writes[i], output);
				break;
			}
		return E_ATTRVAL;
	}
	for (int i = 0; i < count && code == E_OK; i++)
		if (writes[i].outcome == TUNABLE_ROUNDED)
			code = take_rounded(device, &writes[i], changes, output);
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

/* What is stored of the device and is the kernel's: 0 or -1. */
static int stored_values(const struct kernel_device *device, struct attribute_changes *stored)
{
	int count, result = 0;
	struct CuAt *attributes = getattr(device->name, "", TRUE, &count);

	for (int i = 0; i < count && result == 0; i++)
		if (*attributes[i].value != '\0' &&
			kernel_attribute_find(device->type, attributes[i].attribute) != NULL &&
			!attribute_changes_add(
				stored, attributes[i].attribute, attributes[i].value))
			result = -1;
	freeattr(attributes, count);
	return result;
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
	return kernel_apply(&device, output) < 0 ? E_ODMGET : E_OK;
}
