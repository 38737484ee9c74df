/*
 * The format of a repository's file: the tables of its own, their version, their integrity. Tables
 * of classes are the catalogue's.
 */
#include <string.h>

#include "storage/opening.h"

#define APPLICATION_ID 0x4f444d31 /* "ODM1" */
#define SCHEMA_VERSION 3

static const char classes_schema[] =
	"CREATE TABLE odm_class (name TEXT PRIMARY KEY) WITHOUT ROWID;"
	"CREATE TABLE odm_descriptor (class TEXT, position INTEGER, name TEXT, type INTEGER,"
	" size INTEGER, linked_class TEXT, linked_column TEXT, PRIMARY KEY (class, position))"
	" WITHOUT ROWID;";

/* Version 2 added the indexes' definitions and the history. */
static const char history_schema[] =
	"CREATE TABLE odm_index (class TEXT, position INTEGER, columns TEXT,"
	" PRIMARY KEY (class, position)) WITHOUT ROWID;"
	"CREATE TABLE odm_history (id INTEGER PRIMARY KEY, time INTEGER, uid INTEGER, pid INTEGER,"
	" command TEXT, undoes INTEGER, changes BLOB, across INTEGER);"
	"CREATE INDEX odm_history_across ON odm_history (across) WHERE across IS NOT NULL;"
	"CREATE TABLE odm_pending (across INTEGER, directory TEXT, chunk INTEGER, changes BLOB);"
	"CREATE INDEX odm_history_undoes ON odm_history (undoes) WHERE undoes IS NOT NULL;"
	"CREATE TABLE odm_changeset (history INTEGER, chunk INTEGER, changes BLOB);"
	"CREATE INDEX odm_changeset_history ON odm_changeset (history, chunk);";

/*
 * Version 3 added the versions that the contents had: when each came, and after which entry of the
 * history. A repository of version 2 gets it with the first of them.
 */
static const char contents_schema[] =
	"CREATE TABLE odm_contents (version INTEGER PRIMARY KEY, time INTEGER, history INTEGER);";

static const char take_over_indexes[] =
	"INSERT INTO odm_index SELECT tbl_name, row_number() OVER"
	" (PARTITION BY tbl_name ORDER BY name) - 1, (SELECT group_concat('\"' || i.name || '\"')"
	" FROM pragma_index_info(m.name) AS i) FROM sqlite_master AS m"
	" WHERE m.type = 'index' AND tbl_name IN (SELECT name FROM odm_class);";

static int pragma_value(sqlite3 *database, const char *sql, int *value)
{
	AUTO_FINALIZE sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK ||
		sqlite3_step(statement) != SQLITE_ROW)
		return odm_fail_sqlite(database);
	*value = sqlite3_column_int(statement, 0);
	return 0;
}

static void append_version(struct text *sql)
{
	text_printf(sql, "PRAGMA application_id = %d; PRAGMA user_version = %d;", APPLICATION_ID,
		SCHEMA_VERSION);
}

int format_make(sqlite3 *database)
{
	AUTO(text_release) struct text sql = {0};

	text_append(&sql, "PRAGMA journal_mode = WAL; BEGIN;");
	text_append(&sql, classes_schema);
	text_append(&sql, history_schema);
	text_append(&sql, contents_schema);
	append_version(&sql);
	text_append(&sql, "COMMIT");
	if (sql.failed)
		return odm_fail(ODMI_MALLOC_ERR);
	if (sqlite3_exec(database, sql.data, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return odm_fail_sqlite(database);
}

static int upgrade_locked(struct repository *repository)
{
	AUTO(text_release) struct text sql = {0};
	int version = 0;

	if (pragma_value(repository->database, "PRAGMA user_version", &version) < 0)
		return -1;
	if (version == 1) {
		text_append(&sql, history_schema);
		text_append(&sql, contents_schema);
		text_append(&sql, take_over_indexes);
		append_version(&sql);
	}
	text_append(&sql, "COMMIT");
	return repository_execute_text(repository, &sql);
}

/* Of several processes that upgrade the file at once, one does. */
static int upgrade(struct repository *repository)
{
	if (repository_execute(repository, "PRAGMA journal_mode = WAL; BEGIN IMMEDIATE") < 0)
		return -1;
	if (upgrade_locked(repository) == 0)
		return 0;
	int error = odmerrno;
	repository_execute(repository, "ROLLBACK");
	return odm_fail(error);
}

int format_check(struct repository *repository)
{
	int version = 0, application = 0;

	if (pragma_value(repository->database, "PRAGMA user_version", &version) < 0 ||
		pragma_value(repository->database, "PRAGMA application_id", &application) < 0)
		return -1;
	if (application != APPLICATION_ID)
		return odm_fail(ODMI_INVALID_CLASS);
	repository->is_current = version == SCHEMA_VERSION;
	if (version == 1 && repository->writable)
		return upgrade(repository);
	return version <= SCHEMA_VERSION ? 0 : odm_fail(ODMI_VERSION_ERROR);
}

/* The version may be a higher one since it was opened. */
static bool is_of_version(struct repository *repository, int least)
{
	int version = 0;

	if (repository->is_current)
		return true;
	return pragma_value(repository->database, "PRAGMA user_version", &version) == 0 &&
	       version >= least;
}

bool format_has_history(struct repository *repository)
{
	return is_of_version(repository, 2);
}

bool format_has_contents(struct repository *repository)
{
	return is_of_version(repository, 3);
}

int format_add_contents(struct repository *repository)
{
	AUTO(text_release) struct text sql = {0};

	if (format_has_contents(repository))
		return 0;
	text_append(&sql, contents_schema);
	append_version(&sql);
	return repository_execute_text(repository, &sql);
}

int format_check_file(sqlite3 *database)
{
	AUTO_FINALIZE sqlite3_stmt *rows = NULL;
	int version = 0, application = 0;

	if (pragma_value(database, "PRAGMA user_version", &version) < 0 ||
		pragma_value(database, "PRAGMA application_id", &application) < 0)
		return -1;
	if (application != APPLICATION_ID || version < 1)
		return odm_fail(ODMI_INVALID_CLASS);
	if (version > SCHEMA_VERSION)
		return odm_fail(ODMI_VERSION_ERROR);
	if (sqlite3_prepare_v2(database, "PRAGMA integrity_check(1)", -1, &rows, NULL) !=
			SQLITE_OK ||
		sqlite3_step(rows) != SQLITE_ROW)
		return odm_fail_sqlite(database);
	bool sound = strcmp((const char *)sqlite3_column_text(rows, 0), "ok") == 0;
	return sound ? 0 : odm_fail(ODMI_INVALID_CLASS);
}
