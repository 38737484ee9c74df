/* From the mount of / down to the disks. */
#include "root_devices.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* Maps on maps end somewhere. */
#define DEEPEST 16

/* What mountinfo says of a mount that is not of a block device's own number, as btrfs is. */
static bool mounted_number(const char *line, unsigned *major_number, unsigned *minor_number)
{
	const char *rest = strstr(line, " - ");
	char source[256];
	struct stat status;

	if (rest == NULL || sscanf(rest, " - %*s %255s", source) != 1 ||
		stat(source, &status) < 0 || !S_ISBLK(status.st_mode))
		return false;
	*major_number = major(status.st_rdev);
	*minor_number = minor(status.st_rdev);
	return true;
}

/* The number of the block device that / is on; the last mount is what is seen. */
static bool root_number(unsigned *major_number, unsigned *minor_number)
{
	AUTO_FCLOSE FILE *file = fopen("/proc/self/mountinfo", "re");
	AUTO_FREE char *line = NULL;
	size_t room = 0;
	bool found = false;

	while (file != NULL && getline(&line, &room, file) > 0) {
		unsigned one, other;
		char place[8];
		if (sscanf(line, "%*s %*s %u:%u %*s %7s", &one, &other, place) != 3 ||
			strcmp(place, "/") != 0)
			continue;
		found = one != 0 || mounted_number(line, &one, &other);
		*major_number = one;
		*minor_number = other;
	}
	return found;
}

static int visit_block(const struct sysfs_tree *tree, const char *path, int depth,
	int (*visit)(const char *block, void *closure), void *closure)
{
	AUTO(sysfs_names_release) struct sysfs_names slaves = {0};
	char directory[SYSFS_PATH], below[SYSFS_PATH];

	if (depth > DEEPEST || sysfs_resolve(tree, path, directory) < 0)
		return 0;
	/* A partition's disk is above it. */
	if (snprintf(below, sizeof(below), "%s/partition", directory) >= (int)sizeof(below))
		return 0;
	char *name = strrchr(directory, '/');
	if (name != NULL && sysfs_exists(tree, below)) {
		*name = '\0';
		name = strrchr(directory, '/');
	}
	if (name == NULL)
		return 0;
	int result = visit(name + 1, closure);
	if (result != 0 ||
		snprintf(below, sizeof(below), "%s/slaves", directory) >= (int)sizeof(below) ||
		sysfs_list(tree, below, &slaves) < 0)
		return result;
	for (size_t i = 0; i < slaves.count && result == 0; i++)
		if (snprintf(below, sizeof(below), "%s/slaves/%s", directory, slaves.names[i]) <
			(int)sizeof(below))
			result = visit_block(tree, below, depth + 1, visit, closure);
	return result;
}

int root_devices_visit(const struct sysfs_tree *tree,
	int (*visit)(const char *block, void *closure), void *closure)
{
	unsigned major_number, minor_number;
	char path[64];

	if (!root_number(&major_number, &minor_number))
		return 0;
	snprintf(path, sizeof(path), "dev/block/%u:%u", major_number, minor_number);
	return visit_block(tree, path, 0, visit, closure);
}

static int is_same(const char *block, void *wanted)
{
	return strcmp(block, wanted) == 0;
}

bool root_devices_have(const struct sysfs_tree *tree, const char *block)
{
	char name[64];

	snprintf(name, sizeof(name), "%s", block);
	return root_devices_visit(tree, is_same, name) == 1;
}
