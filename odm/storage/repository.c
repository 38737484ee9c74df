/*
 * Repositories: which directories, and those of them that are open. A class is found on the path,
 * which is what makes a repository be opened.
 */
#include "storage/repository.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/paths.h"
#include "storage/opening.h"
#include "storage/thread.h"

/* Open repositories; under the library's lock, as all of this file. */
static struct repository *repositories;
static char *path_set;
static int permissions = 0644;

LIBODM_API int odm_set_perms(int new_permissions)
{
	LIBRARY_LOCKED;
	int old = permissions;

	permissions = new_permissions & 0777;
	return old;
}

char *repository_directory(void)
{
	const char *directory = path_set != NULL ? path_set : getenv("ODMDIR");

	return directory != NULL && *directory != '\0' ? strdup(directory)
						       : root_path(ROOT_OBJREPOS, NULL);
}

int repository_set_directory(const char *directory)
{
	char *copy = strdup(directory);

	if (copy == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	free(path_set);
	path_set = copy;
	return 0;
}

static void repository_free(struct repository **repository)
{
	if (*repository == NULL)
		return;
	sqlite3_finalize((*repository)->find_class);
	sqlite3_close((*repository)->database);
	free((*repository)->directory);
	free(*repository);
}

/* A log without its file holds what SQLite would throw away to begin anew. */
static int find_no_log(const char *file)
{
	struct stat status;
	AUTO_FREE char *log = NULL;

	if (asprintf(&log, "%s-wal", file) < 0)
		return odm_fail(ODMI_MALLOC_ERR);
	return stat(log, &status) == 0 && status.st_size > 0 ? odm_fail(ODMI_INVALID_CLASS) : 0;
}

/* An empty file is no new repository: those appear whole. */
static int find_file(const char *directory, const char *file, bool create)
{
	struct stat status;

	if (stat(directory, &status) < 0)
		return errno == ENOENT ? odm_fail(ODMI_INVALID_PATH)
				       : odm_fail_errno(errno, ODMI_OPEN_ERR);
	if (stat(file, &status) == 0)
		return S_ISREG(status.st_mode) && status.st_size > 0 ? 0
								     : odm_fail(ODMI_INVALID_CLASS);
	if (errno != ENOENT)
		return odm_fail_errno(errno, ODMI_OPEN_ERR);
	if (find_no_log(file) < 0)
		return -1;
	return create ? repository_make_file(file, (mode_t)permissions) : odm_fail(ODMI_CLASS_DNE);
}

static void enter_sorted(struct repository *repository)
{
	struct repository **link = &repositories;

	while (*link != NULL && strcmp((*link)->directory, repository->directory) < 0)
		link = &(*link)->next;
	repository->next = *link;
	*link = repository;
}

static struct repository *repository_open(const char *directory, bool create)
{
	for (struct repository *open = repositories; open != NULL; open = open->next)
		if (strcmp(open->directory, directory) == 0)
			return open;

	AUTO_FREE char *file = NULL;
	AUTO(repository_free) struct repository *repository = calloc(1, sizeof(*repository));
	if (repository == NULL || (repository->directory = strdup(directory)) == NULL ||
		asprintf(&file, "%s/odm.db", directory) < 0) {
		odm_fail(ODMI_MALLOC_ERR);
		return NULL;
	}
	if (find_file(directory, file, create) < 0 || connection_open(repository, file) < 0 ||
		recovery_finish(repository, repository_open) < 0 || nesting_join(repository) < 0)
		return NULL;
	enter_sorted(repository);
	return TAKE(repository);
}

int repository_recover(struct repository *repository)
{
	return recovery_finish(repository, repository_open);
}

struct repository *repository_first(bool create)
{
	AUTO_FREE char *directory = repository_directory();
	if (directory == NULL) {
		odm_fail(ODMI_MALLOC_ERR);
		return NULL;
	}
	return repository_open(directory, create);
}

int repository_has_class(struct repository *repository, const char *class_name)
{
	sqlite3_stmt **statement = &repository->find_class;

	if (*statement == NULL && repository_prepare(repository,
					  "SELECT 1 FROM odm_class WHERE name = ?1", statement) < 0)
		return -1;
	if (sqlite3_bind_text(*statement, 1, class_name, -1, SQLITE_STATIC) != SQLITE_OK)
		return odm_fail_sqlite(repository->database);
	int step = sqlite3_step(*statement);
	int error = step == SQLITE_ROW || step == SQLITE_DONE
			    ? 0
			    : odm_fail_sqlite(repository->database);
	sqlite3_reset(*statement);
	sqlite3_clear_bindings(*statement);
	if (step == SQLITE_DONE)
		odm_fail(ODMI_CLASS_DNE);
	return error < 0 ? -1 : step == SQLITE_ROW;
}

/* That of the first repository is what failed when no other one has the class either. */
struct repository *repository_of_class(const char *class_name)
{
	struct repository *first = repository_first(false);

	if (first != NULL && repository_has_class(first, class_name) == 1)
		return first;
	int error = odmerrno;
	const char *path = path_set == NULL ? getenv("ODMPATH") : NULL;
	AUTO_FREE char *directories = strdup(path != NULL ? path : "");
	char *rest = directories;
	for (char *directory = strsep(&rest, ":"); directory != NULL;
		directory = strsep(&rest, ":")) {
		if (*directory == '\0')
			continue;
		struct repository *repository = repository_open(directory, false);
		if (repository != NULL && repository_has_class(repository, class_name) == 1)
			return repository;
	}
	odm_fail(error);
	return NULL;
}

struct repository *repository_list(void)
{
	return repositories;
}

struct repository *repository_all(void)
{
	repository_of_class("");
	return repositories;
}

void repository_close(const char *directory)
{
	struct repository **link = &repositories;

	while (*link != NULL && strcmp((*link)->directory, directory) != 0)
		link = &(*link)->next;
	struct repository *gone = *link;
	if (gone == NULL)
		return;
	*link = gone->next;
	repository_free(&gone);
}

void repository_close_all(void)
{
	while (repositories != NULL) {
		struct repository *gone = repositories;
		repositories = gone->next;
		repository_free(&gone);
	}
	free(path_set);
	path_set = NULL;
}
