/* Devices that the kernel of this machine drives, and what the database says of their attributes.
 */
#include "kernel.h"

#include <errno.h>

#include "host_devices.h"
#include "identities.h"
#include "machine.h"
#include "path.h"
#include "sysfs/scan.h"

bool kernel_form(const char *name, enum tunable_form *form)
{
	static const char *const names[] = {
		[TUNABLE_TEXT] = "text",
		[TUNABLE_NUMBER] = "number",
		[TUNABLE_CHOICE] = "choice",
		[TUNABLE_LIST] = "list",
		[TUNABLE_MASK] = "mask",
		[TUNABLE_SWITCH] = "switch",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i], name) == 0) {
			*form = (enum tunable_form)i;
			return true;
		}
	return false;
}

static int compare_order(const void *one, const void *other)
{
	const struct PdKern *a = &((const struct kernel_attribute *)one)->predefined;
	const struct PdKern *b = &((const struct kernel_attribute *)other)->predefined;

	return a->sequence != b->sequence ? a->sequence - b->sequence
					  : strcmp(a->attribute, b->attribute);
}

static int take_object(void *object, void *closure)
{
	struct kernel_type *type = closure;
	struct PdKern *predefined = object;
	enum tunable_form form;

	if (predefined->attribute[0] == '\0') {
		type->by_parent = strcmp(predefined->form, "parent") == 0;
		return copy_text(type->directory, sizeof(type->directory), predefined->path) ? 0
											     : -1;
	}
	struct kernel_attribute *longer =
		reallocarray(type->attributes, (size_t)type->count + 1, sizeof(*longer));
	if (longer == NULL)
		return -1;
	type->attributes = longer;
	if (!kernel_form(predefined->form, &form))
		return 0;
	longer[type->count++] =
		(struct kernel_attribute){.predefined = *predefined, .tunable = {.form = form}};
	predefined->path = predefined->maximum = predefined->allowed = NULL;
	return 0;
}

/* The objects have their places now. */
static void fill_tunables(struct kernel_type *type)
{
	if (type->count > 0)
		qsort(type->attributes, (size_t)type->count, sizeof(*type->attributes),
			compare_order);
	for (int i = 0; i < type->count; i++) {
		const struct PdKern *object = &type->attributes[i].predefined;
		struct tunable *tunable = &type->attributes[i].tunable;
		tunable->attribute = object->attribute;
		tunable->path = object->path;
		tunable->maximum = *object->maximum != '\0' ? object->maximum : NULL;
		tunable->choices = *object->allowed != '\0' ? object->allowed : NULL;
		tunable->rounds = object->rounds != 0;
		tunable->order = object->sequence;
	}
}

static void type_free(struct kernel_type *type)
{
	for (int i = 0; i < type->count; i++)
		odm_free_members(PdKern_CLASS, &type->attributes[i].predefined);
	free(type->attributes);
	free(type);
}

/* Types that were asked for, and the next to be replaced: a process meets few. */
static struct kernel_type *known_types[128];
static unsigned next_type;

const struct kernel_type *kernel_type_read(const char *uniquetype)
{
	struct kernel_type **place = &known_types[next_type];

	for (size_t i = 0; i < sizeof(known_types) / sizeof(*known_types); i++)
		if (known_types[i] != NULL && strcmp(known_types[i]->uniquetype, uniquetype) == 0)
			return known_types[i];
	/* A repository that an older version made has no such types. */
	AUTO_FREE char *criteria = odm_criteria("uniquetype = %s", uniquetype);
	struct kernel_type *type = calloc(1, sizeof(*type));
	if (type != NULL)
		type->paths = type->places = KERNEL_UNKNOWN;
	if (criteria == NULL || type == NULL ||
		!copy_text(type->uniquetype, sizeof(type->uniquetype), uniquetype) ||
		(odm_visit(PdKern_CLASS, criteria, NULL, take_object, type) < 0 &&
			odmerrno != ODMI_CLASS_DNE)) {
		if (type != NULL)
			type_free(type);
		return NULL;
	}
	fill_tunables(type);
	if (*place != NULL)
		type_free(*place);
	next_type = (next_type + 1) % (sizeof(known_types) / sizeof(*known_types));
	return *place = type;
}

void kernel_types_forget(void)
{
	for (size_t i = 0; i < sizeof(known_types) / sizeof(*known_types); i++) {
		if (known_types[i] != NULL)
			type_free(known_types[i]);
		known_types[i] = NULL;
	}
}

