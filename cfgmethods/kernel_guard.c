/* Changes that can cut a machine off: what a schema file's guard looks at. */
#include <stdio.h>

#include "kernel.h"

/* Whether an interface carries a route to everywhere, by IPv4 or IPv6. */
static bool carries_default_route(const char *interface)
{
	AUTO_FCLOSE FILE *ipv4 = fopen("/proc/net/route", "re");
	AUTO_FCLOSE FILE *ipv6 = fopen("/proc/net/ipv6_route", "re");
	char line[512], name[64], destination[64], length[16];

	while (ipv4 != NULL && fgets(line, sizeof(line), ipv4) != NULL)
		if (sscanf(line, "%63s %63s", name, destination) == 2 &&
			strcmp(name, interface) == 0 && strcmp(destination, "00000000") == 0)
			return true;
	while (ipv6 != NULL && fgets(line, sizeof(line), ipv6) != NULL)
		if (sscanf(line, "%63s %15s %*s %*s %*s %*s %*s %*s %*s %63s", destination, length,
			    name) == 3 &&
			strcmp(name, interface) == 0 && strcmp(length, "00") == 0)
			return true;
	return false;
}

static bool guard_default_route(
	const struct kernel_device *device, const char *value, struct text *danger)
{
	(void)value;
	if (!carries_default_route(device->os_name))
		return false;
	text_printf(danger, "%s carries the default route", device->os_name);
	return true;
}

/* The kernel refuses its first processor by itself, where that is so. */
static bool guard_last_processor(
	const struct kernel_device *device, const char *value, struct text *danger)
{
	char online[256];

	if (strcmp(value, "0") != 0 ||
		sysfs_read(device->tree, "devices/system/cpu/online", online, sizeof(online)) < 0 ||
		online[strcspn(online, ",-")] != '\0')
		return false;
	text_append(danger, "no other processor is online");
	return true;
}

static const struct guard {
	const char *name;
	bool (*look)(const struct kernel_device *device, const char *value, struct text *danger);
} guards[] = {
	{"default_route", guard_default_route},
	{"last_processor", guard_last_processor},
};

static const struct guard *find_guard(const char *name)
{
	for (size_t i = 0; i < sizeof(guards) / sizeof(*guards); i++)
		if (strcmp(guards[i].name, name) == 0)
			return &guards[i];
	return NULL;
}

bool kernel_guard_known(const char *guard)
{
	return *guard == '\0' || find_guard(guard) != NULL;
}

bool kernel_guarded(
	const struct CuDv *cudv, const struct attribute_changes *changes, struct text *danger)
{
	AUTO(method_output_release) struct method_output output = {0};
	struct kernel_device device;

	if (kernel_type(cudv->PdDvLn_Lvalue) != 1 ||
		kernel_device_find(cudv, &device, &output) != E_OK)
		return false;
	for (int i = 0; i < changes->count; i++) {
		const struct kernel_attribute *attribute =
			kernel_attribute_find(device.type, changes->changes[i].attribute);
		const struct guard *guard =
			attribute != NULL ? find_guard(attribute->predefined.guard) : NULL;
		if (guard != NULL && guard->look(&device, changes->changes[i].value, danger))
			return true;
	}
	return false;
}
