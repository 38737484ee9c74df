/* What is stored of the devices that the kernel drives against what the kernel has. */
#include "kernel_compare.h"

#include <errno.h>
#include <fnmatch.h>

#include "kernel_order.h"
#include "running.h"
#include "sysfs/several.h"

/* What is stored of one device, and what it was configured with. */
struct stored {
	struct kernel_device device;
	int layer; /* for those that get their values one after the other */
	struct attribute_changes values, running;
	bool lost; /* it is not where it was */
};

static void stored_release(struct stored *stored)
{
	attribute_changes_release(&stored->values);
	attribute_changes_release(&stored->running);
}

static int take_value(void *object, void *closure)
{
	struct stored *stored = closure;
	const struct CuAt *attribute = object;

	if (*attribute->value == '\0' ||
		kernel_attribute_find(stored->device.type, attribute->attribute) == NULL)
		return 0;
	return attribute_changes_add(&stored->values, attribute->attribute, attribute->value) ? 0
											      : -1;
}

/* 1 when there is something to compare, 0, -1 with the reason. */
static int read_stored(const struct CuDv *cudv, struct stored *stored, struct method_output *output)
{
	stored->device.type = kernel_type_read(cudv->PdDvLn_Lvalue);
	if (stored->device.type == NULL)
		return method_fail(output, -1, "%s.", odm_error_text(odmerrno));
	if (stored->device.type->directory[0] == '\0')
		return 0;
	AUTO_FREE char *criteria = odm_criteria("name = %s AND generic LIKE '*U*'", cudv->name);
	if (criteria == NULL || odm_visit(CuAt_CLASS, criteria, NULL, take_value, stored) < 0)
		return method_fail(output, -1, "%s: %s.", cudv->name, odm_error_text(odmerrno));
	if (stored->values.count == 0)
		return 0;
	if (running_read(cudv->name, &stored->running) < 0)
		return method_fail(output, -1, "%s: %s.", cudv->name, odm_error_text(odmerrno));
	/* The reason is told; the other devices are looked at all the same. */
	stored->lost = kernel_device_find(cudv, &stored->device, output) != E_OK;
	return !stored->lost;
}

/* What was stored with -P is not what the device was configured with. */
static bool is_pending(const struct stored *stored, const struct attribute_change *value)
{
	const char *running = attribute_changes_find(&stored->running, value->attribute);

	return running != NULL && strcmp(running, value->value) != 0;
}

/*
 * Whether the kernel took a number back since the device was configured with it, as the depth of a
 * queue when the disk says that it is full. It raises it again when the disk takes more.
 */
static bool is_lowered(
	const struct kernel_attribute *attribute, const char *stored, const char *now)
{
	const char *separators = (char[]){SEVERAL_SEPARATOR, '\0'};
	bool lowered = false;

	/* Of several, as those of a map's paths, some may be lower; none is higher. */
	for (const char *value = now; attribute->predefined.lowers && value != NULL;) {
		long long number = strtoll(value, NULL, 0), wanted = strtoll(stored, NULL, 0);
		if (number > wanted)
			return false;
		lowered = lowered || number < wanted;
		value = strpbrk(value, separators);
		value += value != NULL;
	}
	return lowered;
}

static int compare(const struct stored *stored,
	int (*visit)(const struct kernel_difference *difference, void *closure), void *closure,
	int *count)
{
	char now[TUNABLE_VALUE];
	int result = 0;

	for (int i = 0; i < stored->values.count && result == 0; i++) {
		const struct attribute_change *value = &stored->values.changes[i];
		const struct kernel_attribute *attribute =
			kernel_attribute_find(stored->device.type, value->attribute);
		bool there = tunable_read(stored->device.tree, stored->device.directory,
				     &attribute->tunable, now, sizeof(now)) == 0;
		if (there && tunable_equal(&attribute->tunable, now, value->value))
			continue;
		bool pending = is_pending(stored, value);
		const struct kernel_difference difference = {stored->device.name, value->attribute,
			value->value, there ? now : NULL, pending,
			there && !pending && is_lowered(attribute, value->value, now)};
		(*count)++;
		result = visit(&difference, closure);
	}
	return result;
}

