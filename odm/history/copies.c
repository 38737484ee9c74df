/* Finds the kept copies of a repository: saved-odm-NUMBER.db, the newest with the highest number.
 */
#include "copies.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "storage/error.h"
#include "storage/sqlite.h"

char *copy_file(const char *directory, int number)
{
	char *file = NULL;

	return asprintf(&file, "%s/saved-odm-%d.db", directory, number) < 0 ? NULL : file;
}

/* The number of a name; 0: it is none of a copy. */
static int copy_number(const char *name)
{
	char again[64];
	int number = 0;

	if (sscanf(name, "saved-odm-%9d.db", &number) != 1 || number <= 0)
		return 0;
	snprintf(again, sizeof(again), "saved-odm-%d.db", number);
	return strcmp(again, name) == 0 ? number : 0;
}

bool copy_is_named_so(const char *file)
{
	const char *slash = strrchr(file, '/');

	return copy_number(slash != NULL ? slash + 1 : file) > 0;
}

static int enter(struct copies *copies, int number)
{
	struct copy *list =
		realloc(copies->list, (size_t)(copies->count + 1) * sizeof(*copies->list));

	if (list == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	copies->list = list;
	list[copies->count++] = (struct copy){.number = number};
	return 0;
}

static void close_directory(DIR **directory)
{
	if (*directory != NULL)
		closedir(*directory);
}

static int by_number(const void *left, const void *right)
{
	return ((const struct copy *)right)->number - ((const struct copy *)left)->number;
}

int copies_find(struct copies *copies, const char *directory)
{
	AUTO(close_directory) DIR *entries = opendir(directory);
	const struct dirent *entry;

	if (entries == NULL)
		return odm_fail_errno(errno, ODMI_OPEN_ERR);
	while ((entry = readdir(entries)) != NULL) {
		int number = copy_number(entry->d_name);
		if (number > 0 && enter(copies, number) < 0)
			return -1;
	}
	if (copies->count > 0)
		qsort(copies->list, (size_t)copies->count, sizeof(*copies->list), by_number);
	for (int i = 0; i < copies->count; i++) {
		AUTO_FREE char *file = copy_file(directory, copies->list[i].number);
		if (file == NULL)
			return odm_fail(ODMI_MALLOC_ERR);
		copies->list[i].good = seal_check(file, &copies->list[i].seal);
	}
	return 0;
}

void copies_release(struct copies *copies)
{
	free(copies->list);
	*copies = (struct copies){0};
}

const struct copy *copies_newest(const struct copies *copies)
{
	for (int i = 0; i < copies->count; i++)
		if (copies->list[i].good)
			return &copies->list[i];
	return NULL;
}

/* In the tick of the clock in which the state was read anything may have happened. */
static bool changed_since(const char *file, bool log, struct timespec time)
{
	struct stat status;

	if (stat(file, &status) < 0)
		return !log || errno != ENOENT;
	if (log && status.st_size == 0)
		return false;
	return status.st_mtim.tv_sec > time.tv_sec ||
	       (status.st_mtim.tv_sec == time.tv_sec && status.st_mtim.tv_nsec >= time.tv_nsec);
}

bool copy_written_since(const char *directory, struct timespec time)
{
	AUTO_FREE char *file = NULL, *log = NULL;

	if (asprintf(&file, "%s/odm.db", directory) < 0 ||
		asprintf(&log, "%s/odm.db-wal", directory) < 0)
		return true;
	return changed_since(file, false, time) || changed_since(log, true, time);
}
