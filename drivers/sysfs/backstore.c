/* What LIO has of a backstore: what identifies it, and what is set by its control file. */
#include "sysfs/backstore.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define CONTROL "/control/"

/* HBAs of backstores that programs serve have this name, and a number behind it. */
#define USER "/user_"

/* Before the number in what LIO says of it. */
#define SERIAL "T10 VPD Unit Serial Number: "

static const char *find_control(const char *path)
{
	return strncmp(path, BACKSTORES "/", strlen(BACKSTORES "/")) == 0 ? strstr(path, CONTROL)
									  : NULL;
}

bool backstore_is(const char *path)
{
	return find_control(path) != NULL;
}

ssize_t backstore_read(const struct sysfs_tree *tree, const char *path, void *room, size_t size)
{
	const char *control = find_control(path);
	char file[SYSFS_PATH];

	if (snprintf(file, sizeof(file), "%.*s/attrib/%s", (int)(control - path), path,
		    control + strlen(CONTROL)) >= (int)sizeof(file)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return sysfs_files.read(tree, file, room, size);
}

int backstore_write(const struct sysfs_tree *tree, const char *path, const void *value,
	size_t length, char *reason, size_t size)
{
	const char *control = find_control(path);
	const char *name = control + strlen(CONTROL);
	char file[SYSFS_PATH], line[SYSFS_VALUE];

	if (strncmp(path + strlen(BACKSTORES), USER, strlen(USER)) != 0) {
		snprintf(reason, size, "only of a backstore that a program serves it can be set");
		errno = EACCES;
		return -1;
	}
	int end = snprintf(line, sizeof(line), "%s=%.*s", name, (int)length, (const char *)value);
	if (end >= (int)sizeof(line) || snprintf(file, sizeof(file), "%.*s/control",
						(int)(control - path), path) >= (int)sizeof(file)) {
		errno = E2BIG;
		return -1;
	}
	if (sysfs_files.write(tree, file, line, (size_t)end) == 0)
		return 0;
	if (errno == EINVAL)
		snprintf(reason, size,
			"it is not valid, or the backstore is enabled and has it for good");
	return -1;
}

bool backstore_identity(
	const struct sysfs_tree *tree, const char *directory, char *room, size_t size)
{
	static const char start[] = BACKSTORES "/";
	char text[256];

	if (strncmp(directory, start, strlen(start)) != 0)
		return false;
	bool has_serial =
		sysfs_read_at(tree, directory, "wwn/vpd_unit_serial", text, sizeof(text)) > 0 &&
		strncmp(text, SERIAL, strlen(SERIAL)) == 0 && text[strlen(SERIAL)] != '\0';
	if (has_serial)
		snprintf(room, size, "lio.%s", text + strlen(SERIAL));
	else
		snprintf(room, size, "path.%s", directory + strlen(start));
	return true;
}
