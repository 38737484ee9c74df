/* Opening the root's directories and files, each of which has to be trusted. */
#include "base/root_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include "base/trust.h"

static _Thread_local char reason[PATH_MAX + TRUST_WHY + 64];

const char *root_file_reason(void)
{
	return reason;
}

/* Notes the reason; returns -1 with errno as given. */
static int refuse(int error, const char *path, const char *format, ...) PRINTF_LIKE(3, 4);
static int refuse(int error, const char *path, const char *format, ...)
{
	va_list arguments;
	int length = snprintf(reason, sizeof(reason) - TRUST_WHY, "%s: ", path != NULL ? path : "");

	if (length < 0 || (size_t)length >= sizeof(reason) - TRUST_WHY)
		length = (int)strlen(reason);
	va_start(arguments, format);
	vsnprintf(reason + length, sizeof(reason) - (size_t)length, format, arguments);
	va_end(arguments);
	errno = error;
	return -1;
}

static bool check_status(const struct stat *status, const char *path)
{
	char why[TRUST_WHY];

	return file_trusted(status, why) || refuse(EPERM, path, "it %s", why) == 0;
}

static bool check_trust(int fd, const char *path)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return refuse(errno, path, "%s", strerror(errno)) == 0;
	return check_status(&status, path);
}

static bool is_private_root(void)
{
	const char *named = getenv("ODMCFG_ROOT");

	return named != NULL && *named != '\0';
}

/* One that is not there is nobody's. */
static bool check_directory(const char *path)
{
	struct stat status;

	return stat(path, &status) < 0 || !S_ISDIR(status.st_mode) || check_status(&status, path);
}

bool root_directories_trusted(const enum root_directory *directories, size_t count)
{
	bool trusted = true;

	for (size_t i = 0; i < count && trusted; i++) {
		AUTO_FREE char *path = root_path(directories[i], NULL);
		if (path == NULL)
			return refuse(ENOMEM, NULL, "there is not enough memory") == 0;
		char *slash = strrchr(path, '/');
		if (i == 0 && is_private_root()) {
			*slash = '\0';
			trusted = check_directory(path);
			*slash = '/';
		}
		trusted = trusted && check_directory(path);
	}
	return trusted;
}

/* A directory that is trusted; *fd is what it is found below, and replaced by it. */
static int enter(int *fd, const char *name, const char *path, bool make)
{
	if (make && mkdirat(*fd, name, 0755) < 0 && errno != EEXIST)
		return refuse(errno, path, "%s", strerror(errno));
	int entered = openat(*fd, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (entered < 0)
		return refuse(errno, path, "%s", strerror(errno));
	auto_close(fd);
	*fd = entered;
	return check_trust(entered, path) ? 0 : -1;
}

/* The private root itself, when there is one: who may write it may replace all that is in it. */
static int enter_private_root(int *fd, char *directory, bool make)
{
	if (!is_private_root())
		return 0;

	char *slash = strrchr(directory, '/');
	*slash = '\0';
	if (make && make_directories(directory) < 0)
		return refuse(errno, directory, "%s", strerror(errno));
	int result = enter(fd, directory, directory, false);
	*slash = '/';
	return result;
}

int root_directory_open(enum root_directory directory, bool make)
{
	AUTO_FREE char *path = root_path(directory, NULL);
	AUTO_CLOSE int fd = AT_FDCWD;
	if (path == NULL)
		return refuse(ENOMEM, NULL, "there is not enough memory");

	if (enter_private_root(&fd, path, make) < 0)
		return -1;
	bool alone = fd == AT_FDCWD;
	if (alone && make && make_directories(path) < 0)
		return refuse(errno, path, "%s", strerror(errno));
	if (enter(&fd, alone ? path : strrchr(path, '/') + 1, path, make && !alone) < 0)
		return -1;
	int entered = fd;
	fd = -1;
	return entered;
}

static const char *kind_of(mode_t mode)
{
	return S_ISLNK(mode)    ? "is a symbolic link"
	       : S_ISFIFO(mode) ? "is a FIFO"
	       : S_ISDIR(mode)  ? "is a directory"
	       : S_ISSOCK(mode) ? "is a socket"
				: "is a device";
}

/* What can't be opened, by what it is if that is why. */
static int refuse_file(int directory_fd, const char *file, const char *path)
{
	int error = errno;
	struct stat status;

	if (fstatat(directory_fd, file, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
		!S_ISREG(status.st_mode))
		return refuse(error, path, "it %s, where a file is expected; remove it",
			kind_of(status.st_mode));
	return refuse(error, path, "%s", strerror(error));
}

int root_file_open(enum root_directory directory, const char *file, int flags, mode_t mode)
{
	AUTO_FREE char *path = root_path(directory, file);
	AUTO_CLOSE int directory_fd = root_directory_open(directory, (flags & O_CREAT) != 0);
	struct stat status;
	if (directory_fd < 0)
		return -1;

	/* What is there is looked at before it is cut to nothing. */
	AUTO_CLOSE int fd = openat(directory_fd, file,
		(flags & ~O_TRUNC) | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, mode);
	if (fd < 0 || fstat(fd, &status) < 0)
		return refuse_file(directory_fd, file, path);
	if (!S_ISREG(status.st_mode)) {
		errno = EINVAL;
		return refuse_file(directory_fd, file, path);
	}
	if (!check_trust(fd, path))
		return -1;
	if ((flags & O_TRUNC) != 0 && ftruncate(fd, 0) < 0)
		return refuse(errno, path, "%s", strerror(errno));
	int opened = fd;
	fd = -1;
	return opened;
}

FILE *root_file_read(enum root_directory directory, const char *file)
{
	AUTO_CLOSE int fd = root_file_open(directory, file, O_RDONLY, 0);
	FILE *stream = fd >= 0 ? fdopen(fd, "r") : NULL;

	if (stream != NULL)
		fd = -1;
	return stream;
}

int root_file_remove(enum root_directory directory, const char *file)
{
	AUTO_FREE char *path = root_path(directory, file);
	AUTO_CLOSE int directory_fd = root_directory_open(directory, false);

	if (directory_fd < 0)
		return errno == ENOENT ? 0 : -1;
	if (unlinkat(directory_fd, file, 0) < 0 && errno != ENOENT)
		return refuse(errno, path, "%s", strerror(errno));
	return 0;
}
