/* The list of devices that a scan makes, and the parents on the way to each. */
#include "sysfs/scan_private.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static void values_release(struct scan_values *values)
{
	for (size_t i = 0; i < values->count; i++)
		free(values->values[i].value);
	free(values->values);
}

void scan_release(struct scan *scan)
{
	for (int i = 0; i < scan->count; i++) {
		values_release(&scan->devices[i].attributes);
		values_release(&scan->devices[i].vpd);
	}
	free(scan->devices);
	values_release(&scan->system);
	values_release(&scan->system_vpd);
	pci_names_close(&scan->pci_names);
	*scan = (struct scan){0};
}

/* An array that is full at the powers of two. */
static void *one_more(void *array, size_t count, size_t size)
{
	if ((count & (count - 1)) != 0)
		return array;
	return reallocarray(array, count > 0 ? 2 * count : 1, size);
}

struct scan_device *scan_add(struct scan *scan, int parent, const char *type, const char *directory)
{
	struct scan_device *longer =
		one_more(scan->devices, (size_t)scan->count, sizeof(*scan->devices));

	if (longer == NULL)
		return NULL;
	scan->devices = longer;
	struct scan_device *device = &longer[scan->count];
	*device = (struct scan_device){.parent = parent};
	const char *name = strrchr(directory, '/');
	snprintf(device->type, sizeof(device->type), "%s", type);
	snprintf(device->directory, sizeof(device->directory), "%s", directory);
	snprintf(device->os_name, sizeof(device->os_name), "%s",
		name != NULL ? name + 1 : directory);
	scan->count++;
	return device;
}

int scan_value_add(struct scan_values *values, const char *name, const char *value)
{
	AUTO_FREE char *copy = strdup(value + strspn(value, " \t"));

	if (copy == NULL)
		return -1;
	for (char *byte = copy; *byte != '\0'; byte++)
		if (!isprint((unsigned char)*byte))
			*byte = '?';
	for (size_t end = strlen(copy); end > 0 && copy[end - 1] == ' '; end--)
		copy[end - 1] = '\0';
	if (*copy == '\0')
		return 0;
	struct scan_value *longer = one_more(values->values, values->count, sizeof(*longer));
	if (longer == NULL)
		return -1;
	values->values = longer;
	struct scan_value *added = &longer[values->count++];
	snprintf(added->name, sizeof(added->name), "%s", name);
	added->value = TAKE(copy);
	return 0;
}

int scan_file_add(const struct scan *scan, struct scan_values *values, const char *name,
	const char *directory, const char *file)
{
	char value[256];

	if (sysfs_read_at(scan->tree, directory, file, value, sizeof(value)) < 0)
		return 0;
	return scan_value_add(values, name, value);
}

const char *scan_value(const struct scan_values *values, const char *name)
{
	for (size_t i = 0; i < values->count; i++)
		if (strcmp(values->values[i].name, name) == 0)
			return values->values[i].value;
	return NULL;
}

/* Below its adapter's code a device has its connection in its own. */
static void locate(struct scan *scan, struct scan_device *device)
{
	const char *above = device->parent >= 0 ? scan->devices[device->parent].location : "";
	char location[sizeof(device->location) + sizeof(device->where)];

	if (device->location[0] != '\0' || above[0] == '\0')
		return;
	int length = snprintf(location, sizeof(location), "%s-%s", above, device->where);
	if (length >= (int)sizeof(device->location))
		length = snprintf(location, sizeof(location), "%s", above);
	memcpy(device->location, location, (size_t)length + 1);
}

int scan_machine(const struct sysfs_tree *tree, struct scan *scan)
{
	static int (*const kinds[])(struct scan *) = {scan_system, scan_processors, scan_memory,
		scan_pci, scan_fabric, scan_block, scan_tapes, scan_net, scan_backstores,
		scan_tell_apart};

	*scan = (struct scan){.tree = tree, .last_parent = SCAN_SYSTEM};
	pci_names_open(&scan->pci_names);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kinds[i](scan) < 0) {
			int error = errno;
			scan_release(scan);
			errno = error;
			return -1;
		}
	for (int i = 0; i < scan->count; i++)
		locate(scan, &scan->devices[i]);
	return 0;
}
