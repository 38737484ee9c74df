/* Devices that claim one place or one identity: each gets its own, and paths to one disk its name.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "sysfs/scan_private.h"

/* Several ways lead to a disk of a network, and to a namespace of several controllers. */
static bool has_paths(const struct scan_device *device)
{
	static const char *const subclasses[] = {"disk/fcp/", "disk/sas/", "disk/iscsi/"};

	for (size_t i = 0; i < sizeof(subclasses) / sizeof(*subclasses); i++)
		if (strncmp(device->type, subclasses[i], strlen(subclasses[i])) == 0)
			return true;
	return false;
}

/* A connection is a word: what a device says of itself may be anything. */
static void make_word(char *where)
{
	if (*where == '\0')
		strcpy(where, "0");
	for (char *byte = where; *byte != '\0'; byte++)
		if (!isgraph((unsigned char)*byte) || strchr("'\"\\", *byte) != NULL)
			*byte = '_';
}

int scan_connection(const struct sysfs_tree *tree, const char *directory, char where[32])
{
	struct scsi_address address;

	if (scsi_address(tree, directory, &address) < 0)
		return -1;
	memcpy(where, address.where, sizeof(address.where));
	make_word(where);
	return 0;
}

static int compare_places(const void *one, const void *other)
{
	const struct scan_device *a = *(struct scan_device *const *)one;
	const struct scan_device *b = *(struct scan_device *const *)other;

	if (a->parent != b->parent)
		return a->parent < b->parent ? -1 : 1;
	int order = strcmp(a->type, b->type);
	if (order == 0)
		order = strcmp(a->where, b->where);
	return order != 0 ? order : a < b ? -1 : a > b;
}

static void tell_places_apart(struct scan_device **sorted, int count)
{
	char where[sizeof((*sorted)->where)];
	int same = 1;

	for (int i = 1; i < count; i++) {
		const struct scan_device *before = sorted[i - same];
		struct scan_device *device = sorted[i];
		if (before->parent != device->parent || strcmp(before->type, device->type) != 0 ||
			strcmp(before->where, device->where) != 0) {
			same = 1;
			continue;
		}
		snprintf(where, sizeof(where), "%.20s#%d", device->where, ++same);
		strcpy(device->where, where);
	}
}

static int compare_identities(const void *one, const void *other)
{
	const struct scan_device *a = *(struct scan_device *const *)one;
	const struct scan_device *b = *(struct scan_device *const *)other;
	const char *a_id = scan_value(&a->attributes, "unique_id");
	const char *b_id = scan_value(&b->attributes, "unique_id");
	int order = strcmp(a_id != NULL ? a_id : "", b_id != NULL ? b_id : "");

	return order != 0 ? order : a < b ? -1 : a > b;
}

/* An identity that others claim, too, gets its device's place behind it. */
static int add_place(const struct scan *scan, struct scan_device *device)
{
	char place[SCAN_IDENTITY];

	identity_path(scan->tree, device->directory, place, sizeof(place));
	make_word(place);
	for (size_t i = 0; i < device->attributes.count; i++) {
		struct scan_value *value = &device->attributes.values[i];
		char *longer;
		if (strcmp(value->name, "unique_id") != 0)
			continue;
		if (asprintf(&longer, "%s" SCAN_DUPLICATE "%.80s", value->value,
			    place + strlen(SCAN_PATH)) < 0)
			return -1;
		free(value->value);
		value->value = longer;
	}
	return 0;
}

/* Whichever path a disk was found by, it has the name of the first. */
static void take_name(struct scan_device *path, const struct scan_device *first)
{
	if (path == first)
		return;
	strcpy(path->os_name, first->os_name);
	strcpy(path->directory, first->directory);
}

/* The one that a map has comes first: what is used has the map's name. */
static const struct scan_device *first_used(struct scan_device *const *group, int count)
{
	for (int i = 0; i < count; i++)
		if (has_paths(group[i]) && strcmp(group[i]->type, group[0]->type) == 0 &&
			strcmp(group[i]->os_name, group[i]->path_name) != 0)
			return group[i];
	return group[0];
}

/* Devices of one identity, in the order in which they were found. */
static int tell_group_apart(struct scan *scan, struct scan_device **group, int count)
{
	const struct scan_device *first = first_used(group, count);
	int result = 0;

	for (int i = 0; i < count && result == 0; i++)
		if (has_paths(group[i]) && strcmp(group[i]->type, group[0]->type) == 0)
			take_name(group[i], first);
		else
			result = add_place(scan, group[i]);
	return result;
}

static int tell_identities_apart(struct scan *scan, struct scan_device **sorted)
{
	int result = 0;

	for (int i = 0, end; i < scan->count && result == 0; i = end) {
		const char *id = scan_value(&sorted[i]->attributes, "unique_id");
		for (end = i + 1; id != NULL && end < scan->count; end++) {
			const char *other = scan_value(&sorted[end]->attributes, "unique_id");
			if (other == NULL || strcmp(id, other) != 0)
				break;
		}
		if (end - i > 1)
			result = tell_group_apart(scan, sorted + i, end - i);
	}
	return result;
}

int scan_tell_apart(struct scan *scan)
{
	AUTO_FREE struct scan_device **sorted = calloc((size_t)scan->count + 1, sizeof(*sorted));
	size_t count = (size_t)scan->count;

	if (sorted == NULL)
		return -1;
	for (int i = 0; i < scan->count; i++) {
		sorted[i] = &scan->devices[i];
		make_word(sorted[i]->where);
	}
	qsort(sorted, count, sizeof(*sorted), compare_places);
	tell_places_apart(sorted, scan->count);
	qsort(sorted, count, sizeof(*sorted), compare_identities);
	return tell_identities_apart(scan, sorted);
}
