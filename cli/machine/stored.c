#include "stored.h"

#include "base/message.h"
#include "cli/shared/device_command.h"
#include "cli/shared/names.h"

void stored_device_release(struct stored_device *device)
{
	attribute_changes_release(&device->values);
}

void stored_devices_free(struct stored_device *devices, int count)
{
	for (int i = 0; devices != NULL && i < count; i++)
		stored_device_release(&devices[i]);
	free(devices);
}

void device_identity(const struct CuDv *cudv, char *room, size_t size)
{
	const struct kernel_type *type = kernel_type_read(cudv->PdDvLn_Lvalue);
	const char *owner = type != NULL && type->by_parent ? cudv->parent : cudv->name;
	int count;
	struct CuAt *identity = getattr(owner, "unique_id", FALSE, &count);

	snprintf(room, size, "%s", identity != NULL ? identity->value : "");
	freeattr(identity, count);
}

static int take_value(void *object, void *closure)
{
	const struct CuAt *attribute = object;

	if (*attribute->value == '\0')
		return 0;
	return attribute_changes_add(closure, attribute->attribute, attribute->value) ? 0 : -1;
}

/* Where an attribute is in the order of writing; what the kernel has not is first. */
static int order_of(const struct kernel_type *type, const char *attribute)
{
	for (int i = 0; i < type->count; i++)
		if (strcmp(type->attributes[i].predefined.attribute, attribute) == 0)
			return i;
	return -1;
}

/* Few, and several values of one attribute stay in their order. */
static void sort_values(const struct kernel_type *type, struct attribute_changes *values)
{
	for (int i = 1; i < values->count; i++)
		for (int k = i; k > 0 && order_of(type, values->changes[k].attribute) <
						 order_of(type, values->changes[k - 1].attribute);
			k--) {
			struct attribute_change change = values->changes[k];
			values->changes[k] = values->changes[k - 1];
			values->changes[k - 1] = change;
		}
}

bool stored_device_read(const char *name, struct stored_device *device)
{
	AUTO(method_output_release) struct method_output output = {0};
	AUTO_FREE char *criteria = odm_criteria("name = %s AND generic LIKE '*U*'", name);

	if (find_object(CuDv_CLASS, &device->cudv, "name = %s", name) != 1 || criteria == NULL ||
		odm_visit(CuAt_CLASS, criteria, NULL, take_value, &device->values) < 0) {
		message("%s can't be read: %s", name, odm_error_text(odmerrno));
		return false;
	}
	device_identity(&device->cudv, device->unique_id, sizeof(device->unique_id));
	const struct kernel_type *type = kernel_type_read(device->cudv.PdDvLn_Lvalue);
	device->kernels = type != NULL && type->directory[0] != '\0';
	if (!device->kernels)
		return true;
	sort_values(type, &device->values);
	device->there = kernel_device_find(&device->cudv, &device->kernel, &output) == E_OK;
	device->kernel.type = type;
	return true;
}

struct stored_device *stored_devices_read(const struct names *names, int *count)
{
	struct stored_device *devices = calloc((size_t)names->count + 1, sizeof(*devices));
	int read = 0;

	*count = 0;
	if (devices == NULL)
		message("there is not enough memory");
	for (int i = 0; devices != NULL && i < names->count; i++) {
		if (!stored_device_read(names->list[i], &devices[read])) {
			stored_devices_free(devices, read + 1);
			return NULL;
		}
		if (devices[read].values.count > 0)
			read++;
		else
			devices[read] = (struct stored_device){0};
	}
	*count = read;
	return devices;
}
