/* Parameters of the modules that drive adapters, as attributes of these. */
#include "kernel_parameters.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "sysfs/module.h"

/* Beneath an adapter's directory. */
#define PARAMETERS "parameters/"

/* An interface is no adapter, and a bond has no driver of its own. */
static bool is_adapter(const struct kernel_type *type)
{
	return strncmp(type->uniquetype, "adapter/pci/", strlen("adapter/pci/")) == 0 &&
	       !type->by_parent;
}

/* What is entered of one parameter. */
struct parameter {
	const struct kernel_type *type;
	const char *module, *name;
	bool settable;
	struct PdKern kernel;
	char path[SYSFS_PATH];
	char attribute[16];
};

/* Whether the type has the parameter already, by whatever name. */
static bool is_known(const struct parameter *parameter)
{
	for (int i = 0; i < parameter->type->count; i++)
		if (strcmp(parameter->type->attributes[i].predefined.path, parameter->path) == 0)
			return true;
	return false;
}

/* 1, 0, -1. */
static int is_taken(const struct parameter *parameter)
{
	struct PdAt other;
	int found = find_object(PdAt_CLASS, &other, "uniquetype = %s AND attribute = %s",
		parameter->type->uniquetype, parameter->attribute);

	if (found == 1)
		odm_free_members(PdAt_CLASS, &other);
	return found;
}

/* 0, or -1 and odmerrno. */
static int choose_name(struct parameter *parameter)
{
	const char *name = parameter->name;
	size_t prefix = strlen(parameter->module), room = sizeof(parameter->attribute);

	if (strncmp(name, parameter->module, prefix) == 0 && name[prefix] == '_' &&
		name[prefix + 1] != '\0')
		name += prefix + 1;
	int taken = 1;
	if (copy_text(parameter->attribute, room, name))
		taken = is_taken(parameter);
	for (int i = 1; taken == 1 && i < 100; i++) {
		snprintf(parameter->attribute, room, "%.12s~%d", name, i);
		taken = is_taken(parameter);
	}
	return taken == 0 ? 0 : -1;
}

/* What the kernel writes says how it is compared. */
static const char *form_of(const char *value)
{
	long long number;

	if (strcmp(value, "Y") == 0 || strcmp(value, "N") == 0)
		return "switch";
	return parse_number(value, &number) ? "number" : "text";
}

static int highest_message(void *object, void *closure)
{
	short *highest = closure;
	const struct PdMsg *message = object;

	if (message->msgno > *highest)
		*highest = message->msgno;
	return 0;
}

/* Its description in the type's catalog: its number, or -1. Not inlined: a type is large. */
__attribute__((noinline)) static int add_description(const struct parameter *parameter)
{
	static const char *const wanted[] = {"msgno", NULL};
	struct PdDv type;
	char text[256];
	short highest = 0;

	if (find_object(PdDv_CLASS, &type, "uniquetype = %s", parameter->type->uniquetype) != 1)
		return -1;
	AUTO_FREE char *criteria = odm_criteria("catalog = %s AND setno = %d",
		type.catalog != NULL ? type.catalog : "", type.setno);
	struct PdMsg message = {.setno = type.setno, .text = text};
	bool named = copy_text(
		message.catalog, sizeof(message.catalog), type.catalog != NULL ? type.catalog : "");
	odm_free_members(PdDv_CLASS, &type);
	if (!named || criteria == NULL ||
		odm_visit(PdMsg_CLASS, criteria, wanted, highest_message, &highest) < 0)
		return -1;
	message.msgno = (short)(highest + 1);
	snprintf(text, sizeof(text), "%s, parameter of the driver%s", parameter->name,
		parameter->settable ? "" : "; set only when it is loaded");
	return odm_add_obj(PdMsg_CLASS, &message) < 0 ? -1 : message.msgno;
}