/* That of a type that was read, to be filled in: it has not been replaced since. */
static struct kernel_type *known(const struct kernel_type *type)
{
	for (size_t i = 0; i < sizeof(known_types) / sizeof(*known_types); i++)
		if (known_types[i] == type)
			return known_types[i];
	return NULL;
}

/* An older version's classes may be fewer. */
int kernel_has_paths(const struct kernel_type *type)
{
	struct kernel_type *noted = known(type);

	if (noted != NULL && noted->paths != KERNEL_UNKNOWN)
		return noted->paths;
	int paths = path_supported(type->uniquetype);
	if (paths < 0 && odmerrno == ODMI_CLASS_DNE)
		paths = 0;
	if (noted != NULL && paths >= 0)
		noted->paths = paths;
	return paths;
}

int kernel_has_places(const struct kernel_type *type)
{
	struct kernel_type *noted = known(type);
	struct PdCn place;

	if (noted != NULL && noted->places != KERNEL_UNKNOWN)
		return noted->places;
	int places = find_object(PdCn_CLASS, &place, "uniquetype = %s", type->uniquetype);
	if (noted != NULL && places >= 0)
		noted->places = places;
	return places;
}

int kernel_type(const char *uniquetype)
{
	const struct kernel_type *type = kernel_type_read(uniquetype);

	return type == NULL ? -1 : type->directory[0] != '\0';
}

void kernel_names_take(struct kernel_names *names, const char *attribute, const char *value)
{
	if (strcmp(attribute, "os_name") == 0)
		snprintf(names->os_name, sizeof(names->os_name), "%s", value);
	else if (strcmp(attribute, "unique_id") == 0)
		snprintf(names->unique_id, sizeof(names->unique_id), "%s", value);
}

static int take_name(void *object, void *closure)
{
	const struct CuAt *attribute = object;

	kernel_names_take(closure, attribute->attribute, attribute->value);
	return 0;
}

/* 0 or -1. */
static int read_names(const char *device, struct kernel_names *names)
{
	static const char *const wanted[] = {"attribute", "value", NULL};
	AUTO_FREE char *criteria = odm_criteria("name = %s", device);

	*names = (struct kernel_names){0};
	return criteria != NULL ? odm_visit(CuAt_CLASS, criteria, wanted, take_name, names) : -1;
}

/* The PCI address that a unique_id of that form ends in; NULL for another. */
static const char *pci_address(const char *unique_id)
{
	static const char start[] = SCAN_PATH "pci-";

	return strncmp(unique_id, start, strlen(start)) == 0 ? unique_id + strlen(start) : NULL;
}

/*
 * Another device may have the name by now. An adapter that does not say what it is, as one whose
 * address was set by hand, is known by its place.
 */
static bool is_same(
	const struct kernel_device *device, const char *known_as, const char *connection)
{
	AUTO(sysfs_leave) struct sysfs_place place = {.directory = -1};
	char identity[SCAN_IDENTITY];

	if (sysfs_enter(device->tree, device->directory, &place) < 0 ||
		sysfs_find_place(&place) < 0)
		return false;
	if (*known_as == '\0')
		return true;
	const char *address = pci_address(known_as);
	if (address != NULL && strcmp(address, device->os_name) == 0)
		return true;
	if (scan_identity(&place.tree, place.canonical, identity, sizeof(identity)) < 0)
		return false;
	address = pci_address(identity);
	return identity_matches(known_as, identity) ||
	       (address != NULL && strcmp(address, connection) == 0);
}

/* The directory of a name; of a network adapter that no driver has the function's own. */
static bool join_directory(struct kernel_device *device, const char *known_as)
{
	const char *address = pci_address(known_as);
	const char *class = address != NULL && strcmp(address, device->os_name) == 0
				    ? "bus/pci/devices"
				    : device->type->directory;

	return device->os_name[0] != '\0' &&
	       snprintf(device->directory, sizeof(device->directory), "%s/%s", class,
		       device->os_name) < (int)sizeof(device->directory);
}

/*
 * In a tree that has no list of a bus, as one that was recorded, a function is below those that it
 * is behind. False when they don't lead to it.
 */
