/* Stored values as rules of udev and .link files of systemd, for machines without odmcfg. */
#include <errno.h>
#include <string.h>

#include "base/foreign.h"
#include "base/message.h"
#include "base/paths.h"
#include "cfgmethods/kernel_parameters.h"
#include "export_forms.h"
#include "inventory.h"

#define RULES "90-odmcfg.rules"

static const char heading[] = "# Values of devices, written by odmcfg export --udev. To be put "
			      "into /etc/udev/rules.d; the\n"
			      "# .link files beside it into /etc/systemd/network.\n"
			      "#\n"
			      "# Each rule names what identifies its device, not the place where "
			      "it is found, where that is\n"
			      "# known. It holds for add and change events: a disk that is read "
			      "again, or attached later,\n"
			      "# gets its values as well. Attributes are in the order in which "
			      "they have to be written: a\n"
			      "# scheduler resets the number of requests.\n"
			      "#\n"
			      "# What udev can not set is a comment.\n";

void export_comment(struct text *text, const char *value)
{
	foreign_append(text, value, strlen(value));
}

/* In quotes; $ and % would be replaced by udev. */
static void append_value(struct text *text, const char *value)
{
	for (; *value != '\0'; value++) {
		if (strchr("\"$%", *value) != NULL)
			text_append_char(text, *value == '"' ? '\\' : *value);
		text_append_char(text, *value);
	}
}

static void append_unequalled(struct text *rules, const struct stored_device *device,
	const struct attribute_change *value, const char *why)
{
	text_printf(rules, "# %s: %s=", device->cudv.name, value->attribute);
	export_comment(rules, value->value);
	text_printf(rules, " %s\n", why);
}

/* "/module/NAME/parameters/FILE" has a rule of its own. */
static bool append_parameter(struct text *rules, const char *path, const char *value)
{
	const char *name = path + strlen("/module/"), *file = strchr(name, '/');

	if (strncmp(path, "/module/", strlen("/module/")) != 0 || file == NULL)
		return false;
	text_printf(rules, "ACTION==\"add\", SUBSYSTEM==\"module\", KERNEL==\"%.*s\", ATTR{%s}=\"",
		(int)(file - name), name, file + 1);
	append_value(rules, value);
	text_append(rules, "\"\n");
	return true;
}

/* The rule's assignments, each behind a line's end; what has a rule of its own goes to `others`. */
static void append_assignments(
	const struct stored_device *device, struct text *rule, struct text *others)
{
	for (int i = 0; i < device->values.count; i++) {
		const struct attribute_change *value = &device->values.changes[i];
		const struct kernel_attribute *attribute =
			kernel_attribute_find(device->kernel.type, value->attribute);
		const char *path = attribute != NULL ? attribute->predefined.path : "";
		const char *why = export_why_not(&device->kernel, path);
		char parameter[SYSFS_PATH];
		if (kernel_parameter_path(&device->kernel, path, parameter))
			path = parameter;
		if (why != NULL) {
			append_unequalled(others, device, value, why);
		} else if (*path == '/') {
			if (!append_parameter(others, path, value->value))
				append_unequalled(others, device, value, "has no equivalent");
		} else {
			text_printf(
				rule, "%s\\\n  ATTR{%s}=\"", rule->length > 0 ? ", " : "", path);
			append_value(rule, value->value);
			text_append_char(rule, '"');
		}
	}
}

static void append_rule(struct text *rules, const struct stored_device *device)
{
	AUTO(text_release) struct text match = {0}, reason = {0}, assigned = {0}, others = {0};
	const struct kernel_device *kernel = &device->kernel;
	char subsystem[32];

	subsystem_of(kernel->type->directory, subsystem);
	bool can = subsystem[0] != '\0' && export_udev_match(device, &match, &reason);
	text_printf(rules, "\n# %s", device->cudv.name);
	if (kernel->os_name[0] != '\0') {
		text_append(rules, ", here ");
		export_comment(rules, kernel->os_name);
	}
	text_append(rules, ": ");
	export_comment(rules, device->unique_id[0] != '\0' ? device->unique_id : "no unique_id");
	text_printf(
		rules, ". %s.\n", reason.data != NULL ? reason.data : "udev knows no such devices");
	if (can)
		append_assignments(device, &assigned, &others);
	for (int i = 0; !can && i < device->values.count; i++)
		append_unequalled(&others, device, &device->values.changes[i], "has no rule");
	if (assigned.length > 0)
		text_printf(rules, "ACTION==\"add|change\", SUBSYSTEM==\"%s\", %s%s%s\n", subsystem,
			strcmp(subsystem, "block") == 0 ? "ENV{DEVTYPE}==\"disk\", " : "",
			match.data, assigned.data);
	text_append(rules, others.data != NULL ? others.data : "");
	rules->failed =
		rules->failed || match.failed || reason.failed || assigned.failed || others.failed;
}

static bool is_network(const struct stored_device *device)
{
	return device->kernels && strcmp(device->kernel.type->directory, "class/net") == 0;
}

/* The device that has the .link file's name: an interface has its parent's. */
static const char *link_owner(const struct stored_device *device)
{
	return device->kernel.type->by_parent ? device->cudv.parent : device->cudv.name;
}

/* The file of an adapter and its interface, when the one at `place` is the first of them. */
static bool write_link(
	const char *directory, const struct stored_device *devices, int count, int place)
{
	AUTO(text_release) struct text text = {0}, path = {0};
	const struct stored_device *other = NULL;

	for (int i = 0; i < count; i++)
		if (i != place && is_network(&devices[i]) &&
			strcmp(link_owner(&devices[i]), link_owner(&devices[place])) == 0) {
			if (i < place)
				return true;
			other = &devices[i];
		}
	export_link(&devices[place], other, &text);
	text_printf(&path, "%s/10-odmcfg-%s.link", directory, link_owner(&devices[place]));
	return !path.failed && export_write(path.data, &text);
}

bool export_udev(const char *directory, const struct stored_device *devices, int count)
{
	AUTO(text_release) struct text rules = {0}, path = {0};
	bool ok = true;

	if (make_directories(directory) < 0) {
		message("%s can't be made: %s", directory, strerror(errno));
		return false;
	}
	text_append(&rules, heading);
	for (int i = 0; i < count && ok; i++)
		if (is_network(&devices[i])) {
			ok = write_link(directory, devices, count, i);
		} else if (devices[i].kernels) {
			append_rule(&rules, &devices[i]);
		} else {
			text_append_char(&rules, '\n');
			for (int v = 0; v < devices[i].values.count; v++)
				append_unequalled(&rules, &devices[i],
					&devices[i].values.changes[v],
					"has no equivalent: the kernel does not drive the device");
		}
	text_printf(&path, "%s/" RULES, directory);
	return ok && !path.failed && export_write(path.data, &rules);
}
