/* The log file's size: kexd begins a new one, its workers follow. */
#include "wire/log_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/errids.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/root_file.h"
#include "wire/errlog.h"

/* Whether standard error is a file with enough in it, and whether it has the path. */
static bool is_full(const char *path, bool *named)
{
	struct stat mine, there;

	if (fstat(STDERR_FILENO, &mine) < 0 || !S_ISREG(mine.st_mode) ||
		mine.st_size < LOG_FILE_SIZE)
		return false;
	*named = lstat(path, &there) == 0 && there.st_dev == mine.st_dev &&
		 there.st_ino == mine.st_ino;
	return true;
}

/* Makes the log standard output and error, which both are it. */
static bool reopen(int flags)
{
	AUTO_CLOSE int fd = root_file_open(ROOT_LOG, "kexd.log", O_WRONLY | O_APPEND | flags, 0644);

	return fd >= 0 && dup2(fd, STDERR_FILENO) >= 0 && dup2(fd, STDOUT_FILENO) >= 0;
}

/* Whether it is time to look after the log, and to write what is left to say. */
static bool is_due(void)
{
	static int64_t due;
	int64_t now = clock_nanoseconds();

	if (now < due)
		return false;
	due = now + LOG_FILE_PERIOD * CLOCK_MILLISECOND;
	error_log_flush();
	return true;
}

void log_file_limit(void)
{
	AUTO_FREE char *path = root_path(ROOT_LOG, "kexd.log");
	AUTO_FREE char *old_path = root_path(ROOT_LOG, "kexd.log.1");
	bool named;

	if (!is_due() || path == NULL || old_path == NULL || !is_full(path, &named) || !named)
		return;
	if (rename(path, old_path) < 0 || !reopen(O_CREAT | O_EXCL))
		error_log("KEX_LOG", "kexd", "%s is full, and there is no new one: %s", path,
			strerror(errno));
}

void log_file_follow(void)
{
	AUTO_FREE char *path = root_path(ROOT_LOG, "kexd.log");
	bool named;

	if (is_due() && path != NULL && is_full(path, &named) && !named)
		reopen(0);
}
