/*
 * Bus resources: interrupt levels, DMA levels and address ranges that adapters of one bus share or
 * must not share. A resource is an attribute whose PdAt.type says which kind.
 */
#include "cfg_private.h"

/* Kinds by the letter of PdAt.type; addresses have a width in bytes. */
static bool is_resource(char type)
{
	return type != '\0' && strchr("ABMINO", type) != NULL;
}

static bool is_address(char type)
{
	return strchr("BMO", type) != NULL;
}

/* Interrupt levels of type I can be shared with others of that type. */
static bool same_kind(char one, char other)
{
	if (one == 'I' || one == 'N')
		return other == 'I' || other == 'N';
	if (one == 'B' || one == 'M')
		return other == 'B' || other == 'M';
	return one == other;
}

/* A resource that a device has. */
struct resource {
	char type;
	long long value, width;
};

static bool collide(const struct resource *one, const struct resource *other)
{
	if (!same_kind(one->type, other->type) || (one->type == 'I' && other->type == 'I'))
		return false;
	return one->value < other->value + other->width && other->value < one->value + one->width;
}

struct resources {
	struct resource *list;
	int count;
};

static void resources_release(struct resources *resources)
{
	free(resources->list);
}

static bool add_resource(struct resources *resources, const struct resource *resource)
{
	struct resource *longer =
		realloc(resources->list, (size_t)(resources->count + 1) * sizeof(*longer));

	if (longer == NULL)
		return false;
	resources->list = longer;
	longer[resources->count++] = *resource;
	return true;
}

static bool is_free(const struct resources *taken, const struct resource *wanted)
{
	for (int i = 0; i < taken->count; i++)
		if (collide(&taken->list[i], wanted))
			return false;
	return true;
}

/* The resource that an attribute's value is: false when the value is no number. */
static bool as_resource(const struct PdAt *predefined, const char *value, struct resource *resource)
{
	resource->type = predefined->type[0];
	resource->width = 1;
	if (is_address(resource->type) && parse_number(predefined->width, &resource->width) &&
		resource->width < 1)
		resource->width = 1;
	return parse_number(value, &resource->value);
}

/* Calls work for each resource attribute of a device: E_OK, or the first code that is not. */
static int for_each(const struct CuDv *device, struct resources *taken,
	int (*work)(
		const struct CuDv *device, const struct PdAt *predefined, struct resources *taken))
{
	struct listinfo info = {0};
	struct PdAt *list =
		list_objects(PdAt_CLASS, &info, "uniquetype = %s", device->PdDvLn_Lvalue);
	int code = list == ODM_FAILED ? E_ODMGET : E_OK;

	for (int i = 0; code == E_OK && i < info.num; i++)
		if (is_resource(list[i].type[0]))
			code = work(device, &list[i], taken);
	if (list != NULL && list != ODM_FAILED)
		odm_free_list(list, &info);
	return code;
}

static int take(const struct CuDv *device, const struct PdAt *predefined, struct resources *taken)
{
	struct resource resource;
	int count;
	struct CuAt *attribute = getattr(device->name, predefined->attribute, FALSE, &count);
	if (attribute == NULL)
		return E_ODMGET;

	bool ok = !as_resource(predefined, attribute->value, &resource) ||
		  add_resource(taken, &resource);
	freeattr(attribute, count);
	return ok ? E_OK : E_MALLOC;
}

static int store(const struct CuDv *device, const char *name, long long value)
{
	char text[32];
	int count;
	struct CuAt *attribute = getattr(device->name, name, FALSE, &count);
	if (attribute == NULL)
		return E_ODMGET;

	snprintf(text, sizeof(text), "%lld", value);
	free(attribute->value);
	attribute->value = strdup(text);
	int result = attribute->value != NULL ? putattr(attribute) : -1;
	freeattr(attribute, count);
	return result < 0 ? E_ODMUPDATE : E_OK;
}