/* Calls `each` for every Available device of the pattern: 0, or its first other value, or -1. */
static int each_device(const char *pattern, int (*each)(const struct CuDv *device, void *closure),
	void *closure, struct method_output *output)
{
	struct listinfo info;
	struct CuDv *devices = list_objects(CuDv_CLASS, &info, "status = %d", AVAILABLE);
	int result = 0;

	if (devices == ODM_FAILED)
		return method_fail(output, -1, "%s.", odm_error_text(odmerrno));
	for (int i = 0; devices != NULL && i < info.num && result == 0; i++)
		if (fnmatch(pattern, devices[i].name, 0) == 0)
			result = each(&devices[i], closure);
	if (devices != NULL)
		odm_free_list(devices, &info);
	return result;
}

struct comparison {
	int (*visit)(const struct kernel_difference *difference, void *closure);
	void *closure;
	struct method_output *output;
	int count;
};

static int compare_device(const struct CuDv *device, void *closure)
{
	struct comparison *comparison = closure;
	AUTO(stored_release) struct stored stored = {0};
	int found = read_stored(device, &stored, comparison->output);

	return found <= 0 ? found
			  : compare(&stored, comparison->visit, comparison->closure,
				    &comparison->count);
}

int kernel_compare(const char *pattern,
	int (*visit)(const struct kernel_difference *difference, void *closure), void *closure,
	struct method_output *output)
{
	struct comparison comparison = {visit, closure, output, 0};
	int result = each_device(pattern, compare_device, &comparison, output);

	return result < 0 ? result : comparison.count;
}

/* Devices to be written to, with what they get. */
struct application {
	bool pending;
	const struct kernel_visitor *visitor; /* or NULL */
	struct method_output *output;
	struct stored *devices;
	struct tunable_device *writes; /* one a device */
	size_t count;
};

static void application_release(struct application *application)
{
	for (size_t i = 0; i < application->count; i++) {
		stored_release(&application->devices[i]);
		free(application->writes[i].changes);
	}
	free(application->devices);
	free(application->writes);
}

/* Room for one more: false without memory. */
static bool application_grow(struct application *application)
{
	size_t count = application->count;

	if ((count & (count - 1)) != 0)
		return true;
	size_t room = count > 0 ? 2 * count : 1;
	struct stored *devices = reallocarray(application->devices, room, sizeof(*devices));
	if (devices == NULL)
		return false;
	application->devices = devices;
	struct tunable_device *writes = reallocarray(application->writes, room, sizeof(*writes));
	if (writes == NULL)
		return false;
	application->writes = writes;
	return true;
}

/* Whether a stored value is to be given to the kernel. */
static bool is_wanted(const struct application *application, const struct stored *stored,
	const struct attribute_change *value, const struct kernel_attribute *attribute)
{
	char now[TUNABLE_VALUE];

	if (application->pending)
		return true;
	if (is_pending(stored, value))
		return false;
	return !attribute->predefined.lowers ||
	       tunable_read(stored->device.tree, stored->device.directory, &attribute->tunable, now,
		       sizeof(now)) < 0 ||
	       !is_lowered(attribute, value->value, now);
}

static int add_device(const struct CuDv *device, void *closure)
{
	struct application *application = closure;
	AUTO(stored_release) struct stored stored = {0};
	int found = read_stored(device, &stored, application->output);

	if (stored.lost && application->visitor != NULL)
		application->visitor->lost(device->name, application->visitor->closure);
	if (found <= 0)
		return found;
	struct tunable_change *changes = calloc((size_t)stored.values.count, sizeof(*changes));
	if (changes == NULL || !application_grow(application)) {
		free(changes);
		return method_fail(application->output, -1, "There is not enough memory.");
	}
	size_t count = 0;
	for (int i = 0; i < stored.values.count; i++) {
		const struct attribute_change *value = &stored.values.changes[i];
		const struct kernel_attribute *attribute =
			kernel_attribute_find(stored.device.type, value->attribute);
		if (is_wanted(application, &stored, value, attribute))
			changes[count++] = (struct tunable_change){
				.tunable = &attribute->tunable, .value = value->value};
	}
	application->writes[application->count] =
		(struct tunable_device){.changes = changes, .count = count};
	application->devices[application->count++] = stored;
	stored = (struct stored){0};
	return 0;
}

