/* Repositories: which directories, and the SQLite file in each. */
#include "odm_private.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.h"

#define APPLICATION_ID 0x4f444d31 /* "ODM1" */
#define SCHEMA_VERSION 1
#define BUSY_MILLISECONDS 30000

/* Open repositories; under the library's lock, as all of this file. */
static struct repository *repositories;
static char *path_set;
static int permissions = 0644;

static const char schema[] =
	"CREATE TABLE odm_class (name TEXT PRIMARY KEY) WITHOUT ROWID;"
	"CREATE TABLE odm_descriptor (class TEXT, position INTEGER, name TEXT, type INTEGER,"
	" size INTEGER, linked_class TEXT, linked_column TEXT, PRIMARY KEY (class, position))"
	" WITHOUT ROWID;";

int repository_permissions(void)
{
	return permissions;
}

LIBODM_API int odm_set_perms(int new_permissions)
{
	LIBRARY_LOCKED;
	int old = permissions;

	permissions = new_permissions & 0777;
	return old;
}

/* The directory that comes first; to be freed. */
static char *first_directory(void)
{
	const char *directory = path_set != NULL ? path_set : getenv("ODMDIR");

	return directory != NULL && *directory != '\0' ? strdup(directory)
						       : root_path(ROOT_OBJREPOS, NULL);
}

LIBODM_API char *odm_set_path(char *new_path)
{
	LIBRARY_LOCKED;
	struct stat status;
	if (stat(new_path, &status) < 0 || !S_ISDIR(status.st_mode)) {
		odm_fail(ODMI_INVALID_PATH);
		return ODM_FAILED;
	}
	AUTO_FREE char *old = first_directory();
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

static int pragma_value(sqlite3 *database, const char *sql, int *value)
{
	AUTO_FINALIZE sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK ||
		sqlite3_step(statement) != SQLITE_ROW)
		return odm_fail_sqlite(database);
	*value = sqlite3_column_int(statement, 0);
	return 0;
}

/* A new file gets the catalogue; of several processes that make it, one does. */
static int make_catalogue(struct repository *repository)
{
	char pragmas[128];
	int version;

	if (repository_execute(repository, "PRAGMA journal_mode = WAL; BEGIN IMMEDIATE") < 0)
		return -1;
	if (pragma_value(repository->database, "PRAGMA user_version", &version) < 0)
		return -1;
	snprintf(pragmas, sizeof(pragmas), "PRAGMA application_id = %d; PRAGMA user_version = %d",
		APPLICATION_ID, SCHEMA_VERSION);
	if (version == 0 && (repository_execute(repository, schema) < 0 ||
				    repository_execute(repository, pragmas) < 0)) {
		int error = odmerrno;
		repository_execute(repository, "ROLLBACK");
		return odm_fail(error);
	}
	return repository_execute(repository, "COMMIT");
}

static int check_version(struct repository *repository, bool create)
{
	int version, application;

	if (pragma_value(repository->database, "PRAGMA user_version", &version) < 0)
		return -1;
	if (version == 0 && create)
		return make_catalogue(repository);
	if (pragma_value(repository->database, "PRAGMA application_id", &application) < 0)
		return -1;
	if (application != APPLICATION_ID)
		return odm_fail(ODMI_INVALID_CLASS);
	return version == SCHEMA_VERSION ? 0 : odm_fail(ODMI_VERSION_ERROR);
}

static void repository_free(struct repository **repository)
{
	if (*repository == NULL)
		return;
	sqlite3_close((*repository)->database);
	free((*repository)->directory);
	free(*repository);
}

static int open_database(struct repository *repository, const char *file, bool create)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
	bool writable = access(file, W_OK) == 0 || create;

	if (!writable)
		flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
	if (sqlite3_open_v2(file, &repository->database, flags, NULL) != SQLITE_OK)
		return odm_fail_sqlite(repository->database);
	sqlite3_busy_timeout(repository->database, BUSY_MILLISECONDS);
	if (writable && repository_execute(repository, "PRAGMA synchronous = FULL") < 0)
		return -1;
	return check_version(repository, create);
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
	if (access(directory, F_OK) < 0) {
		odm_fail(ODMI_INVALID_PATH);
		return NULL;
	}
	if (access(file, F_OK) < 0) {
		if (!create) {
			odm_fail(ODMI_CLASS_DNE);
			return NULL;
		}
		if (make_file(file) < 0)
			return NULL;
	}
	if (open_database(repository, file, create) < 0)
		return NULL;
	repository->next = repositories;
	repositories = repository;
	return TAKE(repository);
}

struct repository *repository_first(bool create)
{
	AUTO_FREE char *directory = first_directory();
	if (directory == NULL) {
		odm_fail(ODMI_MALLOC_ERR);
		return NULL;
	}
	return repository_open(directory, create);
}

static bool has_class(struct repository *repository, const char *class_name)
{
	AUTO_FINALIZE sqlite3_stmt *statement = NULL;

	return sqlite3_prepare_v2(repository->database, "SELECT 1 FROM odm_class WHERE name = ?1",
		       -1, &statement, NULL) == SQLITE_OK &&
	       sqlite3_bind_text(statement, 1, class_name, -1, SQLITE_STATIC) == SQLITE_OK &&
	       sqlite3_step(statement) == SQLITE_ROW;
}

struct repository *repository_of_class(const char *class_name)
{
	struct repository *first = repository_first(false);
	int error = odmerrno;
	if (first != NULL && has_class(first, class_name))
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
		if (repository != NULL && has_class(repository, class_name))
			return repository;
	}
	odm_fail(error);
	return NULL;
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
