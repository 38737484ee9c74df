/* The checks of Change: each value by itself, then all of them together. */
#include "change_check.h"

#include "kernel.h"
#include "kernel_parameters.h"

/* An empty value asks for what the kernel had before the first change. */
static bool asks_for_original(const struct device *device, const struct attribute_change *change)
{
	const struct kernel_type *type =
		*change->value == '\0' ? kernel_type_read(device->pddv.uniquetype) : NULL;

	return type != NULL && kernel_attribute_find(type, change->attribute) != NULL;
}

/* A parameter of a driver may be set in another way. */
static int refuse_unsettable(
	const struct device *device, const char *attribute, struct method_output *output)
{
	AUTO(text_release) struct text advice = {0};
	bool advised = kernel_parameter_advice(&device->cudv, attribute, &advice);

	return method_fail(output, E_ATTRVAL, "%s of %s is not the user's to set%s%s.", attribute,
		device->cudv.name, advised ? ": " : "", advised ? advice.data : "");
}

/* One attribute: known, the user's to set, and its value allowed. */
static int check_attribute(const struct device *device, const struct attribute_set *attributes,
	const struct attribute_change *change, enum change_reach reach,
	struct method_output *output)
{
	AUTO_FREE char *reason = NULL;
	const struct PdAt *predefined = attribute_set_predefined(attributes, change->attribute);

	if (predefined == NULL)
		return method_fail(output, E_ATTRVAL, "%s has no attribute %s.", device->cudv.name,
			change->attribute);
	if (strchr(predefined->generic, 'U') == NULL)
		return refuse_unsettable(device, change->attribute, output);
	if (!asks_for_original(device, change) &&
		!value_allowed(predefined, change->value, &reason))
		return method_fail(output, E_ATTRVAL, "%s.",
			reason != NULL ? reason : "there is not enough memory");
	if (reach == CHANGE_LIVE && !attribute_is_live(predefined))
		return method_fail(output, E_ATTRVAL,
			"%s of %s can't be changed while the device is in use; lsattr shows True+ "
			"for those that can.",
			change->attribute, device->cudv.name);
	return E_OK;
}

static int check_children(const struct device *device, struct method_output *output)
{
	char child[16];
	int found = device_active_child(device->cudv.name, child);

	if (found < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	if (found == 1)
		return method_fail(output, E_CHILDSTATE,
			"Its child %s is configured with its values; rmdev -l %s first, or use -P.",
			child, child);
	return E_OK;
}

/*
 * Values that contradict each other are refused now, not at the next configuration; what the DDS
 * lacks besides, as the device number of a parent that was never configured, is no matter yet.
 */
static int check_together(const struct device *device, const struct attribute_changes *changes,
	struct method_output *output)
{
	AUTO(method_output_release) struct method_output answer = {0};
	int code = driver_check(device, changes, &answer);

	if (code != E_BADATTR)
		return E_OK;
	return method_fail(output, code, "%s",
		answer.reason.data != NULL ? answer.reason.data : cf_error_text(code));
}

static int check_state(
	const struct device *device, enum change_reach reach, struct method_output *output)
{
	if (device->cudv.status != DEFINED || reach == CHANGE_BOTH || reach == CHANGE_DATABASE)
		return E_OK;
	return method_fail(output, E_STATE,
		"%s is Defined: -T and -U change configured devices; mkdev -l %s first.",
		device->cudv.name, device->cudv.name);
}

int change_check(const struct device *device, const struct attribute_set *attributes,
	const struct attribute_changes *changes, enum change_reach reach,
	struct method_output *output)
{
	int code = check_state(device, reach, output);

	for (int i = 0; i < changes->count && code == E_OK; i++)
		code = check_attribute(device, attributes, &changes->changes[i], reach, output);
	return code;
}

int change_check_device(const struct device *device, const struct attribute_changes *changes,
	enum change_reach reach, bool with_children, struct method_output *output)
{
	int code = E_OK;

	if (reach == CHANGE_DATABASE || device->cudv.status == DEFINED)
		return check_together(device, changes, output);
	/* Children were configured with nothing of what the kernel keeps of their parent. */
	if (reach != CHANGE_LIVE && !with_children && kernel_type(device->pddv.uniquetype) != 1)
		code = check_children(device, output);
	return code == E_OK ? driver_check(device, changes, output) : code;
}
