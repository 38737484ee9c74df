/* The order in which interfaces that are made of others get their values. */
#include "kernel_order.h"

#include <stdio.h>

/* How many may be made of each other. */
#define MAXIMUM_LAYER 8

/* In an interface's directory each that it is made of has a link of this name with its own behind.
 */
static const char lower[] = "lower_";

static bool is_interface(const struct kernel_device *device)
{
	return strcmp(device->type->directory, "class/net") == 0;
}

/* Calls `visit` with the names of those that an interface is made of. */
static void each_lower(const struct sysfs_tree *tree, const char *interface,
	void (*visit)(const char *name, void *closure), void *closure)
{
	AUTO(sysfs_names_release) struct sysfs_names names = {0};
	char path[SYSFS_PATH];

	snprintf(path, sizeof(path), "class/net/%s", interface);
	if (sysfs_list(tree, path, &names) < 0)
		return;
	for (size_t i = 0; i < names.count; i++)
		if (strncmp(names.names[i], lower, strlen(lower)) == 0)
			visit(names.names[i] + strlen(lower), closure);
}

struct layers {
	const struct sysfs_tree *tree;
	int depth, deepest;
};

static void count_layer(const char *name, void *closure)
{
	struct layers *layers = closure;

	if (layers->depth == MAXIMUM_LAYER)
		return;
	layers->depth++;
	if (layers->depth > layers->deepest)
		layers->deepest = layers->depth;
	each_lower(layers->tree, name, count_layer, layers);
	layers->depth--;
}

int kernel_layer(const struct kernel_device *device)
{
	struct layers layers = {.tree = device->tree};

	if (is_interface(device))
		each_lower(device->tree, device->os_name, count_layer, &layers);
	return layers.deepest;
}

/* One that is not there gets nothing, and its values when it comes. */
static void apply_device(const struct CuDv *cudv)
{
	AUTO(method_output_release) struct method_output nowhere = {0};
	struct kernel_device device;

	if (kernel_type(cudv->PdDvLn_Lvalue) == 1 &&
		kernel_device_find(cudv, &device, &nowhere) == E_OK && is_interface(&device))
		kernel_apply(&device, &nowhere);
}

/* The adapter, then its interface. */
static void apply_adapter(const char *name)
{
	struct listinfo info;
	struct CuDv adapter;

	if (find_object(CuDv_CLASS, &adapter, "name = %s", name) != 1)
		return;
	apply_device(&adapter);
	struct CuDv *children = list_objects(CuDv_CLASS, &info, "parent = %s", name);
	if (children == ODM_FAILED || children == NULL)
		return;
	for (int i = 0; i < info.num; i++)
		apply_device(&children[i]);
	odm_free_list(children, &info);
}

struct stack {
	const struct sysfs_tree *tree;
	int depth;
};

static void apply_lower(const char *name, void *closure)
{
	struct stack *stack = closure;
	struct listinfo info;

	if (stack->depth == MAXIMUM_LAYER)
		return;
	stack->depth++;
	each_lower(stack->tree, name, apply_lower, stack);
	stack->depth--;
	struct CuAt *named =
		list_objects(CuAt_CLASS, &info, "attribute = 'os_name' AND value = %s", name);
	if (named == ODM_FAILED || named == NULL)
		return;
	for (int i = 0; i < info.num; i++)
		apply_adapter(named[i].name);
	odm_free_list(named, &info);
}

void kernel_apply_below(const struct kernel_device *device)
{
	struct stack stack = {.tree = device->tree};

	if (is_interface(device))
		each_lower(device->tree, device->os_name, apply_lower, &stack);
}
