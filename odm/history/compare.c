/*
 * Compares a repository with its newest copy, page by page: a disk that loses a bit changes no
 * date. SQLite's pages have no checksum; of what nobody wrote since, the copy is one.
 */
#include <errno.h>
#include <fcntl.h>
#include <odmx.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/foreign.h"
#include "copies.h"
#include "storage/repository.h"
#include "storage/thread.h"

#define PAGE 4096
/* SQLite's header: how the file is written, and counters of changes, are of each file its own. */
static void mask_header(char *page)
{
	static const struct {
		size_t at, length;
	} own[] = {{18, 2}, {24, 4}, {40, 4}, {92, 8}};

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		memset(page + own[i].at, 0, own[i].length);
}

/* Where a file and its copy have other bytes; -1 and odmerrno. The copy has its seal behind. */
static long count_differences(int file, int copy)
{
	AUTO_FREE char *left = malloc(PAGE), *right = malloc(PAGE);
	off_t size = lseek(file, 0, SEEK_END);
	long count = 0;

	if (left == NULL || right == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	if (size < 0)
		return odm_fail_errno(errno, ODMI_IO_ERR);
	for (off_t at = 0; at < size; at += PAGE) {
		ssize_t got = pread(file, left, PAGE, at);
		if (got < 0)
			return odm_fail_errno(errno, ODMI_IO_ERR);
		ssize_t wanted = pread(copy, right, (size_t)got, at);
		if (wanted < 0)
			return odm_fail_errno(errno, ODMI_IO_ERR);
		if (at == 0) {
			mask_header(left);
			mask_header(right);
		}
		count += wanted != got || memcmp(left, right, (size_t)got) != 0;
	}
	return count;
}

static long compare(const char *directory, const struct copy *newest, FILE *report)
{
	AUTO_FREE char *original = NULL, *copy = copy_file(directory, newest->number);

	if (copy == NULL || asprintf(&original, "%s/odm.db", directory) < 0)
		return odm_fail(ODMI_MALLOC_ERR);
	AUTO_CLOSE int left = open(original, O_RDONLY | O_CLOEXEC);
	AUTO_CLOSE int right = open(copy, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (left < 0 || right < 0)
		return odm_fail_errno(errno, ODMI_OPEN_ERR);
	long count = count_differences(left, right);
	/* Somebody wrote meanwhile. */
	if (count > 0 && copy_written_since(directory, newest->seal.time))
		return 0;
	if (count > 0)
		foreign_printf(report,
			"%s: pages that differ from those of %s, since when nothing was written: "
			"%ld\n",
			original, copy, count);
	return count;
}

static bool is_missing(const char *directory)
{
	AUTO_FREE char *file = NULL;

	return asprintf(&file, "%s/odm.db", directory) >= 0 && access(file, F_OK) < 0 &&
	       errno == ENOENT;
}

LIBODM_API int odm_compare_copy(FILE *report)
{
	LIBRARY_LOCKED;
	AUTO(copies_release) struct copies copies = {0};
	AUTO_FREE char *directory = repository_directory();

	if (report == NULL || directory == NULL)
		return odm_fail(report == NULL ? ODMI_PARAMS : ODMI_MALLOC_ERR);
	if (copies_find(&copies, directory) < 0)
		return -1;
	const struct copy *newest = copies_newest(&copies);
	if (newest != NULL && is_missing(directory))
		return odm_fail(ODMI_CLASS_DNE);
	if (newest == NULL || copy_written_since(directory, newest->seal.time))
		return 0;
	return (int)compare(directory, newest, report);
}
