/* What must not be taken from a machine unasked: changes that can cut it off, and devices in use.
 */
#include <errno.h>

#include "kernel.h"
#include "sysfs/holders.h"
#include "sysfs/proc.h"
#include "sysfs/several.h"

/* Says why not when an interface carries a route to everywhere. */
static bool carries_default_route(const struct kernel_device *device, struct text *danger)
{
	char carrier[64];

	if (!proc_default_route(device->tree, device->os_name, carrier))
		return false;
	if (strcmp(carrier, device->os_name) == 0)
		text_printf(danger, "%s carries the default route", device->os_name);
	else
		text_printf(danger, "%s is a part of %s, which carries the default route",
			device->os_name, carrier);
	return true;
}

static bool guard_default_route(const struct kernel_device *device,
	const struct kernel_attribute *attribute, const char *value, struct text *danger)
{
	(void)attribute;
	(void)value;
	return carries_default_route(device, danger);
}

/* Whether a number is no smaller than each of those that hold, which are several of a map. */
static bool is_lower_nowhere(const char *value, const char *now)
{
	const char *separators = (char[]){SEVERAL_SEPARATOR, '\0'};
	long long number = strtoll(value, NULL, 0);

	for (; now != NULL; now = strpbrk(now, separators)) {
		now += *now == SEVERAL_SEPARATOR;
		if (number < strtoll(now, NULL, 0))
			return false;
	}
	return true;
}

/*
 * A smaller number than the disk has now: requests that it answers in its time are given up then.
 * What can't be looked at is no danger that is known.
 */
static bool guard_root_disk(const struct kernel_device *device,
	const struct kernel_attribute *attribute, const char *value, struct text *danger)
{
	AUTO(holders_release) struct holders holders = {0};
	char now[TUNABLE_VALUE];

	/* Without a value it is the kernel's own one that comes back. */
	if (*value == '\0' ||
		tunable_read(device->tree, device->directory, &attribute->tunable, now,
			sizeof(now)) < 0 ||
		is_lower_nowhere(value, now) ||
		holders_find(device->tree, device->directory, &holders) < 0 || !holders.root)
		return false;
	text_printf(danger,
		"the root file system is on %s, which would be taken off when it answers later "
		"than that",
		device->os_name);
	return true;
}

/* The kernel refuses its first processor by itself, where that is so. */
static bool guard_last_processor(const struct kernel_device *device,
	const struct kernel_attribute *attribute, const char *value, struct text *danger)
{
	char online[256];

	(void)attribute;
	if (strcmp(value, "0") != 0 ||
		sysfs_read(device->tree, "devices/system/cpu/online", online, sizeof(online)) < 0 ||
		online[strcspn(online, ",-")] != '\0')
		return false;
	text_append(danger, "no other processor is online");
	return true;
}

static const struct guard {
	const char *name;
	bool (*look)(const struct kernel_device *device, const struct kernel_attribute *attribute,
		const char *value, struct text *danger);
} guards[] = {
	{"default_route", guard_default_route},
	{"last_processor", guard_last_processor},
	{"root_disk", guard_root_disk},
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

/* Of the attribute, NULL for none. */
static const struct guard *guard_of(const struct kernel_type *type, const char *attribute)
{
	const struct kernel_attribute *found = kernel_attribute_find(type, attribute);

	return found != NULL ? find_guard(found->predefined.guard) : NULL;
}

/* Most changes need not be looked at. */
static bool has_guard(const struct kernel_type *type, const struct attribute_changes *changes)
{
	for (int i = 0; i < changes->count; i++)
		if (guard_of(type, changes->changes[i].attribute) != NULL)
			return true;
	return false;
}

bool kernel_guarded(
	const struct CuDv *cudv, const struct attribute_changes *changes, struct text *danger)
{
	AUTO(method_output_release) struct method_output output = {0};
	const struct kernel_type *type = kernel_type_read(cudv->PdDvLn_Lvalue);
	struct kernel_device device;

	if (type == NULL || type->directory[0] == '\0' || !has_guard(type, changes) ||
		kernel_device_find(cudv, &device, &output) != E_OK)
		return false;
	for (int i = 0; i < changes->count; i++) {
		const char *name = changes->changes[i].attribute,
			   *value = changes->changes[i].value;
		const struct kernel_attribute *attribute = kernel_attribute_find(type, name);
		const struct guard *guard = guard_of(type, name);
		/* What it has already is no change. */
		if (guard != NULL &&
			!tunable_has(device.tree, device.directory, &attribute->tunable, value) &&
			guard->look(&device, attribute, value, danger))
			return true;
	}
	return false;
}

/* A device that is not there any more is used by nobody. */
int kernel_check_unused(const struct CuDv *cudv, struct method_output *output)
{
	AUTO(method_output_release) struct method_output nowhere = {0};
	AUTO(holders_release) struct holders holders = {0};
	struct kernel_device device;
	int kernels = kernel_type(cudv->PdDvLn_Lvalue);

	if (kernels < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	if (kernels == 0 || kernel_device_find(cudv, &device, &nowhere) != E_OK)
		return E_OK;
	if (strcmp(device.type->directory, "class/net") == 0)
		carries_default_route(&device, &holders.uses);
	else if (strcmp(device.type->directory, "block") == 0 &&
		 holders_find(device.tree, device.directory, &holders) < 0)
		return method_fail(output, E_BUSY, "It can't be known who uses %s: %s.", cudv->name,
			strerror(errno));
	return holders.uses.length == 0 ? E_OK
					: method_fail(output, E_BUSY, "%s is in use: %s.",
						  cudv->name, holders.uses.data);
}
