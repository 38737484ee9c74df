/* What is stored of the devices that the kernel drives against what the kernel has. */
#include "kernel_compare.h"

#include <errno.h>
#include <fnmatch.h>

#include "customized.h"
#include "kernel_order.h"
#include "running.h"
#include "sysfs/several.h"

/* What is stored of one device, and what it was configured with. */
struct stored {
	struct kernel_device device;
	int layer; /* for those that get their values one after the other */
	struct attribute_changes values, running;
	bool running_known;
	bool lost; /* it is not where it was */
};

static void stored_release(struct stored *stored)
{
	attribute_changes_release(&stored->values);
	attribute_changes_release(&stored->running);
}

/* The names of a device, and those of its values that are the kernel's: false without memory. */
static bool take_values(const struct CuDv *cudv, const struct customized *customized,
	struct stored *stored, struct kernel_names *names)
{
	size_t count;
	const struct customized_value *value = customized_find(customized, cudv->name, &count);
	bool ok = true;

	*names = (struct kernel_names){0};
	for (; ok && count > 0; count--, value++) {
		kernel_names_take(names, value->attribute, value->value);
		if (*value->value != '\0' &&
			kernel_attribute_find(stored->device.type, value->attribute) != NULL)
			ok = attribute_changes_add(&stored->values, value->attribute, value->value);
	}
	return ok;
}

/* 1 when there is something to compare, 0, -1 with the reason. */
static int read_stored(const struct CuDv *cudv, const struct customized *customized,
	struct stored *stored, struct method_output *output)
{
	struct kernel_names names;

	stored->device.type = kernel_type_read(cudv->PdDvLn_Lvalue);
	if (stored->device.type == NULL)
		return method_fail(output, -1, "%s.", odm_error_text(odmerrno));
	if (stored->device.type->directory[0] == '\0')
		return 0;
	if (!take_values(cudv, customized, stored, &names))
		return method_fail(output, -1, "There is not enough memory.");
	if (stored->values.count == 0)
		return 0;
	/* The reason is told; the other devices are looked at all the same. */
	int code = stored->device.type->by_parent
			   ? kernel_device_find(cudv, &stored->device, output)
			   : kernel_device_find_named(cudv, &names, &stored->device, output);
	stored->lost = code != E_OK;
	return !stored->lost;
}

/* What a device was configured with is asked for by few: 0, or -1 with the reason. */
static int read_running(struct stored *stored, struct method_output *output)
{
	if (stored->running_known)
		return 0;
	stored->running_known = true;
	if (running_read(stored->device.name, &stored->running) == 0)
		return 0;
	return method_fail(output, -1, "%s: %s.", stored->device.name, odm_error_text(odmerrno));
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

struct comparison {
	int (*visit)(const struct kernel_difference *difference, void *closure);
	void *closure;
	struct method_output *output;
	int count;
};

/* What the kernel has, if it has it, is another value. */
static int tell_difference(struct comparison *comparison, struct stored *stored,
	const struct attribute_change *value, const char *now)
{
	const struct kernel_attribute *attribute =
		kernel_attribute_find(stored->device.type, value->attribute);

	if (read_running(stored, comparison->output) < 0)
		return -1;
	bool pending = is_pending(stored, value);
	const struct kernel_difference difference = {stored->device.name, value->attribute,
		value->value, now, pending,
		now != NULL && !pending && is_lowered(attribute, value->value, now)};
	comparison->count++;
	return comparison->visit(&difference, comparison->closure);
}

/* All by one place, which the device may leave meanwhile: then its values are missing. */
static int compare(struct comparison *comparison, struct stored *stored)
{
	AUTO(sysfs_leave) struct sysfs_place place = {.directory = -1};
	const char *directory = stored->device.directory;
	bool entered = sysfs_enter(stored->device.tree, directory, &place) == 0;
	const struct sysfs_tree *tree = entered ? &place.tree : stored->device.tree;
	char now[TUNABLE_VALUE];
	int result = 0;

	for (int i = 0; i < stored->values.count && result == 0; i++) {
		const struct attribute_change *value = &stored->values.changes[i];
		const struct kernel_attribute *attribute =
			kernel_attribute_find(stored->device.type, value->attribute);
		bool there =
			tunable_read(tree, directory, &attribute->tunable, now, sizeof(now)) == 0;
		if (!there || !tunable_equal(&attribute->tunable, now, value->value))
			result = tell_difference(comparison, stored, value, there ? now : NULL);
	}
	return result;
}

/* Without anything that makes a pattern of it. */
static bool is_name(const char *pattern)
{
	return strpbrk(pattern, "*?[\\") == NULL;
}

/* Calls `each` for every Available device of the pattern: 0, or its first other value, or -1. */
static int each_device(const char *pattern,
	int (*each)(const struct CuDv *device, const struct customized *customized, void *closure),
	void *closure, struct method_output *output)
{
	AUTO(customized_release) struct customized customized = {0};
	struct listinfo info;
	struct CuDv *devices = is_name(pattern)
				       ? list_objects(CuDv_CLASS, &info,
						 "status = %d AND name = %s", AVAILABLE, pattern)
				       : list_objects(CuDv_CLASS, &info, "status = %d", AVAILABLE);
	int result = 0;

	if (devices == ODM_FAILED)
		return method_fail(output, -1, "%s.", odm_error_text(odmerrno));
	if (devices != NULL && customized_read(is_name(pattern) ? pattern : NULL, &customized) < 0)
		result = method_fail(output, -1, "%s.", odm_error_text(odmerrno));
	for (int i = 0; devices != NULL && i < info.num && result == 0; i++)
		if (fnmatch(pattern, devices[i].name, 0) == 0)
			result = each(&devices[i], &customized, closure);
	if (devices != NULL)
		odm_free_list(devices, &info);
	return result;
}

static int compare_device(
	const struct CuDv *device, const struct customized *customized, void *closure)
{
	struct comparison *comparison = closure;
	AUTO(stored_release) struct stored stored = {0};
	int found = read_stored(device, customized, &stored, comparison->output);

	return found <= 0 ? found : compare(comparison, &stored);
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

static int add_device(const struct CuDv *device, const struct customized *customized, void *closure)
{
	struct application *application = closure;
	AUTO(stored_release) struct stored stored = {0};
	int found = read_stored(device, customized, &stored, application->output);

	if (found > 0 && read_running(&stored, application->output) < 0)
		return -1;
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
		AUTO(customized_release) struct customized customized = {0};
		struct CuDv device;
		int found = find_object(
			CuDv_CLASS, &device, "name = %s AND status = %d", names[i], AVAILABLE);
		if (found == 1 && customized_read(names[i], &customized) < 0)
			found = -1;
		if (found < 0)
			return method_fail(output, -1, "%s.", odm_error_text(odmerrno));
		if (found == 1 && add_device(&device, &customized, &application) < 0)
			return -1;
	}
	if (!write_layers(&application))
		return method_fail(output, -1, "There is not enough memory.");
	tell_visitor(&application);
	return 0;
}