/*
 * Of a device whose values were not all taken none was: they are given one by one, so that one that
 * the kernel refuses keeps no other from its value.
 */
static void write_separately(const struct sysfs_tree *tree, struct tunable_device *device)
{
	for (size_t i = 0; !device->succeeded && i < device->count; i++)
		tunables_write(tree, device->device, &device->changes[i], 1);
}

/* Those of one layer at once, of which each has what it is made of changed already. */
static int write_layer(struct application *application, struct tunable_device *writes, int layer)
{
	const struct sysfs_tree *tree = application->devices[0].device.tree;
	size_t count = 0;
	int higher = 0;

	for (size_t i = 0; i < application->count; i++) {
		higher += application->devices[i].layer > layer;
		if (application->devices[i].layer == layer)
			writes[count++] = application->writes[i];
	}
	/* One needs no thread of its own. */
	if (count == 1)
		writes->succeeded =
			tunables_write(tree, writes->device, writes->changes, writes->count);
	else
		tunables_write_all(tree, writes, count);
	for (size_t i = 0; i < count; i++)
		write_separately(tree, &writes[i]);
	return higher;
}

/* Their changes are shared with the application's. False without memory. */
static bool write_layers(struct application *application)
{
	if (application->count == 0)
		return true;
	AUTO_FREE struct tunable_device *writes = calloc(application->count, sizeof(*writes));

	if (writes == NULL)
		return false;
	for (size_t i = 0; i < application->count; i++) {
		application->writes[i].device = application->devices[i].device.directory;
		application->devices[i].layer = kernel_layer(&application->devices[i].device);
	}
	for (int layer = 0; write_layer(application, writes, layer) > 0; layer++)
		continue;
	return true;
}

/* What became of each write. */
static int report(const struct application *application, int *written)
{
	int refused = 0;

	*written = 0;
	for (size_t d = 0; d < application->count; d++) {
		const struct kernel_device *device = &application->devices[d].device;
		for (size_t i = 0; i < application->writes[d].count; i++) {
			const struct tunable_change *change = &application->writes[d].changes[i];
			if (change->outcome == TUNABLE_ALREADY)
				continue;
			if (tunable_succeeded(change->outcome)) {
				(*written)++;
				continue;
			}
			kernel_explain(device, change, application->output);
			refused++;
		}
	}
	return refused;
}

int kernel_apply_all(const char *pattern, bool pending, int *written, struct method_output *output)
{
	AUTO(application_release)
	struct application application = {.pending = pending, .output = output};

	*written = 0;
	if (each_device(pattern, add_device, &application, output) < 0)
		return -1;
	if (!write_layers(&application))
		return method_fail(output, -1, "There is not enough memory.");
	return report(&application, written);
}

static void tell_visitor(const struct application *application)
{
	const struct kernel_visitor *visitor = application->visitor;

	for (size_t d = 0; d < application->count; d++)
		for (size_t i = 0; i < application->writes[d].count; i++) {
			AUTO(method_output_release) struct method_output words = {0};
			const struct tunable_change *change = &application->writes[d].changes[i];
			const struct kernel_device *device = &application->devices[d].device;
			if (change->outcome == TUNABLE_ALREADY)
				continue;
			if (!tunable_succeeded(change->outcome))
				kernel_explain(device, change, &words);
			visitor->written(device->name, change,
				words.reason.data != NULL ? words.reason.data : "",
				visitor->closure);
		}
}

int kernel_apply_names(char (*const names)[16], int count, const struct kernel_visitor *visitor,
	struct method_output *output)
{
	AUTO(application_release)
	struct application application = {.visitor = visitor, .output = output};

	for (int i = 0; i < count; i++) {
		struct CuDv device;
		int found = find_object(
			CuDv_CLASS, &device, "name = %s AND status = %d", names[i], AVAILABLE);
		if (found < 0)
			return method_fail(output, -1, "%s.", odm_error_text(odmerrno));
		if (found == 1 && add_device(&device, &application) < 0)
			return -1;
	}
	if (!write_layers(&application))
		return method_fail(output, -1, "There is not enough memory.");
	tell_visitor(&application);
	return 0;
}
