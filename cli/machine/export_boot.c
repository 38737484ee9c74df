/*
 * What the root file system's devices have stored, as paths below /sys and values: for the initial
 * RAM disk, which has no odmcfg.
 */
#include <ctype.h>
#include <fnmatch.h>
#include <string.h>

#include "base/message.h"
#include "cfgmethods/host_devices.h"
#include "cfgmethods/kernel_parameters.h"
#include "cli/shared/names.h"
#include "cli/shared/root_devices.h"
#include "export_forms.h"

static const char heading[] = "# What odmcfg has stored for the devices that the root file system "
			      "needs, written by odmcfg\n"
			      "# export --boot: a path and the value that is written to it. A * in "
			      "a path is a number that\n"
			      "# the next start may give otherwise.\n";

struct boot_list {
	const struct sysfs_tree *tree;
	struct names known; /* devices that are in it */
	struct text lines;
};

static void boot_list_release(struct boot_list *list)
{
	names_release(&list->known);
	text_release(&list->lines);
}

/* A part of a path with * for the number that the kernel counts up as it finds things. */
static void append_general(struct text *pattern, const char *part, bool is_block)
{
	static const char *const counted[] = {"host", "virtio", "ata", "session", "target",
		"rport-", "port-", "end_device-", "nvme"};
	unsigned host, channel, target, lun;

	if (is_block) {
		text_append_char(pattern, '*');
		return;
	}
	if (sscanf(part, "%u:%u:%u:%u", &host, &channel, &target, &lun) == 4) {
		text_printf(pattern, "*%s", strchr(part, ':'));
		return;
	}
	for (size_t i = 0; i < sizeof(counted) / sizeof(*counted); i++) {
		size_t length = strlen(counted[i]);
		if (strncmp(part, counted[i], length) != 0 || !isdigit((unsigned char)part[length]))
			continue;
		text_printf(pattern, "%s*%s", counted[i],
			part + length + strspn(part + length, "0123456789"));
		return;
	}
	text_append(pattern, part);
}

static void generalize(const char *directory, struct text *pattern)
{
	AUTO_FREE char *copy = strdup(directory);
	char *rest = copy;
	const char *before = "";

	pattern->failed = pattern->failed || copy == NULL;
	for (char *part = strsep(&rest, "/"); part != NULL; part = strsep(&rest, "/")) {
		if (pattern->length > 0)
			text_append_char(pattern, '/');
		append_general(pattern, part, strcmp(before, "block") == 0);
		before = part;
	}
}

/* How many directories a pattern means, of which two are as good as many. */
static int count_matches(const struct sysfs_tree *tree, const char *begun, const char *pattern)
{
	AUTO(sysfs_names_release) struct sysfs_names names = {0};
	char part[SYSFS_PATH], path[SYSFS_PATH];
	size_t length = strcspn(pattern, "/");
	const char *rest = pattern + length + (pattern[length] == '/');
	int count = 0;

	if (*pattern == '\0')
		return sysfs_exists(tree, begun);
	snprintf(part, sizeof(part), "%.*s", (int)length, pattern);
	if (strchr(part, '*') == NULL)
		return snprintf(path, sizeof(path), "%s%s%s", begun, *begun != '\0' ? "/" : "",
			       part) < (int)sizeof(path)
			       ? count_matches(tree, path, rest)
			       : 0;
	if (sysfs_list(tree, begun, &names) < 0)
		return 0;
	for (size_t i = 0; i < names.count && count < 2; i++)
		if (fnmatch(part, names.names[i], FNM_PATHNAME) == 0 &&
			snprintf(path, sizeof(path), "%s/%s", begun, names.names[i]) <
				(int)sizeof(path))
			count += count_matches(tree, path, rest);
	return count;
}

