#include "inventory.h"

#include <string.h>

#include "base/message.h"
#include "cfgmethods/kernel_parameters.h"
#include "stored.h"

void inventory_release(struct inventory *inventory)
{
	free(inventory->list);
}

void subsystem_of(const char *directory, char subsystem[32])
{
	const char *last = strrchr(directory, '/');

	subsystem[0] = '\0';
	if (strcmp(directory, "block") == 0 || strncmp(directory, "class/", 6) == 0 ||
		strcmp(directory, "devices/system/cpu") == 0)
		snprintf(subsystem, 32, "%s", last != NULL ? last + 1 : directory);
	else if (strncmp(directory, "bus/", 4) == 0)
		snprintf(subsystem, 32, "%.*s", (int)strcspn(directory + 4, "/"), directory + 4);
}

static bool add(struct inventory *inventory, const struct CuDv *cudv)
{
	AUTO(method_output_release) struct method_output output = {0};
	struct inventory_device device = {0};

	if (cudv->status != AVAILABLE || kernel_type(cudv->PdDvLn_Lvalue) != 1 ||
		kernel_device_find(cudv, &device.kernel, &output) != E_OK)
		return true;
	device_identity(cudv, device.unique_id, sizeof(device.unique_id));
	subsystem_of(device.kernel.type->directory, device.subsystem);
	if (sysfs_resolve(device.kernel.tree, device.kernel.directory, device.canonical) < 0)
		device.canonical[0] = '\0';
	struct inventory_device *longer =
		reallocarray(inventory->list, (size_t)inventory->count + 1, sizeof(*longer));
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

bool inventory_module_path(
	const struct inventory_device *device, const char *path, char room[SYSFS_PATH])
{
	static const char modules[] = "/module/";

	if (kernel_parameter_path(&device->kernel, path, room))
		return true;
	return strncmp(path, modules, strlen(modules)) == 0 &&
	       snprintf(room, SYSFS_PATH, "%s", path) < SYSFS_PATH;
}

const char *inventory_attribute(const struct inventory_device *device, const char *path)
{
	const struct kernel_type *type = device->kernel.type;
	char parameter[SYSFS_PATH];

	for (int i = 0; i < type->count; i++) {
		const char *own = type->attributes[i].predefined.path;
		if (strcmp(own, path) == 0 ||
			(*path == '/' && inventory_module_path(device, own, parameter) &&
				strcmp(parameter, path) == 0))
			return type->attributes[i].predefined.attribute;
	}
	return NULL;
}
