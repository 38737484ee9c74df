/* Values that the kernel keeps in several files, as one value. */
#include "sysfs/several.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "sysfs/proc.h"

#define AFFINITY "/interrupts/affinity"
#define REMOTE_PORTS "/remote_ports/"
#define FC_HOST "class/fc_host/"
#define MAP "block/dm-"
#define MAP_DEVICE "/device/"

/* A file beside the tree, as proc_read takes it, begins so. */
#define PROC "proc:"

static bool starts(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* Where the directory that only we see begins, when it is `part` below one that begins so. */
static const char *find_part(const char *path, const char *start, const char *part)
{
	return starts(path, start) ? strstr(path, part) : NULL;
}

/* The same for the file at the end of a path. */
static const char *find_affinity(const char *path)
{
	size_t length = strlen(path), end = strlen(AFFINITY);

	return length > end && strcmp(path + length - end, AFFINITY) == 0 ? path + length - end
									  : NULL;
}

bool several_is(const char *path)
{
	return find_part(path, MAP, MAP_DEVICE) != NULL ||
	       find_part(path, FC_HOST, REMOTE_PORTS) != NULL || find_affinity(path) != NULL;
}

static ssize_t read_one(const struct sysfs_tree *tree, const char *file, char *room, size_t size)
{
	AUTO(text_release) struct text text = {0};

	if (!starts(file, PROC))
		return sysfs_files.read(tree, file, room, size);
	if (proc_read(tree, file + strlen(PROC), &text) < 0)
		return -1;
	if (text.length == 0) {
		errno = ENOENT;
		return -1;
	}
	size_t length = text.length < size ? text.length : size;
	memcpy(room, text.data, length);
	return (ssize_t)length;
}

static int write_one(const struct sysfs_tree *tree, const char *file, const char *value)
{
	char line[SYSFS_VALUE];
	int length = snprintf(line, sizeof(line), "%s\n", value);

	if (length >= (int)sizeof(line)) {
		errno = E2BIG;
		return -1;
	}
	return starts(file, PROC) ? proc_write(tree, file + strlen(PROC), line, (size_t)length)
				  : sysfs_files.write(tree, file, line, (size_t)length);
}

/* One file of those, with what it has and what it is to have. */
struct part {
	char file[SYSFS_PATH];
	char *now;
	const char *wanted;
	bool written;
};

struct parts {
	struct part *list;
	size_t count;
};

static void parts_release(struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		free(parts->list[i].now);
	free(parts->list);
}

/* A file that is not there is none of them: 0, or -1 and errno. */
static int add_part(const struct sysfs_tree *tree, struct parts *parts, const char *file)
{
	char value[SYSFS_VALUE];
	ssize_t length = read_one(tree, file, value, sizeof(value) - 1);

	if (length < 0)
		return errno == ENOENT || errno == ENODEV || errno == ENOTDIR ? 0 : -1;
	while (length > 0 && strchr(" \t\n", value[length - 1]) != NULL)
		length--;
	value[length] = '\0';
	struct part *longer = reallocarray(parts->list, parts->count + 1, sizeof(*longer));
	if (longer == NULL)
		return -1;
	parts->list = longer;
	struct part *part = &longer[parts->count];
	*part = (struct part){.now = strdup(value)};
	if (part->now == NULL)
		return -1;
	snprintf(part->file, sizeof(part->file), "%s", file);
	parts->count++;
	return 0;
}

/* DIRECTORY/NAME/BEHIND of all names in a directory that begin so. */
static int add_each(const struct sysfs_tree *tree, struct parts *parts, const char *directory,
	const char *start, const char *behind)
{
	AUTO(sysfs_names_release) struct sysfs_names names = {0};
	char file[SYSFS_PATH];
	int result = sysfs_list(tree, directory, &names);

	for (size_t i = 0; i < names.count && result == 0; i++)
		if (starts(names.names[i], start) &&
			snprintf(file, sizeof(file), "%s/%s/%s", directory, names.names[i],
				behind) < (int)sizeof(file))
			result = add_part(tree, parts, file);
	return result;
}

static int add_interrupt(const struct sysfs_tree *tree, struct parts *parts, const char *number)
{
	char file[64];

	if (strspn(number, "0123456789") != strlen(number) || strcmp(number, "0") == 0)
		return 0;
	snprintf(file, sizeof(file), PROC "irq/%.10s/smp_affinity_list", number);
	return add_part(tree, parts, file);
}

/* Message signalled ones, or the one of a line. */
static int add_interrupts(const struct sysfs_tree *tree, struct parts *parts, const char *function)
{
	AUTO(sysfs_names_release) struct sysfs_names names = {0};
	char path[SYSFS_PATH], line[32];

	if (snprintf(path, sizeof(path), "%s/msi_irqs", function) >= (int)sizeof(path) ||
		sysfs_list(tree, path, &names) < 0)
		return -1;
	int result = 0;
	for (size_t i = 0; i < names.count && result == 0; i++)
		result = add_interrupt(tree, parts, names.names[i]);
	if (names.count > 0 || sysfs_read_at(tree, function, "irq", line, sizeof(line)) <= 0)
		return result;
	return add_interrupt(tree, parts, line);
}

static bool is_function(const char *name)
{
	unsigned domain, bus, slot, function;
	int end = 0;

	return sscanf(name, "%4x:%2x:%2x.%1x%n", &domain, &bus, &slot, &function, &end) == 4 &&
	       name[end] == '\0';
}

/* What is behind USB has the interrupts of the controller, which are none of its own. */
static int find_interrupts(
	const struct sysfs_tree *tree, struct parts *parts, const char *path, const char *end)
{
	char device[SYSFS_PATH], directory[SYSFS_PATH];

	snprintf(device, sizeof(device), "%.*s", (int)(end - path), path);
	if (sysfs_resolve(tree, device, directory) < 0)
		return -1;
	for (char *slash; (slash = strrchr(directory, '/')) != NULL; *slash = '\0') {
		if (starts(slash + 1, "usb"))
			return 0;
		if (is_function(slash + 1))
			return add_interrupts(tree, parts, directory);
	}
	return 0;
}

/* The port's own is what the kernel gives to remote ports that are new. */
static int find_ports(const struct sysfs_tree *tree, struct parts *parts, const char *path,
	const char *end, const char *name)
{
	char file[SYSFS_PATH], start[32];
	const char *host = path + strlen(FC_HOST) + strlen("host");
	int digits = (int)(end - host);

	if (snprintf(file, sizeof(file), "%.*s/%s", (int)(end - path), path, name) >=
			(int)sizeof(file) ||
		add_part(tree, parts, file) < 0)
		return -1;
	snprintf(start, sizeof(start), "rport-%.*s:", digits > 0 && digits < 16 ? digits : 0, host);
	return add_each(tree, parts, "class/fc_remote_ports", start, name);
}

static int find_paths(const struct sysfs_tree *tree, struct parts *parts, const char *path,
	const char *end, const char *name)
{
	char slaves[SYSFS_PATH], behind[SYSFS_PATH];

	snprintf(slaves, sizeof(slaves), "%.*s/slaves", (int)(end - path), path);
	snprintf(behind, sizeof(behind), "device/%s", name);
	return add_each(tree, parts, slaves, "", behind);
}

/* All there are with what they have: 0, or -1 and errno. */
static int find_parts(const struct sysfs_tree *tree, const char *path, struct parts *parts)
{
	const char *end;
	int result;

	if ((end = find_part(path, MAP, MAP_DEVICE)) != NULL)
		result = find_paths(tree, parts, path, end, end + strlen(MAP_DEVICE));
	else if ((end = find_part(path, FC_HOST, REMOTE_PORTS)) != NULL)
		result = find_ports(tree, parts, path, end, end + strlen(REMOTE_PORTS));
	else
		result = find_interrupts(tree, parts, path, find_affinity(path));
	if (result < 0 || parts->count > 0)
		return result;
	errno = ENOENT;
	return -1;
}

ssize_t several_read(const struct sysfs_tree *tree, const char *path, void *room, size_t size)
{
	AUTO(parts_release) struct parts parts = {0};
	AUTO(text_release) struct text value = {0};
	bool same = true;

	if (find_parts(tree, path, &parts) < 0)
		return -1;
	for (size_t i = 1; i < parts.count; i++)
		same = same && strcmp(parts.list[i].now, parts.list[0].now) == 0;
	for (size_t i = 0; i < (same ? 1 : parts.count); i++) {
		if (i > 0)
			text_append_char(&value, SEVERAL_SEPARATOR);
		text_append(&value, parts.list[i].now);
	}
	if (value.failed) {
		errno = ENOMEM;
		return -1;
	}
	size_t length = value.length < size ? value.length : size;
	memcpy(room, value.data, length);
	return (ssize_t)length;
}

/* Each file's own of a value that is all files' or has one for each. False when the number differs.
 */
static bool share_out(struct parts *parts, char *value)
{
	size_t count = 1;

	for (const char *place = value; (place = strchr(place, SEVERAL_SEPARATOR)) != NULL; place++)
		count++;
	if (count != 1 && count != parts->count)
		return false;
	for (size_t i = 0; i < parts->count; i++) {
		char *next = count > 1 ? strchr(value, SEVERAL_SEPARATOR) : NULL;
		parts->list[i].wanted = value;
		if (next != NULL) {
			*next = '\0';
			value = next + 1;
		}
	}
	return true;
}

/* What can't be taken back finds who reads it. */
static void take_back(const struct sysfs_tree *tree, const struct parts *parts)
{
	bool whole = true;

	for (size_t i = parts->count; i-- > 0;)
		if (parts->list[i].written)
			whole = write_one(tree, parts->list[i].file, parts->list[i].now) == 0 &&
				whole;
	(void)whole;
}

/* What an error number alone does not tell. */
static void explain(const struct part *part, char *reason, size_t size)
{
	const char *number = part->file + strlen(PROC "irq/");

	/* Older kernels say EIO of one that is managed. */
	if (starts(part->file, PROC) && (errno == EPERM || errno == EIO))
		snprintf(reason, size, "the driver itself places interrupt %.*s",
			(int)strcspn(number, "/"), number);
}

int several_write(const struct sysfs_tree *tree, const char *path, const void *value, size_t length,
	char *reason, size_t size)
{
	AUTO(parts_release) struct parts parts = {0};
	AUTO_FREE char *copy = strndup(value, length);

	if (copy == NULL || find_parts(tree, path, &parts) < 0)
		return -1;
	copy[strcspn(copy, "\n")] = '\0';
	if (!share_out(&parts, copy)) {
		snprintf(reason, size, "it has one value, or %zu with a + between", parts.count);
		errno = EINVAL;
		return -1;
	}
	for (size_t i = 0; i < parts.count; i++) {
		struct part *part = &parts.list[i];
		if (strcmp(part->now, part->wanted) == 0)
			continue;
		part->written = write_one(tree, part->file, part->wanted) == 0;
		if (part->written)
			continue;
		int error = errno;
		explain(part, reason, size);
		take_back(tree, &parts);
		errno = error;
		return -1;
	}
	return 0;
}
