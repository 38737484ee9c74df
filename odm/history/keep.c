/*
 * Keeps the newest good copies of a repository beside it: one is made when something was written
 * since the newest, it is checked, and the oldest beyond those that are kept go.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <odmx.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/foreign.h"
#include "copies.h"
#include "history.h"
#include "storage/thread.h"

/* What a process leaves that is killed while it writes a copy has its number in its name. */
#define TEMPORARY "saved-odm.db."

static int report(FILE *errors, const char *file)
{
	foreign_printf(errors, "%s: no copy was kept: %s\n", file, odm_error_text(odmerrno));
	return -1;
}

/* A page that was damaged before is in the copy, too: such a copy would displace a good one. */
static int check_copy(const char *file)
{
	AUTO_DATABASE sqlite3 *database = NULL;

	if (sqlite3_open_v2(file, &database, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
		return odm_fail_sqlite(database);
	return format_check_file(database);
}

/* A number that no copy has, for the name of a whole one. */
static int give_name(const char *temporary, const char *directory, int number)
{
	for (;; number++) {
		AUTO_FREE char *file = copy_file(directory, number);
		if (file == NULL)
			return odm_fail(ODMI_MALLOC_ERR);
		if (renameat2(AT_FDCWD, temporary, AT_FDCWD, file, RENAME_NOREPLACE) == 0)
			return backup_sync_directory(file);
		if (errno != EEXIST)
			return odm_fail_errno(errno, ODMI_CLASS_PERMS);
	}
}

/* The same state once more: the newest copy gets its date and keeps its number. */
static int renew(const char *temporary, const char *directory, const struct copy *newest)
{
	AUTO_FREE char *file = copy_file(directory, newest->number);

	if (file == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	if (rename(temporary, file) < 0)
		return odm_fail_errno(errno, ODMI_CLASS_PERMS);
	return backup_sync_directory(file);
}

/* The empty file has its mode before anything is in it. */
static int make_empty(const char *temporary, const char *directory)
{
	unlink(temporary);
	AUTO_CLOSE int fd =
		open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	return fd < 0 ? odm_fail_errno(errno, ODMI_OPEN_ERR)
		      : backup_give_mode(temporary, directory);
}

/* 1 when a copy came to the others, 0 when it is the newest one again, -1 and odmerrno. */
static int write_copy(
	struct repository *repository, const struct copies *copies, const char *temporary)
{
	const struct copy *newest = copies_newest(copies);
	int highest = copies->count > 0 ? copies->list[0].number : 0;
	struct timespec now;

	/* The clock that files' times are of. */
	clock_gettime(CLOCK_REALTIME_COARSE, &now);
	if (make_empty(temporary, repository->directory) < 0 ||
		backup_write(repository->database, temporary) < 0 || check_copy(temporary) < 0)
		return -1;
	int same = newest != NULL ? seal_same(temporary, &newest->seal) : 0;
	if (same < 0 || seal_append(temporary, now) < 0 || backup_sync_file(temporary) < 0)
		return -1;
	if (same)
		return renew(temporary, repository->directory, newest);
	return give_name(temporary, repository->directory, highest + 1) < 0 ? -1 : 1;
}

/* Those that are older than the oldest that is kept, damaged or not. */
static int remove_old(const char *directory)
{
	AUTO(copies_release) struct copies copies = {0};
	int good = 0;

	if (copies_find(&copies, directory) < 0)
		return -1;
	for (int i = 0; i < copies.count; i++) {
		AUTO_FREE char *file = copy_file(directory, copies.list[i].number);
		if (file != NULL && good >= COPIES_KEPT)
			unlink(file);
		good += copies.list[i].good;
	}
	return 0;
}

static void close_directory(DIR **directory)
{
	if (*directory != NULL)
		closedir(*directory);
}

/* What processes left that are gone. */
static void remove_temporaries(const char *directory)
{
	AUTO(close_directory) DIR *entries = opendir(directory);
	const struct dirent *entry;

	while (entries != NULL && (entry = readdir(entries)) != NULL) {
		if (strncmp(entry->d_name, TEMPORARY, sizeof(TEMPORARY) - 1) != 0)
			continue;
		int writer = atoi(entry->d_name + sizeof(TEMPORARY) - 1);
		if (writer > 0 && kill(writer, 0) < 0 && errno == ESRCH)
			unlinkat(dirfd(entries), entry->d_name, 0);
	}
}

static int keep(struct repository *repository, const struct copies *copies, FILE *errors)
{
	AUTO_FREE char *temporary = NULL;

	if (asprintf(&temporary, "%s/" TEMPORARY "%d", repository->directory, (int)getpid()) < 0)
		return odm_fail(ODMI_MALLOC_ERR);
	remove_temporaries(repository->directory);
	int kept = write_copy(repository, copies, temporary);
	if (kept < 0) {
		int error = odmerrno;
		unlink(temporary);
		odm_fail(error);
		return report(errors, repository->directory);
	}
	if (kept > 0 && remove_old(repository->directory) < 0)
		return report(errors, repository->directory);
	return kept;
}

LIBODM_API int odm_keep_copy(FILE *errors)
{
	LIBRARY_LOCKED;
	if (errors == NULL)
		return odm_fail(ODMI_PARAMS);
	AUTO(copies_release) struct copies copies = {0};
	struct repository *repository = repository_first(false);

	if (repository == NULL || copies_find(&copies, repository->directory) < 0)
		return report(errors, "the repository");
	const struct copy *newest = copies_newest(&copies);
	if (newest != NULL && !copy_written_since(repository->directory, newest->seal.time))
		return 0;
	return keep(repository, &copies, errors);
}

LIBODM_API int odm_copies(odm_copy_visitor *visit, void *closure)
{
	LIBRARY_LOCKED;
	AUTO(copies_release) struct copies copies = {0};
	AUTO_FREE char *directory = repository_directory();
	int result = 0;

	if (visit == NULL || directory == NULL)
		return odm_fail(visit == NULL ? ODMI_PARAMS : ODMI_MALLOC_ERR);
	if (copies_find(&copies, directory) < 0)
		return -1;
	for (int i = 0; i < copies.count && result == 0; i++) {
		AUTO_FREE char *file = copy_file(directory, copies.list[i].number);
		struct odm_copy copy = {.file = file,
			.good = copies.list[i].good,
			.time = copies.list[i].seal.time.tv_sec};
		if (file == NULL)
			return odm_fail(ODMI_MALLOC_ERR);
		result = visit(&copy, closure);
	}
	return result;
}