static bool find_function(const struct CuDv *cudv, struct kernel_device *device)
{
	char path[SYSFS_PATH] = "", longer[SYSFS_PATH];
	struct CuDv above = *cudv;
	bool is_root = false;

	while (!is_root) {
		is_root = strcmp(above.PdDvLn_Lvalue, "bus/sys/lxpci") == 0;
		if (snprintf(longer, sizeof(longer), "%s%s%s%s", is_root ? "devices/pci" : "",
			    above.connwhere, *path != '\0' ? "/" : "", path) >= (int)sizeof(longer))
			return false;
		strcpy(path, longer);
		if (!is_root && find_object(CuDv_CLASS, &above, "name = %s", above.parent) != 1)
			return false;
	}
	if (!sysfs_exists(device->tree, path))
		return false;
	strcpy(device->directory, path);
	return true;
}

/* An interface has its adapter's name and place. 1, 0, -1. */
static int find_owner(
	const struct CuDv *cudv, const struct kernel_device *device, struct CuDv *owner)
{
	*owner = *cudv;
	return device->type->by_parent ? find_object(CuDv_CLASS, owner, "name = %s", cudv->parent)
				       : 1;
}

/* The directory of those names, which are its owner's. */
static int find_directory(const struct kernel_names *names, const struct CuDv *owner,
	struct kernel_device *device, struct method_output *output)
{
	strcpy(device->os_name, names->os_name);
	if (!join_directory(device, names->unique_id))
		return method_fail(output, E_NODETECT,
			"%s has no name in the operating system; cfgmgr finds it.", device->name);
	if (strncmp(device->directory, "bus/pci/", strlen("bus/pci/")) == 0 &&
		!sysfs_exists(device->tree, "bus/pci") && !find_function(owner, device))
		return method_fail(output, E_NODETECT,
			"%s can't be found: the tree has no bus/pci, and %s is not below its bus.",
			device->name, device->os_name);
	if (is_same(device, names->unique_id, owner->connwhere))
		return E_OK;
	return method_fail(output, E_NODETECT,
		"%s is not %s in the operating system any more; cfgmgr finds it again.",
		device->name, device->os_name);
}

/* Which machine's it is, and what the kernel keeps of it. */
static int find_type(
	const struct CuDv *cudv, struct kernel_device *device, struct method_output *output)
{
	char *mistake;

	*device = (struct kernel_device){0};
	snprintf(device->name, sizeof(device->name), "%s", cudv->name);
	device->tree = host_tree(&mistake);
	AUTO_FREE char *owned = mistake;
	if (device->tree == NULL)
		return method_fail(output, E_NODETECT, "%s: %s.", cudv->name,
			owned != NULL ? owned : "there is not enough memory");
	device->type = kernel_type_read(cudv->PdDvLn_Lvalue);
	if (device->type == NULL)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	if (device->type->directory[0] == '\0')
		return method_fail(
			output, E_NODETECT, "%s is not driven by the kernel.", cudv->name);
	return E_OK;
}

int kernel_device_find(
	const struct CuDv *cudv, struct kernel_device *device, struct method_output *output)
{
	struct kernel_names names;
	struct CuDv owner;
	int code = find_type(cudv, device, output);

	if (code != E_OK)
		return code;
	if (find_owner(cudv, device, &owner) != 1)
		return method_fail(output, E_PARENT, "%s has no parent.", cudv->name);
	if (read_names(owner.name, &names) < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	return find_directory(&names, &owner, device, output);
}

int kernel_device_find_named(const struct CuDv *cudv, const struct kernel_names *names,
	struct kernel_device *device, struct method_output *output)
{
	int code = find_type(cudv, device, output);

	return code == E_OK ? find_directory(names, cudv, device, output) : code;
}

const struct kernel_attribute *kernel_attribute_find(
	const struct kernel_type *type, const char *attribute)
{
	for (int i = 0; i < type->count; i++)
		if (strcmp(type->attributes[i].predefined.attribute, attribute) == 0)
			return &type->attributes[i];
	return NULL;
}

int kernel_values(const struct kernel_device *device, struct attribute_changes *values)
{
	AUTO(sysfs_leave) struct sysfs_place place = {.directory = -1};
	bool entered = sysfs_enter(device->tree, device->directory, &place) == 0;
	const struct sysfs_tree *tree = entered ? &place.tree : device->tree;
	char value[TUNABLE_VALUE];

	for (int i = 0; i < device->type->count; i++) {
		const struct kernel_attribute *attribute = &device->type->attributes[i];
		if (tunable_read(tree, device->directory, &attribute->tunable, value,
			    sizeof(value)) == 0 &&
			!attribute_changes_add(values, attribute->predefined.attribute, value))
			return -1;
	}
	return 0;
}