/* The first of the values that are allowed that nobody has: false when there is none. */
static bool find_free(
	const struct PdAt *predefined, const struct resources *taken, struct resource *resource)
{
	long long low, high, increment;
	AUTO_FREE char *copy = strdup(predefined->values);
	char *rest = copy;

	if (strchr(predefined->rep, 'r') != NULL) {
		if (!values_range(predefined->values, &low, &high, &increment))
			return false;
		for (resource->value = low; resource->value <= high; resource->value += increment)
			if (is_free(taken, resource))
				return true;
		return false;
	}
	for (char *value = strsep(&rest, ","); value != NULL; value = strsep(&rest, ","))
		if (parse_number(value, &resource->value) && is_free(taken, resource))
			return true;
	return false;
}

/* The value the attribute has, unless somebody has it already: then another one. */
static int resolve(
	const struct CuDv *device, const struct PdAt *predefined, struct resources *taken)
{
	struct resource resource;
	int count;
	struct CuAt *attribute = getattr(device->name, predefined->attribute, FALSE, &count);
	if (attribute == NULL)
		return E_ODMGET;

	bool keeps =
		as_resource(predefined, attribute->value, &resource) && is_free(taken, &resource);
	freeattr(attribute, count);
	if (!keeps) {
		if (!find_free(predefined, taken, &resource))
			return E_BUSRESOURCE;
		int code = store(device, predefined->attribute, resource.value);
		if (code != E_OK)
			return code;
	}
	return add_resource(taken, &resource) ? E_OK : E_MALLOC;
}

/* All of a device's resources or none: what was taken for it before one failed is given back. */
static int resolve_device(const struct CuDv *device, struct resources *taken)
{
	AUTO(transaction_release) struct transaction transaction = {0};
	int before = taken->count;

	if (transaction_begin(&transaction) < 0)
		return E_ODMUPDATE;
	int code = for_each(device, taken, resolve);
	if (code == E_OK && transaction_commit(&transaction) < 0)
		code = E_ODMUPDATE;
	if (code != E_OK)
		taken->count = before;
	return code;
}

#define LIST_ROOM 512

static void append_name(char *list, const char *name)
{
	size_t length = strlen(list);

	if (length + strlen(name) + 2 <= LIST_ROOM)
		snprintf(list + length, LIST_ROOM - length, "%s ", name);
}

static int resolve_all(const struct CuDv *devices, int count, const char *logname,
	struct resources *taken, char *conf_list, char *not_res_list)
{
	for (int i = 0; i < count; i++) {
		if (logname != NULL ? strcmp(devices[i].name, logname) != 0
				    : devices[i].status != DEFINED)
			continue;
		int code = resolve_device(&devices[i], taken);
		if (code != E_OK && code != E_BUSRESOURCE)
			return code;
		append_name(code == E_OK ? conf_list : not_res_list, devices[i].name);
	}
	return E_OK;
}

LIBCFG_API int busresolve(
	const char *logname, int flag, char *conf_list, char *not_res_list, const char *busname)
{
	AUTO(resources_release) struct resources taken = {0};
	struct listinfo info = {0};

	if (conf_list == NULL || not_res_list == NULL || busname == NULL || flag < 0 || flag > 2)
		return E_ARGS;
	*conf_list = *not_res_list = '\0';
	struct CuDv *devices = list_objects(CuDv_CLASS, &info, "parent = %s", busname);
	if (devices == ODM_FAILED)
		return E_ODMGET;
	int code = E_OK;
	for (int i = 0; i < info.num && code == E_OK; i++)
		if (devices[i].status != DEFINED &&
			(logname == NULL || strcmp(devices[i].name, logname) != 0))
			code = for_each(&devices[i], &taken, take);
	if (code == E_OK)
		code = resolve_all(devices, info.num, logname, &taken, conf_list, not_res_list);
	if (devices != NULL)
		odm_free_list(devices, &info);
	if (code == E_OK && logname != NULL && *conf_list == '\0')
		code = *not_res_list != '\0' ? E_BUSRESOURCE : E_NOCuDv;
	return code;
}
