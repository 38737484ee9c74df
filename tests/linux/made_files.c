/* Files, directories and links of a made tree. */
#include "made_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int root = -1;
static char root_name[MADE_PATH];

static void fail(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

void made_path(char *room, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	int length = vsnprintf(room, MADE_PATH, format, arguments);
	va_end(arguments);
	if (length < 0 || length >= MADE_PATH) {
		errno = ENAMETOOLONG;
		fail(room);
	}
}

void made_open(const char *directory)
{
	char found[PATH_MAX];

	if ((mkdir(directory, 0755) < 0 && errno != EEXIST) ||
		(root = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0 ||
		realpath(directory, found) == NULL)
		fail(directory);
	made_path(root_name, "%s", found);
}

void made_directory(const char *path)
{
	char part[MADE_PATH];

	if (mkdirat(root, path, 0755) == 0 || errno == EEXIST)
		return;
	for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		made_path(part, "%.*s", (int)(slash - path), path);
		if (mkdirat(root, part, 0755) < 0 && errno != EEXIST)
			fail(part);
	}
	if (mkdirat(root, path, 0755) < 0 && errno != EEXIST)
		fail(path);
}

/* The directory that files were made in last stays open: neighbours are in the same. */
static int enter(const char *directory)
{
	static char last_name[MADE_PATH];
	static int last = -1;
	struct stat status;

	if (last >= 0 && strcmp(directory, last_name) == 0 && fstat(last, &status) == 0 &&
		status.st_nlink > 0)
		return last;
	if (last >= 0)
		close(last);
	made_directory(directory);
	last = openat(root, directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (last < 0)
		fail(directory);
	made_path(last_name, "%s", directory);
	return last;
}

void made_bytes(const char *directory, const char *name, const void *bytes, size_t length)
{
	char path[MADE_PATH];
	const char *slash = strrchr(name, '/');

	made_path(path, "%s%s%.*s", directory, slash != NULL ? "/" : "",
		slash != NULL ? (int)(slash - name) : 0, name);
	int file = openat(enter(path), slash != NULL ? slash + 1 : name,
		O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (file < 0 || write(file, bytes, length) != (ssize_t)length || close(file) < 0)
		fail(name);
}

void made_file(const char *directory, const char *name, const char *value)
{
	char line[4096];
	int length = snprintf(line, sizeof(line), "%s\n", value);

	if (length >= (int)sizeof(line)) {
		errno = E2BIG;
		fail(name);
	}
	made_bytes(directory, name, line, (size_t)length);
}

void made_format(const char *directory, const char *name, const char *format, ...)
{
	char value[2048];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(value, sizeof(value), format, arguments);
	va_end(arguments);
	made_file(directory, name, value);
}

void made_link(const char *path, const char *target)
{
	char relative[2 * MADE_PATH] = "", parent[MADE_PATH];

	made_path(parent, "%s", path);
	char *slash = strrchr(parent, '/');
	if (slash != NULL) {
		*slash = '\0';
		made_directory(parent);
	}
	for (const char *place = path; (place = strchr(place, '/')) != NULL; place++)
		strcat(relative, "../");
	strcat(relative, target);
	if (unlinkat(root, path, 0) < 0 && errno != ENOENT)
		fail(path);
	if (symlinkat(relative, root, path) < 0)
		fail(path);
}

void made_link_in(const char *class, const char *name, const char *target)
{
	char path[MADE_PATH];

	made_path(path, "%s/%s", class, name);
	made_link(path, target);
}

void made_find(const char *class, const char *name, char *room)
{
	char path[2 * MADE_PATH], found[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s/%s", root_name, class, name);
	if (realpath(path, found) == NULL)
		fail(path);
	made_path(room, "%s", found + strlen(root_name) + 1);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static void remove_directory(const char *directory)
{
	char path[2 * MADE_PATH];

	snprintf(path, sizeof(path), "%s/%s", root_name, directory);
	if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) < 0)
		fail(path);
}

static void remove_link(const char *class, const char *name)
{
	char path[MADE_PATH];

	made_path(path, "%s/%s", class, name);
	if (unlinkat(root, path, 0) < 0 && errno != ENOENT)
		fail(path);
}

/* With a disk its device goes, which is two levels up. */
void made_remove_block(const char *name)
{
	char directory[MADE_PATH];

	made_find("block", name, directory);
	remove_link("block", name);
	remove_link("class/block", name);
	char *block = strstr(directory, "/block/");
	if (block != NULL && strstr(directory, "/virtual/") == NULL) {
		*block = '\0';
		const char *device = strrchr(directory, '/') + 1;
		remove_link("bus/scsi/devices", device);
		remove_link("class/scsi_device", device);
	}
	remove_directory(directory);
}
