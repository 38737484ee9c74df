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
static bool is_safe(const char *directory)
{
	struct stat status;

	return stat(directory, &status) == 0 &&
	       (status.st_uid == 0 || status.st_uid == geteuid()) &&
	       (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* The name in the root's special directory that the file is open by. False: it is elsewhere. */
static bool find_name(int fd, char name[SPECIAL_NAME])
{
	char link[64], path[PATH_MAX], directory[PATH_MAX];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t length = readlink(link, path, sizeof(path) - 1);
	AUTO_FREE char *special_directory = root_path(ROOT_SPECIAL, NULL);
	if (length < 0 || special_directory == NULL ||
		realpath(special_directory, directory) == NULL)
		return false;
	path[length] = '\0';
	char *slash = strrchr(path, '/');
	if (slash == NULL || strlen(slash + 1) >= SPECIAL_NAME)
		return false;
	strcpy(name, slash + 1);
	*slash = '\0';
	return strcmp(path, directory) == 0 && is_safe(directory);
}

int special_check(int fd, int flags, dev_t *devno, char name[SPECIAL_NAME])
{
	struct stat status;
	int mode = fcntl(fd, F_GETFL);

	if (fd < 0 || mode < 0 || fstat(fd, &status) < 0)
		return EBADF;
	if (!S_ISREG(status.st_mode) || !find_name(fd, name))
		return ENXIO;

	int access = mode & O_ACCMODE;
	if ((flags & DREAD) && access == O_WRONLY)
		return EACCES;
	if ((flags & DWRITE) && access == O_RDONLY)
		return EACCES;
	if (!(flags & (DREAD | DWRITE)))
		return EACCES;
	return special_file_parse(fd, devno) < 0 ? errno : 0;
}
