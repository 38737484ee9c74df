/* Checks that a descriptor is of a special file of this root, and what it was opened for. */
#include "kexd/special.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/device.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.h"
#include "wire/special_file.h"

/* Whether only root and the host's own user can make files there. */
static bool is_safe(int directory)
{
	struct stat status;

	return fstat(directory, &status) == 0 &&
	       (status.st_uid == 0 || status.st_uid == geteuid()) &&
	       (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* The name in the root's special directory that the file is open by. False: it is elsewhere. */
static bool find_name(int fd, const char *special_directory, char name[SPECIAL_NAME])
{
	char link[64];
	AUTO_FREE char *path = malloc(PATH_MAX);
	AUTO_FREE char *directory = realpath(special_directory, NULL);

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t length = path != NULL ? readlink(link, path, PATH_MAX - 1) : -1;
	if (length < 0 || directory == NULL)
		return false;
	path[length] = '\0';
	char *slash = strrchr(path, '/');
	if (slash == NULL || strlen(slash + 1) >= SPECIAL_NAME)
		return false;
	strcpy(name, slash + 1);
	*slash = '\0';
	return strcmp(path, directory) == 0;
}

/*
 * Whether the descriptor is of the very file that has this name here: a path is what the client's
 * mounts say it is, and a file of its own may have any.
 */
static bool is_named(int fd, const char *special_directory, const char *name)
{
	struct stat passed, named;
	AUTO_CLOSE int directory =
		open(special_directory, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return directory >= 0 && is_safe(directory) &&
	       fstatat(directory, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(named.st_mode) && fstat(fd, &passed) == 0 && passed.st_dev == named.st_dev &&
	       passed.st_ino == named.st_ino;
}

/* Access mode 3 is for ioctl only, and a descriptor that is a mere name was opened for nothing. */
static bool was_opened_for(int mode, int flags)
{
	int access = mode & O_ACCMODE;

	if ((flags & DREAD) && access != O_RDONLY && access != O_RDWR)
		return false;
	if ((flags & DWRITE) && access != O_WRONLY && access != O_RDWR)
		return false;
	return flags & (DREAD | DWRITE);
}

int special_check(int fd, int flags, dev_t *devno, char name[SPECIAL_NAME])
{
	AUTO_FREE char *special_directory = root_path(ROOT_SPECIAL, NULL);
	int mode = fd < 0 ? -1 : fcntl(fd, F_GETFL);

	if (special_directory == NULL)
		return ENOMEM;
	/* Whoever may not read or write a file can have a descriptor for its path. */
	if (mode < 0 || (mode & O_PATH))
		return EBADF;
	if (!find_name(fd, special_directory, name) || !is_named(fd, special_directory, name))
		return ENXIO;
	if (!was_opened_for(mode, flags))
		return EACCES;
	return special_file_parse(fd, devno) < 0 ? errno : 0;
}
