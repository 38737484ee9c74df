/* Several ways to one disk: what all of them are called. */
#include <string.h>

#include "sysfs/scan_private.h"

bool scan_has_paths(const struct scan_device *device)
{
	static const char *const subclasses[] = {"disk/fcp/", "disk/sas/", "disk/iscsi/"};

	for (size_t i = 0; i < sizeof(subclasses) / sizeof(*subclasses); i++)
		if (strncmp(device->type, subclasses[i], strlen(subclasses[i])) == 0)
			return true;
	return false;
}

static const char *identity(const struct scan_device *device)
{
	const char *id = scan_value(&device->attributes, "unique_id");

	return id != NULL ? id : "";
}

/* A way that a map has comes before one that has only its own name, then the order of the scan. */
static int compare(const void *one, const void *other)
{
	const struct scan_device *a = *(struct scan_device *const *)one;
	const struct scan_device *b = *(struct scan_device *const *)other;
	bool a_mapped = strcmp(a->os_name, a->path_name) != 0;
	bool b_mapped = strcmp(b->os_name, b->path_name) != 0;
	int order = strcmp(identity(a), identity(b));

	return order != 0 ? order : a_mapped != b_mapped ? b_mapped - a_mapped : a < b ? -1 : a > b;
}

int scan_paths(struct scan *scan)
{
	AUTO_FREE struct scan_device **ways = calloc((size_t)scan->count + 1, sizeof(*ways));
	const struct scan_device *first = NULL;
	int count = 0;

	if (ways == NULL)
		return -1;
	for (int i = 0; i < scan->count; i++)
		if (scan_has_paths(&scan->devices[i]))
			ways[count++] = &scan->devices[i];
	if (count > 0)
		qsort(ways, (size_t)count, sizeof(*ways), compare);
	for (int i = 0; i < count; i++) {
		if (first == NULL || strcmp(identity(ways[i]), identity(first)) != 0) {
			first = ways[i];
			continue;
		}
		memcpy(ways[i]->os_name, first->os_name, sizeof(first->os_name));
		memcpy(ways[i]->directory, first->directory, sizeof(first->directory));
	}
	return 0;
}
