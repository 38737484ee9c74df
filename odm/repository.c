/* Repositories: which directories, and the SQLite file in each. */
#include "odm_private.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.h"

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

LIBODM_API char *odm_set_path(char *new_path)
{
	LIBRARY_LOCKED;
	struct stat status;
	if (new_path == NULL || stat(new_path, &status) < 0 || !S_ISDIR(status.st_mode)) {
		odm_fail(ODMI_INVALID_PATH);
		return ODM_FAILED;
	}
	AUTO_FREE char *old = repository_directory();
	char *copy = strdup(new_path);
	if (old == NULL || copy == NULL) {
		free(copy);
		odm_fail(ODMI_MALLOC_ERR);
		return ODM_FAILED;
	}
	free(path_set);
	path_set = copy;
	class_forget_all();
	return TAKE(old);
}

int repository_execute(struct repository *repository, const char *sql)
{
	if (sqlite3_exec(repository->database, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return odm_fail_sqlite(repository->database);
}

int repository_execute_text(struct repository *repository, const struct text *sql)
{
	return sql->failed ? odm_fail(ODMI_MALLOC_ERR) : repository_execute(repository, sql->data);
}

int repository_prepare(struct repository *repository, const char *sql, sqlite3_stmt **statement)
{
	if (sqlite3_prepare_v2(repository->database, sql, -1, statement, NULL) == SQLITE_OK)
		return 0;
	return odm_fail_sqlite(repository->database);
}

static void repository_free(struct repository **repository)
{
	if (*repository == NULL)
		return;
	changes_release(&(*repository)->changes);
	sqlite3_close((*repository)->database);
	free((*repository)->directory);
	free(*repository);
}

static int open_database(struct repository *repository, const char *file, bool create)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;

	if (eaccess(file, R_OK) < 0)
		return odm_fail(ODMI_CLASS_PERMS);
	repository->writable = eaccess(file, W_OK) == 0;
	if (!repository->writable)
		flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
	if (sqlite3_open_v2(file, &repository->database, flags, NULL) != SQLITE_OK)
		return odm_fail_sqlite(repository->database);
	sqlite3_busy_timeout(repository->database, BUSY_MILLISECONDS);
	checkpoint_prepare(repository->database);
	/* 16 MB of cache: the upper levels of a million objects' indexes, and a thousand of them.
	 */
	if (repository_execute(
		    repository, "PRAGMA synchronous = FULL; PRAGMA cache_size = -16000") < 0)
		return -1;
	return catalogue_check(repository, create);
}

/* The file itself, so that it has the mode that odm_set_perms says. */
static int make_file(const char *file)
{
	FILE *made = fopen(file, "ax");

	if (made == NULL)
		return errno == EEXIST ? 0 : odm_fail(ODMI_CLASS_PERMS);
	int result = fchmod(fileno(made), (mode_t)permissions);
	if (fclose(made) != 0 || result < 0)
		return odm_fail(ODMI_NO_SPACE);
	return 0;
}

static int find_file(const char *directory, const char *file, bool create)
{
	if (access(directory, F_OK) < 0)
		return odm_fail(ODMI_INVALID_PATH);
	if (access(file, F_OK) == 0)
		return 0;
	return create ? make_file(file) : odm_fail(ODMI_CLASS_DNE);
}

static void enter_sorted(struct repository *repository)
{
	struct repository **link = &repositories;

	while (*link != NULL && strcmp((*link)->directory, repository->directory) < 0)
		link = &(*link)->next;
	repository->next = *link;
	*link = repository;
}

struct repository *repository_open(const char *directory, bool create)
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
	if (find_file(directory, file, create) < 0 || open_database(repository, file, create) < 0 ||
		pending_finish(repository) < 0 || transaction_join(repository) < 0)
		return NULL;
	enter_sorted(repository);
	return TAKE(repository);
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

bool repository_has_class(struct repository *repository, const char *class_name)
{
	AUTO_FINALIZE sqlite3_stmt *statement = NULL;

	return repository_prepare(
		       repository, "SELECT 1 FROM odm_class WHERE name = ?1", &statement) == 0 &&
	       sqlite3_bind_text(statement, 1, class_name, -1, SQLITE_STATIC) == SQLITE_OK &&
	       sqlite3_step(statement) == SQLITE_ROW;
}

struct repository *repository_of_class(const char *class_name)
{
	struct repository *first = repository_first(false);
	int error = odmerrno;
	if (first != NULL && repository_has_class(first, class_name))
		return first;
	if (first != NULL)
		error = ODMI_CLASS_DNE;

	const char *path = path_set == NULL ? getenv("ODMPATH") : NULL;
	AUTO_FREE char *directories = strdup(path != NULL ? path : "");
	char *rest = directories;
	for (char *directory = strsep(&rest, ":"); directory != NULL;
		directory = strsep(&rest, ":")) {
		if (*directory == '\0')
			continue;
		struct repository *repository = repository_open(directory, false);
		if (repository != NULL && repository_has_class(repository, class_name))
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

void auto_finalize(sqlite3_stmt **statement)
{
	sqlite3_finalize(*statement);
}
