/* This machine's own devices, found in the kernel's tree, as devices of the machine's description.
 */
#include "host_devices.h"
#include "host_access.h"

#include <errno.h>

#include "sysfs/scan.h"
#include "vpd.h"

const struct sysfs_tree *host_tree(char **mistake)
{
	static struct sysfs_tree tree = {.root = -1};
	static char opened[256];
	const struct machine *machine = machine_get(mistake);

	if (machine == NULL)
		return NULL;
	if (machine->host == NULL) {
		*mistake = strdup("this root does not manage the machine's own devices; "
				  "odmcfg init --host makes it do so");
		return NULL;
	}
	if (tree.root >= 0 && strcmp(opened, machine->host) == 0)
		return &tree;
	if (tree.root >= 0)
		sysfs_close(&tree);
	if (sysfs_open(&tree, machine->host) == 0) {
		tree.access = host_access(machine->host);
		snprintf(opened, sizeof(opened), "%s", machine->host);
		return &tree;
	}
	if (asprintf(mistake, "%s can't be opened: %s", machine->host, strerror(errno)) < 0)
		*mistake = NULL;
	return NULL;
}

/* Below each device how many hang on it, the machine itself first. */
struct conversion {
	const struct scan *scan;
	int *children; /* number of each; [0] is the machine's */
	int *first; /* child of each, an index */
	int *next; /* of each device, the next of the same parent */
};

static void conversion_release(struct conversion *conversion)
{
	free(conversion->children);
	free(conversion->first);
	free(conversion->next);
}

/* From the last to the first, so that each list is in the scan's order. */
static bool conversion_start(struct conversion *conversion, const struct scan *scan)
{
	size_t room = (size_t)scan->count + 1;

	conversion->scan = scan;
	conversion->children = calloc(room, sizeof(int));
	conversion->first = calloc(room, sizeof(int));
	conversion->next = calloc(room, sizeof(int));
	if (conversion->children == NULL || conversion->first == NULL || conversion->next == NULL)
		return false;
	for (int i = scan->count - 1; i >= 0; i--) {
		int parent = scan->devices[i].parent + 1;
		conversion->next[i] =
			conversion->children[parent]++ > 0 ? conversion->first[parent] : -1;
		conversion->first[parent] = i;
	}
	return true;
}

static bool convert_vpd(const struct scan_values *values, char **vpd)
{
	AUTO(text_release) struct text text = {0};

	for (size_t i = 0; i < values->count; i++)
		if (text.length + strlen(values->values[i].value) + 6 < VPD_LENGTH)
			vpd_append(&text, values->values[i].name, values->values[i].value);
	if (text.length == 0)
		return true;
	*vpd = text_take(&text);
	return *vpd != NULL;
}

static bool convert_values(const struct scan_values *from, struct attribute_changes *to)
{
	for (size_t i = 0; i < from->count; i++)
		if (!attribute_changes_add(to, from->values[i].name, from->values[i].value))
			return false;
	return true;
}

static bool convert_children(const struct conversion *conversion, int parent,
	struct machine_device **devices, int *count);

static bool convert(const struct conversion *conversion, int index, struct machine_device *to)
{
	const struct scan_device *from = &conversion->scan->devices[index];

	*to = (struct machine_device){0};
	memcpy(to->type, from->type, sizeof(to->type));
	memcpy(to->where, from->where, sizeof(to->where));
	memcpy(to->location, from->location, sizeof(to->location));
	memcpy(to->path_name, from->path_name, sizeof(to->path_name));
	return convert_values(&from->attributes, &to->values) &&
	       attribute_changes_add(&to->values, "os_name", from->os_name) &&
	       convert_vpd(&from->vpd, &to->vpd) &&
	       convert_children(conversion, index + 1, &to->devices, &to->device_count);
}

/* Behind the devices that are there; what is converted by a failure is the machine's to free. */
static bool convert_children(const struct conversion *conversion, int parent,
	struct machine_device **devices, int *count)
{
	int more = conversion->children[parent];

	if (more == 0)
		return true;
	struct machine_device *longer =
		reallocarray(*devices, (size_t)*count + (size_t)more, sizeof(**devices));
	if (longer == NULL)
		return false;
	*devices = longer;
	for (int i = conversion->first[parent]; i >= 0; i = conversion->next[i])
		if (!convert(conversion, i, &(*devices)[(*count)++]))
			return false;
	return true;
}

char *host_devices_add(struct machine *machine)
{
	AUTO(sysfs_close) struct sysfs_tree tree = {.root = -1};
	AUTO(scan_release) struct scan scan = {0};
	AUTO(conversion_release) struct conversion conversion = {0};
	char *mistake = NULL;

	if (sysfs_open(&tree, machine->host) < 0 || scan_machine(&tree, &scan) < 0) {
		if (asprintf(&mistake, "%s can't be read: %s", machine->host, strerror(errno)) < 0)
			mistake = NULL;
		return mistake;
	}
	if (conversion_start(&conversion, &scan) &&
		convert_children(
			&conversion, 0, &machine->system.devices, &machine->system.device_count) &&
		convert_values(&scan.system, &machine->system.values) &&
		(machine->system.vpd != NULL ||
			convert_vpd(&scan.system_vpd, &machine->system.vpd)))
		return NULL;
	return strdup("there is not enough memory");
}
