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

/* SQLite's limit for a path has no error of its own. */
static int fail_open(const struct repository *repository, const char *file)
{
	AUTO_FREE char *whole = realpath(file, NULL);

	if (whole == NULL)
		return odm_fail_errno(errno, ODMI_OPEN_ERR);
	if (strlen(whole) + sizeof("-journal") > (size_t)sqlite3_vfs_find(NULL)->mxPathname)
		return odm_fail(ODMI_PATH_LENGTH);
	return odm_fail_sqlite(repository->database);
}

static int open_database(struct repository *repository, const char *file)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;

	if (eaccess(file, R_OK) < 0)
		return odm_fail_errno(errno, ODMI_CLASS_PERMS);
	repository->writable = eaccess(file, W_OK) == 0;
	if (!repository->writable)
		flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
	if (sqlite3_open_v2(file, &repository->database, flags, NULL) != SQLITE_OK)
		return fail_open(repository, file);
	wait_prepare(repository);
	checkpoint_prepare(repository);
	/*
	 * 16 MB of cache: the upper levels of a million objects' indexes, and a thousand of them.
	 * With any limit the last connection empties the log that it leaves: what a failed commit
	 * wrote there does not come back.
	 */
	if (repository_execute(repository, "PRAGMA synchronous = FULL; PRAGMA cache_size = -16000;"
					   "PRAGMA journal_size_limit = 67108864") < 0)
		return -1;
	return catalogue_check(repository);
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
	if (find_file(directory, file, create) < 0 || open_database(repository, file) < 0 ||
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

int repository_has_class(struct repository *repository, const char *class_name)
{
	AUTO_FINALIZE sqlite3_stmt *statement = NULL;

	if (repository_prepare(repository, "SELECT 1 FROM odm_class WHERE name = ?1", &statement) <
		0)
		return -1;
	if (sqlite3_bind_text(statement, 1, class_name, -1, SQLITE_STATIC) != SQLITE_OK)
		return odm_fail_sqlite(repository->database);
	switch (sqlite3_step(statement)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		odm_fail(ODMI_CLASS_DNE);
		return 0;
	default:
		return odm_fail_sqlite(repository->database);
	}
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

void auto_database(sqlite3 **database)
{
	sqlite3_close(*database);
}
