/* Device special files: made by methods, opened by applications. */
#include "client/special.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/root_file.h"
#include "client/client.h"
#include "wire/special_file.h"

static bool valid_name(const char *name)
{
	return name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL;
}

/* Written beside its place and renamed: nobody sees half of it. */
LIBKEX_API int special_file_make_for(
	const char *name, dev_t devno, mode_t mode, uid_t owner, gid_t group)
{
	clear_reason();
	if (!valid_name(name))
		return fail(EINVAL, "%s: not a special file's name", name);
	AUTO_CLOSE int directory = root_directory_open(ROOT_SPECIAL, true);
	AUTO_FREE char *new_name = NULL;
	if (directory < 0)
		return fail(errno, "%s", root_file_reason());
	if (asprintf(&new_name, "%s.new", name) < 0)
		return fail(ENOMEM, "out of memory");
	/* One that a command was cut off with may be open elsewhere. */
	unlinkat(directory, new_name, 0);
	AUTO_CLOSE int fd = openat(
		directory, new_name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 || dprintf(fd, SPECIAL_FILE_FORMAT, major(devno), minor(devno)) < 0 ||
		fchown(fd, owner, group) < 0 || fchmod(fd, mode) < 0 ||
		renameat(directory, new_name, directory, name) < 0) {
		fail(errno, "%s: %s", name, strerror(errno));
		unlinkat(directory, new_name, 0);
		return -1;
	}
	return 0;
}

LIBKEX_API int special_file_make(const char *name, dev_t devno, mode_t mode)
{
	return special_file_make_for(name, devno, mode, (uid_t)-1, (gid_t)-1);
}

LIBKEX_API int special_file_remove(const char *name)
{
	clear_reason();
	if (!valid_name(name))
		return fail(EINVAL, "%s: not a special file's name", name);
	AUTO_FREE char *path = root_path(ROOT_SPECIAL, name);
	if (path == NULL)
		return fail(ENOMEM, "out of memory");
	if (unlink(path) < 0 && errno != ENOENT)
		return fail(errno, "%s: %s", path, strerror(errno));
	return 0;
}

int special_file_open(const char *name, int oflag)
{
	if (!valid_name(name))
		return fail(EINVAL, "%s: not a special file's name", name);
	AUTO_FREE char *path = root_path(ROOT_SPECIAL, name);
	if (path == NULL)
		return fail(ENOMEM, "out of memory");
	int fd = open(path, (oflag & O_ACCMODE) | O_CLOEXEC);
	if (fd < 0)
		return fail(errno, "%s: %s", path, strerror(errno));
	return fd;
}

LIBKEX_API int special_file_read(const char *name, int oflag, dev_t *devno)
{
	clear_reason();
	AUTO_CLOSE int fd = special_file_open(name, oflag);
	if (fd < 0)
		return -1;
	if (special_file_parse(fd, devno) < 0)
		return fail(errno, "%s: not a device special file", name);
	return 0;
}
