/* A tree of kernel attributes, read and written beneath the descriptor of its root. */
#include "sysfs/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* How often a call that a signal or a rename interrupted is made before that is an error. */
#define TRIES 1000

/* The link that leads from a device of a class to what it is a part of. */
#define DEVICE "device/"

/*
 * Whatever a link says, nothing outside of the tree is opened. The kernel gives EAGAIN when
 * something was renamed or mounted anywhere while it followed "..", as most links have it.
 */
static int open_from(int directory, const char *path, int flags)
{
	const struct open_how how = {.flags = (uint64_t)(unsigned)flags | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
	int file = -1;

	for (int i = 0; i < TRIES && file < 0 && (i == 0 || errno == EAGAIN); i++)
		file = (int)syscall(SYS_openat2, directory, path, &how, sizeof(how));
	return file;
}

/* What is behind the way to a place: NULL when the path does not go there. */
static const char *behind(const char *place, const char *path)
{
	size_t length = strlen(place);

	return strncmp(path, place, length) == 0 && path[length] == '/' ? path + length + 1 : NULL;
}

/* A link of a directory that is open may lead out of it, and stay in the tree. */
static int open_beneath(const struct sysfs_tree *tree, const char *path, int flags)
{
	for (const struct sysfs_place *place = tree->place; place != NULL; place = place->outer) {
		const char *rest = behind(place->path, path);
		if (rest == NULL && place->canonical[0] != '\0')
			rest = behind(place->canonical, path);
		if (rest == NULL || strncmp(rest, DEVICE, strlen(DEVICE)) == 0)
			continue;
		int file = open_from(place->directory, rest, flags);
		if (file >= 0 || errno != EXDEV)
			return file;
	}
	return open_from(tree->root, path, flags);
}

static ssize_t read_file(const struct sysfs_tree *tree, const char *path, void *room, size_t size)
{
	AUTO_CLOSE int file = open_beneath(tree, path, O_RDONLY | O_NONBLOCK);
	size_t length = 0;
	ssize_t count = file >= 0 ? 1 : -1;

	/* What does not fill the room is all: the kernel gives no part of a value. */
	while (count > 0 && length < size) {
		size_t wanted = size - length;
		count = read(file, (char *)room + length, wanted);
		if (count > 0)
			length += (size_t)count;
		if (count > 0 && (size_t)count < wanted)
			break;
	}
	return count < 0 ? -1 : (ssize_t)length;
}

static int write_file(
	const struct sysfs_tree *tree, const char *path, const void *value, size_t length)
{
	AUTO_CLOSE int file = open_beneath(tree, path, O_WRONLY | O_TRUNC | O_NOFOLLOW);
	ssize_t count = file >= 0 ? write(file, value, length) : -1;

	if (count >= 0 && (size_t)count != length) {
		errno = EIO;
		return -1;
	}
	return count < 0 ? -1 : 0;
}

const struct sysfs_access sysfs_files = {read_file, write_file, NULL};

/* What the kernel calls an open file. */
static int file_name(int file, char *room, size_t size)
{
	char link[64];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", file);
	ssize_t length = readlink(link, room, size - 1);
	if (length < 0)
		return -1;
	if ((size_t)length == size - 1) {
		errno = ENAMETOOLONG;
		return -1;
	}
	room[length] = '\0';
	return 0;
}

/* How long the name of the tree's root is, without a slash at its end. */
static int root_length(const struct sysfs_tree *tree, size_t *length)
{
	char root[SYSFS_PATH];

	if (file_name(tree->root, root, sizeof(root)) < 0)
		return -1;
	*length = strcmp(root, "/") == 0 ? 0 : strlen(root);
	return 0;
}

/* Where an open file is in the tree. */
static int file_place(const struct sysfs_tree *tree, int file, char room[SYSFS_PATH])
{
	char name[2 * SYSFS_PATH];
	size_t prefix = tree->root_length;

	if ((prefix == 0 && root_length(tree, &prefix) < 0) ||
		file_name(file, name, sizeof(name)) < 0)
		return -1;
	const char *relative = name[prefix] == '/' ? name + prefix + 1 : ".";
	if (strlen(relative) >= SYSFS_PATH) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(room, relative);
	return 0;
}

int sysfs_open(struct sysfs_tree *tree, const char *root)
{
	*tree = (struct sysfs_tree){.access = &sysfs_files};
	tree->root = open(root != NULL ? root : "/sys", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (tree->root < 0)
		return -1;
	if (root_length(tree, &tree->root_length) == 0)
		return 0;
	sysfs_close(tree);
	return -1;
}

void sysfs_close(struct sysfs_tree *tree)
{
	auto_close(&tree->root);
	tree->root = -1;
}

/* What a signal interrupted is read from its beginning again. */
ssize_t sysfs_read_bytes(const struct sysfs_tree *tree, const char *path, void *room, size_t size)
{
	ssize_t length = -1;

	for (int i = 0; i < TRIES && length < 0 && (i == 0 || errno == EINTR); i++)
		length = tree->access->read(tree, path, room, size);
	return length;
}

ssize_t sysfs_read(const struct sysfs_tree *tree, const char *path, char *room, size_t size)
{
	ssize_t length = sysfs_read_bytes(tree, path, room, size - 1);

	if (length < 0)
		return -1;
	if (length > 0 && room[length - 1] == '\n')
		length--;
	room[length] = '\0';
	return length;
}

/* A name with a slash first is beneath the tree's root. */
static int join(char path[SYSFS_PATH], const char *directory, const char *name)
{
	if (*name == '/' && snprintf(path, SYSFS_PATH, "%s", name + 1) < SYSFS_PATH)
		return 0;
	if (*name != '/' && snprintf(path, SYSFS_PATH, "%s/%s", directory, name) < SYSFS_PATH)
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

ssize_t sysfs_read_at(
	const struct sysfs_tree *tree, const char *path, const char *name, char *room, size_t size)
{
	char joined[SYSFS_PATH];

	return join(joined, path, name) == 0 ? sysfs_read(tree, joined, room, size) : -1;
}

int sysfs_read_number(
	const struct sysfs_tree *tree, const char *path, const char *name, long long *number)
{
	char value[64], *end;

	if (sysfs_read_at(tree, path, name, value, sizeof(value)) < 0)
		return -1;
	errno = 0;
	*number = strtoll(value, &end, 0);
	if (end == value || *end != '\0')
		errno = EINVAL;
	return errno == 0 ? 0 : -1;
}

int sysfs_write(const struct sysfs_tree *tree, const char *path, const char *value)
{
	char line[SYSFS_VALUE];
	int length = snprintf(line, sizeof(line), "%s\n", value);

	if (length >= (int)sizeof(line)) {
		errno = E2BIG;
		return -1;
	}
	int written = -1;
	for (int i = 0; i < TRIES && written < 0 && (i == 0 || errno == EINTR); i++)
		written = tree->access->write(tree, path, line, (size_t)length);
	return written;
}

int sysfs_write_at(
	const struct sysfs_tree *tree, const char *path, const char *name, const char *value)
{
	char joined[SYSFS_PATH];

	return join(joined, path, name) == 0 ? sysfs_write(tree, joined, value) : -1;
}

int sysfs_mode(const struct sysfs_tree *tree, const char *path, const char *name, mode_t *mode)
{
	char joined[SYSFS_PATH];
	struct stat status;

	if (join(joined, path, name) < 0)
		return -1;
	AUTO_CLOSE int file = open_beneath(tree, joined, O_PATH);
	if (file < 0 || fstat(file, &status) < 0)
		return -1;
	*mode = status.st_mode;
	return 0;
}

bool sysfs_exists(const struct sysfs_tree *tree, const char *path)
{
	AUTO_CLOSE int file = open_beneath(tree, path, O_PATH);

	return file >= 0;
}

void sysfs_names_release(struct sysfs_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->names[i]);
	free(names->names);
	*names = (struct sysfs_names){0};
}

static int add_name(struct sysfs_names *names, const char *name)
{
	/* Room grows at the powers of two. */
	if ((names->count & (names->count - 1)) == 0) {
		size_t room = names->count > 0 ? 2 * names->count : 1;
		char **longer = realloc(names->names, room * sizeof(*longer));
		if (longer == NULL)
			return -1;
		names->names = longer;
	}
	names->names[names->count] = strdup(name);
	return names->names[names->count] != NULL ? (names->count++, 0) : -1;
}

/* Of two names the shorter word comes first, so that sdb is before sdaa; numbers count as such. */
static int compare_names(const void *one, const void *other)
{
	const char *a = *(char *const *)one, *b = *(char *const *)other;
	size_t a_word = strcspn(a, "0123456789"), b_word = strcspn(b, "0123456789");

	if (a_word != b_word)
		return a_word < b_word ? -1 : 1;
	return strverscmp(a, b);
}

static void close_directory(DIR **directory)
{
	if (*directory != NULL)
		closedir(*directory);
}

int sysfs_list(const struct sysfs_tree *tree, const char *path, struct sysfs_names *names)
{
	*names = (struct sysfs_names){0};
	int file = open_beneath(tree, path, O_RDONLY | O_DIRECTORY);
	if (file < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	AUTO(close_directory) DIR *directory = fdopendir(file);
	if (directory == NULL) {
		close(file);
		return -1;
	}
	for (const struct dirent *entry; (errno = 0, entry = readdir(directory)) != NULL;)
		if (entry->d_name[0] != '.' && add_name(names, entry->d_name) < 0)
			break;
	if (errno != 0) {
		int error = errno;
		sysfs_names_release(names);
		errno = error;
		return -1;
	}
	if (names->count > 0)
		qsort(names->names, names->count, sizeof(*names->names), compare_names);
	return 0;
}

int sysfs_resolve(const struct sysfs_tree *tree, const char *path, char room[SYSFS_PATH])
{
	AUTO_CLOSE int file = open_beneath(tree, path, O_PATH);

	return file >= 0 ? file_place(tree, file, room) : -1;
}

int sysfs_enter(const struct sysfs_tree *tree, const char *path, struct sysfs_place *place)
{
	place->tree = *tree;
	place->outer = tree->place;
	place->directory = -1;
	if (snprintf(place->path, sizeof(place->path), "%s", path) >= (int)sizeof(place->path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	place->directory = open_beneath(tree, path, O_PATH | O_DIRECTORY);
	place->canonical[0] = '\0';
	place->tree.place = place;
	return place->directory >= 0 ? 0 : -1;
}

int sysfs_find_place(struct sysfs_place *place)
{
	return file_place(&place->tree, place->directory, place->canonical);
}

void sysfs_leave(struct sysfs_place *place)
{
	auto_close(&place->directory);
	place->directory = -1;
}

int sysfs_link_name(
	const struct sysfs_tree *tree, const char *path, const char *name, char *room, size_t size)
{
	char joined[SYSFS_PATH], target[2 * SYSFS_PATH];

	if (join(joined, path, name) < 0)
		return -1;
	AUTO_CLOSE int file = open_beneath(tree, joined, O_PATH | O_NOFOLLOW);
	ssize_t length = file >= 0 ? readlinkat(file, "", target, sizeof(target) - 1) : -1;
	if (length < 0)
		return -1;
	target[length] = '\0';
	const char *slash = strrchr(target, '/');
	if (snprintf(room, size, "%s", slash != NULL ? slash + 1 : target) < (int)size)
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}
