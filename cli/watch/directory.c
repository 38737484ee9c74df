/*
 * The kernel's names of the devices in the database, kept in memory: an event is about one device
 * of ten thousand.
 */
#include "directory.h"

#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "cfgmethods/kernel.h"

void directory_release(struct directory *directory)
{
	free(directory->entries);
	*directory = (struct directory){0};
}

/* What the database says of the kernel's names: of the adapter, for its interface. */
struct os_name {
	char device[16];
	char name[64];
};

struct os_names {
	struct os_name *list;
	size_t count;
};

static void os_names_release(struct os_names *names)
{
	free(names->list);
}

/* An array that is full at the powers of two. */
static void *one_more(void *array, size_t count, size_t size)
{
	if ((count & (count - 1)) != 0)
		return array;
	return reallocarray(array, count > 0 ? 2 * count : 1, size);
}

static int take_os_name(void *object, void *closure)
{
	struct os_names *names = closure;
	const struct CuAt *attribute = object;
	struct os_name *longer = one_more(names->list, names->count, sizeof(*longer));

	if (longer == NULL)
		return -1;
	names->list = longer;
	memcpy(longer[names->count].device, attribute->name, sizeof(longer->device));
	/* One that is too long is no name of the kernel's. */
	if (*attribute->value != '\0' &&
		copy_text(longer[names->count].name, sizeof(longer->name), attribute->value))
		names->count++;
	return 0;
}

static int compare_devices(const void *one, const void *other)
{
	return strcmp(
		((const struct os_name *)one)->device, ((const struct os_name *)other)->device);
}

static const struct os_name *find_os_name(const struct os_names *names, const char *device)
{
	struct os_name key;

	memcpy(key.device, device, sizeof(key.device));
	return names->count > 0
		       ? bsearch(&key, names->list, names->count, sizeof(key), compare_devices)
		       : NULL;
}

static bool read_os_names(struct os_names *names)
{
	AUTO_FREE char *criteria = odm_criteria("attribute = 'os_name'");

	if (criteria == NULL || odm_visit(CuAt_CLASS, criteria, NULL, take_os_name, names) < 0)
		return false;
	if (names->count > 0)
		qsort(names->list, names->count, sizeof(*names->list), compare_devices);
	return true;
}

/* 0, or -1 without memory or database. */
static int add_device(
	struct directory *directory, const struct os_names *names, const struct CuDv *device)
{
	const struct kernel_type *type = kernel_type_read(device->PdDvLn_Lvalue);

	if (type == NULL)
		return -1;
	const struct os_name *os_name =
		type->directory[0] == '\0' || device->chgstatus == MISSING
			? NULL
			: find_os_name(names, type->by_parent ? device->parent : device->name);
	if (os_name == NULL)
		return 0;
	struct directory_entry *longer =
		one_more(directory->entries, (size_t)directory->count, sizeof(*longer));
	if (longer == NULL)
		return -1;
	directory->entries = longer;
	struct directory_entry *entry = &longer[directory->count++];
	*entry = (struct directory_entry){0};
	copy_text(entry->place, sizeof(entry->place), type->directory);
	memcpy(entry->name, device->name, sizeof(entry->name));
	memcpy(entry->os_name, os_name->name, sizeof(entry->os_name));
	return 0;
}

static int compare_entries(const void *one, const void *other)
{
	return strcmp(((const struct directory_entry *)one)->os_name,
		((const struct directory_entry *)other)->os_name);
}

/* 0, or -1. */
static int read_devices(struct directory *directory)
{
	AUTO(os_names_release) struct os_names names = {0};
	struct listinfo info;
	int result = 0;

	if (!read_os_names(&names))
		return -1;
	struct CuDv *devices = list_by(CuDv_CLASS, &info, strdup(""));
	if (devices == ODM_FAILED)
		return -1;
	for (int i = 0; devices != NULL && i < info.num && result == 0; i++)
		result = add_device(directory, &names, &devices[i]);
	if (devices != NULL)
		odm_free_list(devices, &info);
	if (directory->count > 0)
		qsort(directory->entries, (size_t)directory->count, sizeof(*directory->entries),
			compare_entries);
	return result;
}

bool directory_read(struct directory *directory)
{
	AUTO(directory_release) struct directory anew = {0};

	if (read_devices(&anew) < 0) {
		message("the devices can't be read: %s", odm_error_text(odmerrno));
		return false;
	}
	struct directory old = *directory;
	*directory = anew;
	anew = old;
	return true;
}

/* Whether a directory as "bus/pci/devices" has a part of that name. */
static bool is_part(const char *place, const char *subsystem)
{
	size_t length = strlen(subsystem);

	for (const char *part = place; part != NULL; part = strchr(part, '/')) {
		part += *part == '/';
		if (strncmp(part, subsystem, length) == 0 &&
			(part[length] == '/' || part[length] == '\0'))
			return true;
	}
	return false;
}

/* The first entry that is not before the name. */
static int lower_bound(const struct directory *directory, const char *os_name)
{
	int low = 0, high = directory->count;

	while (low < high) {
		int middle = low + (high - low) / 2;
		if (strcmp(directory->entries[middle].os_name, os_name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void touch(struct directory *directory, struct directory_entry *entry)
{
	directory->touched += !entry->touched;
	entry->touched = true;
}

bool directory_touch(struct directory *directory, const char *subsystem, const char *os_name)
{
	bool found = false;

	for (int i = lower_bound(directory, os_name); i < directory->count; i++) {
		struct directory_entry *entry = &directory->entries[i];
		if (strcmp(entry->os_name, os_name) != 0)
			break;
		if (!is_part(entry->place, subsystem))
			continue;
		found = true;
		touch(directory, entry);
	}
	return found;
}

void directory_touch_all(struct directory *directory)
{
	for (int i = 0; i < directory->count; i++)
		touch(directory, &directory->entries[i]);
}

bool directory_take(struct directory *directory, struct names *names)
{
	for (int i = 0; i < directory->count; i++) {
		struct directory_entry *entry = &directory->entries[i];
		if (!entry->touched)
			continue;
		if (!names_add(names, entry->name)) {
			message("there is not enough memory");
			return false;
		}
		entry->touched = false;
		directory->touched--;
	}
	return true;
}
