/* A repository copied to a file and back, by SQLite's backup interface. */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <odmx.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/foreign.h"
#include "catalogue/catalogue.h"
#include "copies.h"
#include "history.h"
#include "storage/thread.h"
#include "transactions/changes.h"
#include "transactions/transaction.h"

static int report(FILE *errors, const char *file)
{
	foreign_printf(errors, "%s: %s\n", file, odm_error_text(odmerrno));
	return -1;
}

static int open_file(const char *file, int flags, sqlite3 **database)
{
	if (sqlite3_open_v2(file, database, flags, NULL) != SQLITE_OK)
		return odm_fail_sqlite(*database);
	sqlite3_busy_timeout(*database, BUSY_MILLISECONDS);
	return 0;
}

/* In one step: the copy is one state of the source. */
static int copy(sqlite3 *to, sqlite3 *from)
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");

	if (backup == NULL)
		return odm_fail_sqlite(to);
	int step;
	/* Another process's write lock on the destination is not waited for by the step itself. */
	for (int tries = 0; tries < BUSY_MILLISECONDS / 10; tries++) {
		step = sqlite3_backup_step(backup, -1);
		if (step != SQLITE_BUSY && step != SQLITE_LOCKED)
			break;
		sqlite3_sleep(10);
	}
	if (sqlite3_backup_finish(backup) != SQLITE_OK || step != SQLITE_DONE)
		return odm_fail_sqlite(to);
	return 0;
}

