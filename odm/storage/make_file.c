/* A new repository's file: made under another name, so that it is whole when it has its own. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/opening.h"

static int make_catalogue(const char *file)
{
	AUTO_DATABASE sqlite3 *database = NULL;

	if (sqlite3_open_v2(file, &database, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
		return odm_fail_sqlite(database);
	return format_make(database);
}

/* The mode first: SQLite gives it to the files that it makes beside this one. */
static int make_empty(const char *file, mode_t mode)
{
	AUTO_CLOSE int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0 || fchmod(fd, mode | 0600) < 0)
		return odm_fail_errno(errno, ODMI_OPEN_ERR);
	return 0;
}

int repository_make_file(const char *file, mode_t mode)
{
	static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
	AUTO_FREE char *temporary = NULL;

	if (asprintf(&temporary, "%s.%d", file, (int)getpid()) < 0)
		return odm_fail(ODMI_MALLOC_ERR);
	/* What a process of that number left that was killed here. */
	unlink(temporary);
	int result = make_empty(temporary, mode);
	if (result == 0)
		result = make_catalogue(temporary);
	if (result == 0 && chmod(temporary, mode) < 0)
		result = odm_fail_errno(errno, ODMI_OPEN_ERR);
	if (result == 0 && link(temporary, file) < 0 && errno != EEXIST)
		result = odm_fail_errno(errno, ODMI_OPEN_ERR);
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		AUTO_FREE char *left = NULL;
		if (asprintf(&left, "%s%s", temporary, suffixes[i]) >= 0)
			unlink(left);
	}
	return result;
}
