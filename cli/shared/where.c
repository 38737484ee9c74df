/* Which devices have the values that --where asks for. */
#include "where.h"

#include <string.h>

#include "base/message.h"
#include "cfgmethods/kernel.h"

void where_release(struct where *where)
{
	attribute_changes_release(&where->conditions);
}

bool where_add(struct where *where, const char *condition)
{
	const char *equals = strchr(condition, '=');

	if (equals == NULL || equals == condition) {
		message("--where takes Attribute=Value, not '%s'", condition);
		return false;
	}
	AUTO_FREE char *attribute = strndup(condition, (size_t)(equals - condition));
	if (attribute != NULL && attribute_changes_add(&where->conditions, attribute, equals + 1))
		return true;
	message("there is not enough memory");
	return false;
}

/* 0x10 is 16, where the attribute is a number. */
static bool same_value(const struct CuAt *attribute, const char *wanted)
{
	long long one, other;

	return strcmp(attribute->value, wanted) == 0 ||
	       (strchr(attribute->rep, 'n') != NULL && parse_number(attribute->value, &one) &&
		       parse_number(wanted, &other) && one == other);
}

/* Any of the values of an attribute that has several. */
static bool stored_holds(const char *device, const struct attribute_change *condition)
{
	int count;
	struct CuAt *values = getattr(device, condition->attribute, FALSE, &count);
	bool holds = false;

	for (int i = 0; i < count && !holds; i++)
		holds = same_value(&values[i], condition->value);
	freeattr(values, count);
	return holds;
}

/* `kernel` is NULL when the kernel does not drive the device, or has it not now. */
static bool condition_holds(const char *device, const struct kernel_device *kernel,
	const struct attribute_change *condition)
{
	const struct kernel_attribute *attribute =
		kernel != NULL ? kernel_attribute_find(kernel->type, condition->attribute) : NULL;
	char now[TUNABLE_VALUE];

	if (attribute != NULL && tunable_read(kernel->tree, kernel->directory, &attribute->tunable,
					 now, sizeof(now)) == 0)
		return tunable_equal(&attribute->tunable, now, condition->value);
	return stored_holds(device, condition);
}

int where_holds(const struct where *where, const struct CuDv *device)
{
	AUTO(method_output_release) struct method_output output = {0};
	struct kernel_device kernel;
	int kernels = where->conditions.count > 0 ? kernel_type(device->PdDvLn_Lvalue) : 0;
	bool holds = true;

	if (kernels < 0) {
		message("%s can't be read: %s", device->name, odm_error_text(odmerrno));
		return -1;
	}
	bool there = kernels > 0 && kernel_device_find(device, &kernel, &output) == E_OK;
	for (int i = 0; i < where->conditions.count && holds; i++)
		holds = condition_holds(
			device->name, there ? &kernel : NULL, &where->conditions.changes[i]);
	return holds;
}

bool where_narrow(const struct where *where, struct names *names)
{
	struct CuDv device;
	int kept = 0;

	for (int i = 0; i < names->count; i++) {
		int found = find_object(CuDv_CLASS, &device, "name = %s", names->list[i]);
		int holds = found == 1 ? where_holds(where, &device) : found;
		if (found < 0)
			message("the devices can't be read: %s", odm_error_text(odmerrno));
		if (holds < 0)
			return false;
		if (holds == 1)
			memmove(names->list[kept++], names->list[i], sizeof(*names->list));
	}
	names->count = kept;
	return true;
}

bool where_names(const struct where *where, const char *pattern, struct names *names)
{
	AUTO(text_release) struct text conditions = {0};

	if (!names_match(names, pattern != NULL ? pattern : "*"))
		return false;
	if (where->conditions.count == 0)
		return true;
	if (!where_narrow(where, names))
		return false;
	if (names->count > 0)
		return true;
	for (int i = 0; i < where->conditions.count; i++)
		text_printf(&conditions, " %s=%s", where->conditions.changes[i].attribute,
			where->conditions.changes[i].value);
	message("no device %s%shas%s", pattern != NULL ? pattern : "", pattern != NULL ? " " : "",
		conditions.data != NULL ? conditions.data : "");
	return false;
}