/* A copy is a single file: without a write-ahead log. */
static int make_single_file(sqlite3 *database)
{
	if (sqlite3_exec(database, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return odm_fail_sqlite(database);
}

static int sync_path(const char *path, int flags)
{
	AUTO_CLOSE int fd = open(path, flags | O_CLOEXEC);

	return fd >= 0 && fsync(fd) == 0 ? 0 : odm_fail_errno(errno, ODMI_OPEN_ERR);
}

int backup_sync_file(const char *file)
{
	return sync_path(file, O_RDONLY);
}

int backup_sync_directory(const char *file)
{
	AUTO_FREE char *directory = strdup(file);
	char *slash = directory != NULL ? strrchr(directory, '/') : NULL;

	if (slash != NULL)
		slash[slash == directory] = '\0';
	return sync_path(slash != NULL ? directory : ".", O_RDONLY | O_DIRECTORY);
}

int backup_give_mode(const char *file, const char *directory)
{
	AUTO_FREE char *original = NULL;
	struct stat status;

	if (asprintf(&original, "%s/odm.db", directory) < 0)
		return odm_fail(ODMI_MALLOC_ERR);
	if (stat(original, &status) < 0 || chmod(file, status.st_mode & 0666) < 0)
		return odm_fail_errno(errno, ODMI_CLASS_PERMS);
	if (geteuid() == 0 && chown(file, status.st_uid, status.st_gid) < 0)
		return odm_fail_errno(errno, ODMI_CLASS_PERMS);
	return 0;
}

/* Drops what is not wanted in a copy: the history, and the classes that don't match. */
static int keep_classes(sqlite3 *database, const char *pattern)
{
	AUTO(text_release) struct text sql = {0};
	AUTO_FINALIZE sqlite3_stmt *rows = NULL;

	if (sqlite3_prepare_v2(database, "SELECT name FROM odm_class", -1, &rows, NULL) !=
		SQLITE_OK)
		return odm_fail_sqlite(database);
	while (sqlite3_step(rows) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(rows, 0);
		if (fnmatch(pattern, name, 0) != 0)
			text_printf(&sql,
				"DROP TABLE \"%s\"; DELETE FROM odm_class WHERE name = '%s';"
				"DELETE FROM odm_descriptor WHERE class = '%s';"
				"DELETE FROM odm_index WHERE class = '%s';",
				name, name, name, name);
	}
	sqlite3_reset(rows);
	text_append(&sql, "DELETE FROM odm_history; DELETE FROM odm_changeset; VACUUM");
	if (sql.failed)
		return odm_fail(ODMI_MALLOC_ERR);
	if (sqlite3_exec(database, sql.data, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return odm_fail_sqlite(database);
}

static int write_copy(sqlite3 *from, const char *file, const char *pattern)
{
	AUTO_DATABASE sqlite3 *to = NULL;

	if (open_file(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &to) < 0 ||
		copy(to, from) < 0)
		return -1;
	if (pattern != NULL && keep_classes(to, pattern) < 0)
		return -1;
	return make_single_file(to);
}

int backup_write(sqlite3 *from, const char *file)
{
	return write_copy(from, file, NULL);
}

/* The file appears whole or not at all. */
static int write_backup(sqlite3 *from, const char *file, const char *pattern)
{
	AUTO_FREE char *temporary = NULL;

	if (asprintf(&temporary, "%s.tmp", file) < 0)
		return odm_fail(ODMI_MALLOC_ERR);
	unlink(temporary);
	int result = write_copy(from, temporary, pattern);
	if (result == 0)
		result = backup_sync_file(temporary);
	if (result == 0 && rename(temporary, file) < 0)
		result = odm_fail_errno(errno, ODMI_CLASS_PERMS);
	if (result == 0)
		return backup_sync_directory(file);
	unlink(temporary);
	return -1;
}

LIBODM_API int odm_backup_classes(const char *file, const char *pattern, FILE *errors)
{
	LIBRARY_LOCKED;
	if (file == NULL || errors == NULL)
		return odm_fail(ODMI_PARAMS);
	struct stat status;

	/* The file is replaced: a device or a directory may not be. */
	if (lstat(file, &status) == 0 && !S_ISREG(status.st_mode)) {
		foreign_printf(errors, "%s: is there and is no regular file\n", file);
		return odm_fail(ODMI_PARAMS);
	}
	struct repository *repository = repository_first(false);
	if (repository == NULL || !format_has_history(repository))
		return report(errors, "the repository");
	return write_backup(repository->database, file, pattern) < 0 ? report(errors, file) : 0;
}

LIBODM_API int odm_backup(const char *file, FILE *errors)
{
	return odm_backup_classes(file, NULL, errors);
}

/* A kept copy is checked by its seal first, which shows what SQLite's check does not see. */
static int open_backup(const char *file, sqlite3 **database, FILE *errors)
{
	struct seal seal;

	if (copy_is_named_so(file) && access(file, R_OK) == 0 && !seal_check(file, &seal)) {
		foreign_printf(errors,
			"%s: is damaged: it is not as it was when it was saved; odmcfg backup "
			"--list shows the good copies\n",
			file);
		return odm_fail(ODMI_INVALID_CLASS);
	}
	if (open_file(file, SQLITE_OPEN_READONLY, database) == 0 &&
		format_check_file(*database) == 0)
		return 0;
	return report(errors, file);
}

static const char *const file_suffixes[] = {"-wal", "-shm", ""};
#define FILE_SUFFIXES (sizeof(file_suffixes) / sizeof(*file_suffixes))

/* A name for what is damaged that neither a file nor what belongs to one has. */
static char *unused_name(const char *directory)
{
	char *name = NULL;

	for (int number = 1;; number++) {
		bool taken = false;
		int length = number == 1
				     ? asprintf(&name, "%s/damaged-odm.db", directory)
				     : asprintf(&name, "%s/damaged-odm-%d.db", directory, number);
		for (size_t i = 0; length >= 0 && i < FILE_SUFFIXES; i++) {
			AUTO_FREE char *path = NULL;
			taken = taken || asprintf(&path, "%s%s", name, file_suffixes[i]) < 0 ||
				access(path, F_OK) == 0;
		}
		if (length < 0)
			return NULL;
		if (!taken)
			return name;
		free(name);
	}
}

/*
 * A file that can't be opened is kept under another name, and a new one is made. The log is renamed
 * first: without its file it is still recognised.
 */
int backup_put_aside(const char *directory, FILE *errors)
{
	AUTO_FREE char *name = unused_name(directory);

	if (name == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	for (size_t i = 0; i < FILE_SUFFIXES; i++) {
		AUTO_FREE char *from = NULL, *to = NULL;
		if (asprintf(&from, "%s/odm.db%s", directory, file_suffixes[i]) < 0 ||
			asprintf(&to, "%s%s", name, file_suffixes[i]) < 0)
			return odm_fail(ODMI_MALLOC_ERR);
		if (rename(from, to) < 0 && errno != ENOENT) {
			foreign_printf(errors, "%s: %s\n", from, strerror(errno));
			return odm_fail_errno(errno, ODMI_CLASS_PERMS);
		}
	}
	foreign_printf(errors, "what was damaged is kept as %s\n", name);
	return 0;
}

/* What is to be restored may be written, and not be in a transaction. */
static int check_free(const struct repository *repository, FILE *errors)
{
	if (repository != NULL && repository->writable && repository->depth == 0)
		return 0;
	if (repository != NULL)
		odm_fail(repository->writable ? ODMI_PARAMS : ODMI_CLASS_PERMS);
	return report(errors, "the repository");
}

static struct repository *repository_to_restore(FILE *errors)
{
	struct repository *repository = repository_first(true);
	AUTO_FREE char *directory = repository_directory();

	if (repository == NULL && odmerrno == ODMI_INVALID_CLASS && directory != NULL &&
		backup_put_aside(directory, errors) == 0)
		repository = repository_first(true);
	return check_free(repository, errors) == 0 ? repository : NULL;
}

LIBODM_API int odm_restore(const char *file, FILE *errors)
{
	LIBRARY_LOCKED;
	if (file == NULL || errors == NULL)
		return odm_fail(ODMI_PARAMS);
	AUTO_DATABASE sqlite3 *from = NULL;
	AUTO_FREE char *before = NULL;

	if (open_backup(file, &from, errors) < 0)
		return -1;
	struct repository *repository = repository_to_restore(errors);
	if (repository == NULL)
		return -1;
	if (asprintf(&before, "%s/before-restore.db", repository->directory) < 0)
		return odm_fail(ODMI_MALLOC_ERR);
	if (write_backup(repository->database, before, NULL) < 0)
		return report(errors, before);
	class_forget_all();
	changes_release(repository);
	if (copy(repository->database, from) < 0 || format_check(repository) < 0)
		return report(errors, "the repository");
	return 0;
}

/* The descriptors of a class in an attached database and in the repository are the same. */
static int check_form(struct repository *repository, const char *name, FILE *errors)
{
	AUTO_FINALIZE sqlite3_stmt *row = NULL;

	if (repository_prepare(repository,
		    "SELECT count(*) FROM (SELECT * FROM base.odm_descriptor WHERE class = ?1"
		    " EXCEPT SELECT * FROM main.odm_descriptor)",
		    &row) < 0)
		return -1;
	sqlite3_bind_text(row, 1, name, -1, SQLITE_STATIC);
	if (sqlite3_step(row) != SQLITE_ROW)
		return odm_fail_sqlite(repository->database);
	if (sqlite3_column_int(row, 0) == 0)
		return 0;
	foreign_printf(
		errors, "class %s is not in the repository, or has another form there\n", name);
	return odm_fail(ODMI_INVALID_CLASS);
}

static int replace_objects(struct repository *repository, void *errors)
{
	AUTO(text_release) struct text sql = {0};
	AUTO_FINALIZE sqlite3_stmt *rows = NULL;

	if (repository_prepare(repository, "SELECT name FROM base.odm_class", &rows) < 0)
		return -1;
	while (sqlite3_step(rows) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(rows, 0);
		if (check_form(repository, name, errors) < 0)
			return -1;
		text_printf(&sql,
			"DELETE FROM main.\"%s\"; INSERT INTO main.\"%s\" SELECT * FROM "
			"base.\"%s\";",
			name, name, name);
	}
	sqlite3_reset(rows);
	text_append(&sql, ";");
	return repository_execute_text(repository, &sql);
}

LIBODM_API int odm_restore_classes(const char *file, FILE *errors)
{
	LIBRARY_LOCKED;
	if (file == NULL || errors == NULL)
		return odm_fail(ODMI_PARAMS);
	AUTO_DATABASE sqlite3 *checked = NULL;
	AUTO_FINALIZE sqlite3_stmt *attach = NULL;

	if (open_backup(file, &checked, errors) < 0)
		return -1;
	struct repository *repository = repository_first(false);
	if (check_free(repository, errors) < 0)
		return -1;
	if (repository_prepare(repository, "ATTACH ?1 AS base", &attach) < 0)
		return report(errors, file);
	sqlite3_bind_text(attach, 1, file, -1, SQLITE_STATIC);
	if (sqlite3_step(attach) != SQLITE_DONE) {
		odm_fail_sqlite(repository->database);
		return report(errors, file);
	}
	sqlite3_reset(attach);
	int result = changes_record(repository, replace_objects, errors);
	if (result < 0)
		report(errors, "nothing was restored");
	int error = odmerrno;
	repository_execute(repository, "DETACH base");
	return result < 0 ? odm_fail(error) : 0;
}
