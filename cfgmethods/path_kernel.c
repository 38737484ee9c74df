/* Paths of disks that the kernel of this machine drives. */
#include "path_kernel.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "host_devices.h"
#include "identities.h"
#include "path_attributes.h"
#include "sysfs/multipathd.h"
#include "sysfs/scan.h"

#define OS_NAME "os_name"

/* How long the daemon may take until its list shows what it was told. */
#define READ_BACK_TRIES 40
#define READ_BACK_INTERVAL (50 * 1000 * 1000) /* nanoseconds */

int path_kernel_store(const struct CuPath *path, const char *uniquetype, const char *os_name)
{
	struct CuPathAt stored;
	char value[64], attribute[] = OS_NAME;
	int found = find_object(CuPathAt_CLASS, &stored,
		"name = %s AND attribute = %s AND path_id = %d", path->name, OS_NAME,
		path->path_id);
	bool same = found == 1 && strcmp(stored.value, os_name) == 0;

	if (found == 1)
		odm_free_members(CuPathAt_CLASS, &stored);
	if (found < 0 || same)
		return found < 0 ? -1 : 0;
	snprintf(value, sizeof(value), "%s", os_name);
	const struct attribute_change change = {.attribute = attribute, .value = value};
	return path_putattr(path, uniquetype, &change);
}

/* A stored attribute of a device, "" for none. */
static void stored_text(const char *device, const char *attribute, char *room, size_t size)
{
	struct CuAt object;

	*room = '\0';
	if (find_object(CuAt_CLASS, &object, "name = %s AND attribute = %s", device, attribute) !=
		1)
		return;
	snprintf(room, size, "%s", object.value);
	odm_free_members(CuAt_CLASS, &object);
}

/* Whether the last part, or one on the way to it, has a name. */
static bool has_part(const char *directory, const char *name)
{
	size_t length = strlen(name);

	for (const char *part = directory; part != NULL; part = strchr(part, '/')) {
		part += *part == '/';
		if (strncmp(part, name, length) == 0 &&
			(part[length] == '/' || part[length] == '\0'))
			return true;
	}
	return false;
}

/* The kernel gives names anew: it has to be the same disk, at this connection of this parent. */
static bool is_path(const struct path_kernel *kernel, const struct CuPath *path)
{
	char known_as[256], identity[SCAN_IDENTITY], parent[64], where[32];
	size_t length = strcspn(path->connection, "#");

	stored_text(path->name, "unique_id", known_as, sizeof(known_as));
	stored_text(path->parent, OS_NAME, parent, sizeof(parent));
	return scan_identity(kernel->tree, kernel->directory, identity, sizeof(identity)) == 0 &&
	       identity_matches(known_as, identity) &&
	       scan_connection(kernel->tree, kernel->directory, where) == 0 &&
	       strncmp(where, path->connection, length) == 0 && where[length] == '\0' &&
	       (parent[0] == '\0' || has_part(kernel->directory, parent));
}

/* Whether the device's values and users are at this path. */
static void look_who_uses(struct path_kernel *kernel, const struct CuPath *path)
{
	char used[64], map[SYSFS_PATH];

	stored_text(path->name, OS_NAME, used, sizeof(used));
	bool is_map = snprintf(map, sizeof(map), "block/%s/dm", used) < (int)sizeof(map) &&
		      sysfs_exists(kernel->tree, map);
	kernel->mapped = is_map &&
			 snprintf(map, sizeof(map), "block/%s/holders/%s", kernel->os_name, used) <
				 (int)sizeof(map) &&
			 sysfs_exists(kernel->tree, map);
	kernel->used = kernel->mapped || strcmp(used, kernel->os_name) == 0;
}

int path_kernel_find(const struct CuPath *path, struct path_kernel *kernel)
{
	struct CuPathAt stored;
	char *mistake = NULL, block[128];
	int found = find_object(CuPathAt_CLASS, &stored,
		"name = %s AND attribute = %s AND path_id = %d", path->name, OS_NAME,
		path->path_id);

	if (found != 1)
		return found;
	*kernel = (struct path_kernel){0};
	snprintf(kernel->device, sizeof(kernel->device), "%s", path->name);
	snprintf(kernel->os_name, sizeof(kernel->os_name), "%s", stored.value);
	odm_free_members(CuPathAt_CLASS, &stored);
	kernel->tree = host_tree(&mistake);
	free(mistake);
	snprintf(block, sizeof(block), "block/%s", kernel->os_name);
	if (kernel->tree == NULL || sysfs_resolve(kernel->tree, block, kernel->directory) < 0 ||
		!is_path(kernel, path))
		kernel->directory[0] = '\0';
	else
		look_who_uses(kernel, path);
	return 1;
}