/* Where the device is, in a form that holds at the next start where only it is meant by that. */
static bool append_directory(const struct kernel_device *kernel, struct text *directory)
{
	AUTO(text_release) struct text pattern = {0};
	char canonical[SYSFS_PATH];

	if (sysfs_resolve(kernel->tree, kernel->directory, canonical) < 0)
		return false;
	bool counted = strncmp(canonical, "devices/virtual/", strlen("devices/virtual/")) != 0;
	if (counted)
		generalize(canonical, &pattern);
	counted = counted && !pattern.failed && count_matches(kernel->tree, "", pattern.data) == 1;
	text_printf(directory, "/sys/%s", counted ? pattern.data : canonical);
	return true;
}

static void append_values(struct boot_list *list, const struct stored_device *device)
{
	AUTO(text_release) struct text directory = {0};
	char parameter[SYSFS_PATH];

	if (!device->there || device->values.count == 0 ||
		!append_directory(&device->kernel, &directory))
		return;
	text_printf(&list->lines, "# %s\n", device->cudv.name);
	for (int i = 0; i < device->values.count; i++) {
		const struct attribute_change *value = &device->values.changes[i];
		const struct kernel_attribute *attribute =
			kernel_attribute_find(device->kernel.type, value->attribute);
		const char *path = attribute != NULL ? attribute->predefined.path : "";
		if (kernel_parameter_path(&device->kernel, path, parameter))
			path = parameter;
		if (*path == '/')
			text_printf(&list->lines, "/sys%s %s\n", path, value->value);
		else if (export_why_not(&device->kernel, path) == NULL)
			text_printf(&list->lines, "%s/%s %s\n", directory.data, path, value->value);
	}
	list->lines.failed = list->lines.failed || directory.failed;
}

static bool is_known(const struct boot_list *list, const char *name)
{
	for (int i = 0; i < list->known.count; i++)
		if (strcmp(list->known.list[i], name) == 0)
			return true;
	return false;
}

/* A device, after the adapters and buses that it is at. */
static int add_device(struct boot_list *list, const char *name)
{
	struct stored_device device = {0};

	if (is_known(list, name))
		return 0;
	if (!names_add(&list->known, name) || !stored_device_read(name, &device))
		return -1;
	int result = device.cudv.parent[0] != '\0' ? add_device(list, device.cudv.parent) : 0;
	if (result == 0)
		append_values(list, &device);
	stored_device_release(&device);
	return result;
}

/* The devices of ours that the kernel calls so. */
static int add_block(const char *block, void *closure)
{
	struct boot_list *list = closure;
	struct listinfo info;
	struct CuAt *named =
		list_objects(CuAt_CLASS, &info, "attribute = 'os_name' AND value = %s", block);
	int result = 0;

	if (named == ODM_FAILED) {
		message("the devices can't be read: %s", odm_error_text(odmerrno));
		return -1;
	}
	for (int i = 0; named != NULL && i < info.num && result == 0; i++) {
		struct CuDv cudv;
		if (find_object(CuDv_CLASS, &cudv, "name = %s AND status = %d", named[i].name,
			    AVAILABLE) != 1)
			continue;
		const struct kernel_type *type = kernel_type_read(cudv.PdDvLn_Lvalue);
		if (type != NULL && strcmp(type->directory, "block") == 0)
			result = add_device(list, named[i].name);
	}
	if (named != NULL)
		odm_free_list(named, &info);
	return result;
}

bool export_boot(const char *path)
{
	AUTO(boot_list_release) struct boot_list list = {0};
	AUTO_FREE char *mistake = NULL;

	list.tree = host_tree(&mistake);
	if (list.tree == NULL) {
		message("%s", mistake != NULL ? mistake : "there is not enough memory");
		return false;
	}
	text_append(&list.lines, heading);
	if (root_devices_visit(list.tree, add_block, &list) != 0)
		return false;
	if (list.known.count == 0)
		message("the root file system is on no disk that is known here: %s has no values",
			path);
	return export_write(path, &list.lines);
}