/* 0, or -1 and odmerrno. */
static int enter(struct parameter *parameter)
{
	char empty[] = "";
	struct PdAt attribute = {.deflt = empty, .values = empty, .type = "R", .rep = "s"};
	AUTO(transaction_release) struct transaction transaction = {0};

	if (choose_name(parameter) < 0 || transaction_begin(&transaction) < 0)
		return -1;
	int message = add_description(parameter);
	strcpy(attribute.uniquetype, parameter->type->uniquetype);
	strcpy(attribute.attribute, parameter->attribute);
	strcpy(attribute.generic, parameter->settable ? "DU" : "D");
	attribute.nls_index = (short)message;
	struct PdKern *kernel = &parameter->kernel;
	strcpy(kernel->uniquetype, parameter->type->uniquetype);
	strcpy(kernel->attribute, parameter->attribute);
	kernel->path = parameter->path;
	kernel->maximum = kernel->allowed = empty;
	return message < 0 || odm_add_obj(PdAt_CLASS, &attribute) < 0 ||
			       odm_add_obj(PdKern_CLASS, kernel) < 0
		       ? -1
		       : transaction_commit(&transaction);
}

static bool is_word(const char *name)
{
	for (; *name != '\0'; name++)
		if (!isalnum((unsigned char)*name) && strchr("_-.", *name) == NULL)
			return false;
	return true;
}

/*
 * One that nobody can read is none. 1 when it was entered, 0, -1 and odmerrno. Not inlined: values
 * are large.
 */
__attribute__((noinline)) static int look_at(
	const struct kernel_device *device, const char *module, const char *name)
{
	struct parameter parameter = {.type = device->type, .module = module, .name = name};
	char value[TUNABLE_VALUE], file[SYSFS_PATH];
	mode_t mode;

	snprintf(file, sizeof(file), "/module/%s/" PARAMETERS "%.128s", module, name);
	snprintf(parameter.path, sizeof(parameter.path), PARAMETERS "%.128s", name);
	if (!is_word(name) || strlen(name) > 128 || is_known(&parameter) ||
		sysfs_mode(device->tree, "", file, &mode) < 0 ||
		(mode & (S_IRUSR | S_IRGRP | S_IROTH)) == 0 ||
		sysfs_read_at(device->tree, "", file, value, sizeof(value)) < 0)
		return 0;
	parameter.settable = (mode & (S_IWUSR | S_IWGRP | S_IWOTH)) != 0;
	strcpy(parameter.kernel.form, form_of(value));
	return enter(&parameter) < 0 ? -1 : 1;
}

int kernel_parameters_enter(const struct kernel_device *device, struct method_output *output)
{
	AUTO(sysfs_names_release) struct sysfs_names names = {0};
	char directory[SYSFS_PATH], module[MODULE_NAME];
	int result = 0, entered = 0;

	if (!is_adapter(device->type) || !module_of(device->tree, device->directory, module))
		return 0;
	snprintf(directory, sizeof(directory), "module/%s/parameters", module);
	if (sysfs_list(device->tree, directory, &names) < 0)
		return 0;
	/* What a machine has is found, not changed: nobody takes it back. */
	int before = odm_pause_history(true);
	for (size_t i = 0; i < names.count && result >= 0; i++) {
		result = look_at(device, module, names.names[i]);
		entered += result > 0;
	}
	odm_pause_history(before);
	if (result < 0)
		return method_fail(output, -1, "The parameters of %s can't be entered: %s.", module,
			odm_error_text(odmerrno));
	return entered;
}

bool kernel_parameter_path(
	const struct kernel_device *device, const char *path, char room[SYSFS_PATH])
{
	char module[MODULE_NAME];

	return is_adapter(device->type) && strncmp(path, PARAMETERS, strlen(PARAMETERS)) == 0 &&
	       module_of(device->tree, device->directory, module) &&
	       snprintf(room, SYSFS_PATH, "/module/%s/%s", module, path) < SYSFS_PATH;
}

bool kernel_parameter_advice(const struct CuDv *cudv, const char *attribute, struct text *advice)
{
	AUTO(method_output_release) struct method_output nowhere = {0};
	struct kernel_device device;
	char path[SYSFS_PATH];

	if (kernel_type(cudv->PdDvLn_Lvalue) != 1 ||
		kernel_device_find(cudv, &device, &nowhere) != E_OK)
		return false;
	const struct kernel_attribute *found = kernel_attribute_find(device.type, attribute);
	if (found == NULL || !kernel_parameter_path(&device, found->predefined.path, path))
		return false;
	const char *module = path + strlen("/module/"), *name = strrchr(path, '/') + 1;
	int length = (int)strcspn(module, "/");
	text_printf(advice,
		"a line 'options %.*s %s=VALUE' below /etc/modprobe.d, or %.*s.%s=VALUE on the "
		"kernel's command line, sets it when the driver is loaded",
		length, module, name, length, module, name);
	return !advice->failed;
}
