/* What proc beside a tree's root says of mounts, swap space, routes and interrupts. */
#include "sysfs/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* How many interfaces may be made of each other. */
#define MAXIMUM_DEPTH 8

int proc_read(const struct sysfs_tree *tree, const char *file, struct text *text)
{
	char path[128];

	snprintf(path, sizeof(path), "../proc/%s", file);
	AUTO_CLOSE int fd = openat(tree->root, path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		return text_append_file(text, fd);
	bool missing = errno == ENOENT;
	if (missing)
		text_append(text, "");
	return missing && !text->failed ? 0 : -1;
}

int proc_write(const struct sysfs_tree *tree, const char *file, const void *value, size_t length)
{
	char path[128];

	snprintf(path, sizeof(path), "../proc/%s", file);
	AUTO_CLOSE int fd = openat(tree->root, path, O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC);
	ssize_t written = fd >= 0 ? write(fd, value, length) : -1;
	if (written >= 0 && (size_t)written != length) {
		errno = EIO;
		return -1;
	}
	return written < 0 ? -1 : 0;
}

/* Whether a line of a list of routes is the one to everywhere by the interface. */
static bool is_default_ipv4(const char *line, const char *interface)
{
	char name[64], destination[64];

	/* One to a half of everything, as tunnels have two of, is as good as one. */
	return sscanf(line, "%63s %63s", name, destination) == 2 && strcmp(name, interface) == 0 &&
	       strcmp(destination, "00000000") == 0;
}

static bool is_default_ipv6(const char *line, const char *interface)
{
	char name[64], destination[64], length[16];

	return sscanf(line, "%63s %15s %*s %*s %*s %*s %*s %*s %*s %63s", destination, length,
		       name) == 3 &&
	       strcmp(name, interface) == 0 && strcmp(length, "00") == 0;
}

static bool listed(const struct sysfs_tree *tree, const char *file, const char *interface,
	bool (*is_default)(const char *line, const char *interface))
{
	AUTO(text_release) struct text routes = {0};

	if (proc_read(tree, file, &routes) < 0)
		return false;
	char *rest = routes.data;
	for (const char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n"))
		if (is_default(line, interface))
			return true;
	return false;
}

static bool carries(
	const struct sysfs_tree *tree, const char *interface, char carrier[64], int depth)
{
	static const char upper[] = "upper_";
	AUTO(sysfs_names_release) struct sysfs_names names = {0};
	char path[128];

	if (listed(tree, "net/route", interface, is_default_ipv4) ||
		listed(tree, "net/ipv6_route", interface, is_default_ipv6)) {
		snprintf(carrier, 64, "%s", interface);
		return true;
	}
	snprintf(path, sizeof(path), "class/net/%.64s", interface);
	if (depth == MAXIMUM_DEPTH || sysfs_list(tree, path, &names) < 0)
		return false;
	for (size_t i = 0; i < names.count; i++)
		if (strncmp(names.names[i], upper, strlen(upper)) == 0 &&
			carries(tree, names.names[i] + strlen(upper), carrier, depth + 1))
			return true;
	return false;
}

bool proc_default_route(const struct sysfs_tree *tree, const char *interface, char carrier[64])
{
	return carries(tree, interface, carrier, 0);
}
