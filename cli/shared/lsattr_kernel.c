/* lsattr of a device that the kernel drives: what the kernel has is what holds. For lsattr alone.
 */
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "cfgmethods/kernel.h"
#include "lsattr.h"

/* In the place of what is stored; attributes that the kernel has not got here are left out. */
static bool take_values(struct lsattr_selection *selection, const struct kernel_type *type,
	const struct attribute_changes *values)
{
	int kept = 0;

	for (int i = 0; i < selection->all_count; i++) {
		struct CuAt *attribute = &selection->all[i];
		const char *value = attribute_changes_find(values, attribute->attribute);
		if (value == NULL && *attribute->value == '\0' &&
			kernel_attribute_find(type, attribute->attribute) != NULL) {
			odm_free_members(CuAt_CLASS, attribute);
			continue;
		}
		if (value != NULL) {
			char *copy = strdup(value);
			if (copy == NULL)
				return false;
			free(attribute->value);
			attribute->value = copy;
		}
		selection->all[kept++] = *attribute;
	}
	selection->all_count = kept;
	return true;
}

/* Beside what is stored, as what the device runs with. */
static bool compare_values(struct lsattr_request *request, const struct lsattr_selection *selection,
	const struct attribute_changes *values)
{
	attribute_changes_release(&request->last);
	request->last = (struct attribute_changes){0};
	for (int i = 0; i < selection->all_count; i++) {
		const struct CuAt *attribute = &selection->all[i];
		const char *value = attribute_changes_find(values, attribute->attribute);
		if (value != NULL && *attribute->value != '\0' &&
			!attribute_changes_add(&request->last, attribute->attribute, value))
			return false;
	}
	return true;
}

static bool is_asked_for(const struct lsattr_request *request, const char *attribute)
{
	const char *names = request->wanted.data;
	size_t length = strlen(attribute);

	if (names == NULL || *names == '\0')
		return true;
	for (; *names != '\0'; names += strspn(names, ": ")) {
		size_t end = strcspn(names, ": ");
		if (end == length && strncmp(names, attribute, length) == 0)
			return true;
		names += end;
	}
	return false;
}

/* Of the commands that a disk and the block layer's queue take the smaller number is what counts.
 */
static void tell_contradiction(
	const struct lsattr_request *request, const struct attribute_changes *values)
{
	const char *depth = attribute_changes_find(values, "queue_depth");
	const char *requests = attribute_changes_find(values, "nr_requests");

	if (!request->effective || depth == NULL || requests == NULL ||
		strtoll(depth, NULL, 0) <= strtoll(requests, NULL, 0) ||
		(!is_asked_for(request, "queue_depth") && !is_asked_for(request, "nr_requests")))
		return;
	message("queue_depth of %s is %s, but nr_requests lets only %s through: the smaller is "
		"what "
		"counts",
		request->name, depth, requests);
}

/* By the names that are selected already, unless they are its parent's. */
static int find_device(const struct CuDv *cudv, const struct lsattr_selection *selection,
	struct kernel_device *device, struct method_output *output)
{
	const struct kernel_type *type = kernel_type_read(cudv->PdDvLn_Lvalue);
	struct kernel_names names = {0};

	if (type == NULL || type->by_parent)
		return kernel_device_find(cudv, device, output);
	for (int i = 0; i < selection->all_count; i++)
		kernel_names_take(&names, selection->all[i].attribute, selection->all[i].value);
	return kernel_device_find_named(cudv, &names, device, output);
}

/* The values, of those that are asked for: true with *kernels when the kernel drives the device. */
bool lsattr_take_kernels(struct lsattr_request *request, struct lsattr_selection *selection)
{
	AUTO(attribute_changes_release) struct attribute_changes values = {0};
	AUTO(method_output_release) struct method_output output = {0};
	struct kernel_device device;
	struct CuDv cudv;

	if (request->name == NULL || request->defaults || request->running ||
		kernel_type(request->pddv.uniquetype) != 1 ||
		find_object(CuDv_CLASS, &cudv, "name = %s", request->name) != 1)
		return true;
	if (find_device(&cudv, selection, &device, &output) != E_OK) {
		/* What has gone has what is stored. */
		if (cudv.status != DEFINED)
			message("%s", output.reason.data);
		return true;
	}
	bool taken = kernel_values(&device, &values) == 0 &&
		     (request->pending || request->changed_only
				     ? compare_values(request, selection, &values)
				     : take_values(selection, device.type, &values));
	if (!taken)
		message("there is not enough memory");
	else
		tell_contradiction(request, &values);
	return taken;
}

bool lsattr_kernel_range(
	const struct lsattr_request *request, const char *attribute, struct text *allowed)
{
	AUTO(method_output_release) struct method_output output = {0};
	struct kernel_device device;
	struct CuDv cudv;

	if (request->name == NULL || kernel_type(request->pddv.uniquetype) != 1 ||
		find_object(CuDv_CLASS, &cudv, "name = %s", request->name) != 1 ||
		kernel_device_find(&cudv, &device, &output) != E_OK)
		return false;
	const struct kernel_attribute *found = kernel_attribute_find(device.type, attribute);
	return found != NULL &&
	       tunable_allowed(device.tree, device.directory, &found->tunable, allowed) == 0 &&
	       allowed->length > 0;
}
