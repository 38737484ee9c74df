#include "inventory.h"

#include <string.h>

#include "base/message.h"

void inventory_release(struct inventory *inventory)
{
	free(inventory->list);
}

/* A type is Class/Subclass/Type. */
static void read_type(struct inventory_device *device)
{
	const char *type = device->kernel.type->uniquetype;
	const char *slash = strchr(type, '/');

	if (slash == NULL)
		return;
	snprintf(device->class, sizeof(device->class), "%.*s", (int)(slash - type), type);
	snprintf(device->subclass, sizeof(device->subclass), "%.*s", (int)strcspn(slash + 1, "/"),
		slash + 1);
}

static bool add(struct inventory *inventory, const struct CuDv *cudv)
{
	AUTO(method_output_release) struct method_output output = {0};
	struct inventory_device device = {0};

	if (cudv->status != AVAILABLE || kernel_type(cudv->PdDvLn_Lvalue) != 1 ||
		kernel_device_find(cudv, &device.kernel, &output) != E_OK)
		return true;
	read_type(&device);
	if (sysfs_resolve(device.kernel.tree, device.kernel.directory, device.canonical) < 0)
		device.canonical[0] = '\0';
	struct inventory_device *longer = reallocarray(
		inventory->list, (size_t)inventory->count + 1, sizeof(*longer));
	if (longer == NULL) {
		message("there is not enough memory");
		return false;
	}
	inventory->list = longer;
	longer[inventory->count++] = device;
	return true;
}

bool inventory_read(struct inventory *inventory, const char *pattern, const struct where *where)
{
	AUTO(names_release) struct names names = {0};
	struct CuDv cudv;

	if (!where_names(where, pattern, &names))
		return false;
	for (int i = 0; i < names.count; i++) {
		int found = find_object(CuDv_CLASS, &cudv, "name = %s", names.list[i]);
		if (found < 0)
			message("the devices can't be read: %s", odm_error_text(odmerrno));
		if (found < 0 || (found == 1 && !add(inventory, &cudv)))
			return false;
	}
	return true;
}

const char *inventory_attribute(const struct inventory_device *device, const char *path)
{
	const struct kernel_type *type = device->kernel.type;

	for (int i = 0; i < type->count; i++)
		if (strcmp(type->attributes[i].predefined.path, path) == 0)
			return type->attributes[i].predefined.attribute;
	return NULL;
}