/* The daemon's list of paths, "NAME STATE" a line, asked for once: NULL when it does not answer. */
static struct text list;
static bool asked;

static const char *daemon_list(bool again)
{
	if (!asked || again) {
		text_release(&list);
		asked = true;
		if (multipathd_ask("show paths raw format \"%d %t\"", &list) < 0)
			text_release(&list);
	}
	return list.data;
}

/* Whether device-mapper does not use a path now, as the daemon has it: 1, 0, -1 not known. */
static int daemon_failed(const struct path_kernel *kernel, bool again)
{
	const char *line = kernel->mapped ? daemon_list(again) : NULL;
	size_t length = strlen(kernel->os_name);

	for (; line != NULL; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, kernel->os_name, length) == 0 && line[length] == ' ') {
			line += length + strspn(line + length, " ");
			return strncmp(line, "failed", 6) == 0   ? 1
			       : strncmp(line, "active", 6) == 0 ? 0
								 : -1;
		}
	}
	return -1;
}

/* "" when it can't be read. */
static void read_state(const struct path_kernel *kernel, char state[32])
{
	if (kernel->directory[0] == '\0' ||
		sysfs_read_at(kernel->tree, kernel->directory, "device/state", state, 32) < 0)
		*state = '\0';
}

const char *path_kernel_state(const struct path_kernel *kernel, bool switched_off)
{
	char state[32];

	read_state(kernel, state);
	if (strcmp(state, "running") != 0)
		return switched_off && strcmp(state, "offline") == 0 ? "Disabled" : "Failed";
	if (daemon_failed(kernel, false) == 1)
		return switched_off ? "Disabled" : "Failed";
	return kernel->used ? "Enabled" : "Unmapped";
}

static int write_state(
	const struct path_kernel *kernel, const char *wanted, struct method_output *output)
{
	char state[32];

	read_state(kernel, state);
	if (strcmp(state, wanted) == 0)
		return E_OK;
	if (sysfs_write_at(kernel->tree, kernel->directory, "device/state", wanted) < 0)
		return method_fail(output, E_ATTRVAL,
			"%s: the kernel does not make %s %s, which is %s: %s.", kernel->device,
			kernel->os_name, wanted, state, strerror(errno));
	read_state(kernel, state);
	if (strcmp(state, wanted) == 0)
		return E_OK;
	return method_fail(output, E_ATTRVAL, "%s: %s is %s after %s was written to it.",
		kernel->device, kernel->os_name, state[0] != '\0' ? state : "gone", wanted);
}

/* The daemon tells the kernel, and its list follows what the kernel says. */
static int tell_daemon(const struct path_kernel *kernel, bool on, struct method_output *output)
{
	const struct timespec interval = {.tv_nsec = READ_BACK_INTERVAL};
	AUTO(text_release) struct text answer = {0};
	char command[128];

	if (daemon_failed(kernel, true) == !on)
		return E_OK;
	snprintf(
		command, sizeof(command), "%s path %s", on ? "reinstate" : "fail", kernel->os_name);
	if (multipathd_ask(command, &answer) < 0)
		return method_fail(output, E_ATTRVAL, "%s: multipathd does not answer: %s.",
			kernel->device, strerror(errno));
	answer.data[strcspn(answer.data, "\n")] = '\0';
	if (strcmp(answer.data, "ok") != 0)
		return method_fail(output, E_ATTRVAL, "%s: multipathd says to '%s': %s.",
			kernel->device, command, answer.data);
	for (int i = 0; i < READ_BACK_TRIES; i++) {
		if (daemon_failed(kernel, true) == !on)
			return E_OK;
		nanosleep(&interval, NULL);
	}
	return method_fail(output, E_ATTRVAL,
		"%s: multipathd has taken '%s', but %s is as it was before.", kernel->device,
		command, kernel->os_name);
}

int path_kernel_switch(const struct path_kernel *kernel, bool on, struct method_output *output)
{
	if (kernel->directory[0] == '\0')
		return method_fail(output, E_NODETECT,
			"%s is not a path of %s any more; cfgmgr finds out what is.",
			kernel->os_name, kernel->device);
	bool daemon = kernel->mapped && daemon_list(true) != NULL;
	if (!daemon)
		return write_state(kernel, on ? "running" : "offline", output);
	/* One that was offline before the daemon ran is used again, too. */
	int code = on ? write_state(kernel, "running", output) : E_OK;
	return code == E_OK ? tell_daemon(kernel, on, output) : code;
}
