/* The module that drives an adapter, and its parameters as if they were the adapter's. */
#include "sysfs/module.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PARAMETERS "/parameters/"

/* A function that is one of virtio's has the device of that kind below it. */
static bool virtio_device(
	const struct sysfs_tree *tree, const char *directory, char device[SYSFS_PATH])
{
	AUTO(sysfs_names_release) struct sysfs_names names = {0};

	if (sysfs_list(tree, directory, &names) < 0)
		return false;
	for (size_t i = 0; i < names.count; i++)
		if (strncmp(names.names[i], "virtio", strlen("virtio")) == 0)
			return snprintf(device, SYSFS_PATH, "%s/%s", directory, names.names[i]) <
			       SYSFS_PATH;
	return false;
}

/* The module that the driver's link leads to, or the one that has its name. */
static bool driver_module(const struct sysfs_tree *tree, const char *device, char name[MODULE_NAME])
{
	char path[SYSFS_PATH];

	if (sysfs_link_name(tree, device, "driver/module", name, MODULE_NAME) == 0)
		return true;
	if (sysfs_link_name(tree, device, "driver", name, MODULE_NAME) < 0)
		return false;
	for (char *dash = name; (dash = strchr(dash, '-')) != NULL;)
		*dash = '_';
	snprintf(path, sizeof(path), "module/%s", name);
	return sysfs_exists(tree, path);
}

bool module_of(const struct sysfs_tree *tree, const char *directory, char name[MODULE_NAME])
{
	char device[SYSFS_PATH], driver[MODULE_NAME];
	bool is_interface = strncmp(directory, "class/net/", strlen("class/net/")) == 0;

	if (snprintf(device, sizeof(device), "%s%s", directory, is_interface ? "/device" : "") >=
			(int)sizeof(device) ||
		sysfs_link_name(tree, device, "driver", driver, sizeof(driver)) < 0)
		return false;
	if (strcmp(driver, "virtio-pci") == 0 && !virtio_device(tree, directory, device))
		return false;
	return driver_module(tree, device, name);
}

static const char *find_parameter(const char *path)
{
	static const char *const starts[] = {"bus/pci/devices/", "class/net/"};

	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (strncmp(path, starts[i], strlen(starts[i])) == 0)
			return strstr(path, PARAMETERS);
	return NULL;
}

bool parameter_is(const char *path)
{
	return find_parameter(path) != NULL;
}

int parameter_resolve(const struct sysfs_tree *tree, const char *path, char file[SYSFS_PATH])
{
	const char *parameter = find_parameter(path);
	char directory[SYSFS_PATH], module[MODULE_NAME];

	snprintf(directory, sizeof(directory), "%.*s", (int)(parameter - path), path);
	if (module_of(tree, directory, module) &&
		snprintf(file, SYSFS_PATH, "module/%s%s", module, parameter) < SYSFS_PATH)
		return 0;
	errno = ENOENT;
	return -1;
}
