/* An entry of the history undone: its change sets inverted, and applied backwards. */
#include <odmx.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "catalogue/catalogue.h"
#include "history/history.h"
#include "storage/thread.h"
#include "transactions/changes.h"
#include "transactions/transaction.h"

struct undoing {
	struct repository *repository;
	sqlite3_int64 entry;
	FILE *errors;
	bool catalogue; /* the tables that are applied now: the catalogue's or the classes' */
};

static int wants_table(void *closure, const char *table)
{
	const struct undoing *undoing = closure;

	return undoing->catalogue == (strncmp(table, "odm_", 4) == 0);
}

struct changed_object {
	const char *table;
	sqlite3_int64 id;
};

static int find_change(const void *bytes, int count, void *closure)
{
	const struct changed_object *changed = closure;
	sqlite3_changeset_iter *change = NULL;
	const char *table;
	int found = 0;

	if (sqlite3changeset_start(&change, count, (void *)(uintptr_t)bytes) != SQLITE_OK)
		return odm_fail(ODMI_INVALID_CLASS);
	while (found == 0 && sqlite3changeset_next(change) == SQLITE_ROW)
		found = change_object_id(change, &table) == changed->id &&
			strcmp(table, changed->table) == 0;
	sqlite3changeset_finalize(change);
	return found;
}

/*
 * The newest entry that changed an object after the one being undone; 0 for none. One that was
 * undone, and the one that did it, left nothing.
 */
static sqlite3_int64 later_entry(const struct undoing *undoing, struct changed_object *changed)
{
	AUTO_FINALIZE sqlite3_stmt *rows = NULL;

	if (repository_prepare(undoing->repository,
		    "SELECT id FROM odm_history AS h WHERE id > ?1"
		    " AND (undoes IS NULL OR undoes <= ?1) AND NOT EXISTS"
		    " (SELECT 1 FROM odm_history AS u WHERE u.undoes = h.id AND NOT EXISTS"
		    " (SELECT 1 FROM odm_history AS r WHERE r.undoes = u.id)) ORDER BY id DESC",
		    &rows) < 0)
		return 0;
	sqlite3_bind_int64(rows, 1, undoing->entry);
	while (sqlite3_step(rows) == SQLITE_ROW) {
		sqlite3_int64 id = sqlite3_column_int64(rows, 0);
		if (history_changesets(undoing->repository, id, false, find_change, changed) == 1)
			return id;
	}
	return 0;
}

/* An upgrade of the contents changes objects without an entry: it does not keep from undoing. */
static int resolve_conflict(void *closure, int conflict, sqlite3_changeset_iter *change)
{
	const struct undoing *undoing = closure;
	struct changed_object changed;

	changed.id = change_object_id(change, &changed.table);
	sqlite3_int64 later = later_entry(undoing, &changed);
	if (conflict == SQLITE_CHANGESET_DATA && later == 0 &&
		contents_newer_than_entry(undoing->repository, undoing->entry))
		return SQLITE_CHANGESET_REPLACE;
	fprintf(undoing->errors, "object %lld of %s is not as entry %lld left it", changed.id,
		changed.table, undoing->entry);
	if (later != 0)
		fprintf(undoing->errors, ": entry %lld changed it since; undo that first", later);
	fputc('\n', undoing->errors);
	return SQLITE_CHANGESET_ABORT;
}

static int apply(struct undoing *undoing, void *bytes, int count, bool catalogue)
{
	struct repository *repository = undoing->repository;

	undoing->catalogue = catalogue;
	int result = sqlite3changeset_apply(
		repository->database, count, bytes, wants_table, resolve_conflict, undoing);
	if (result == SQLITE_ABORT)
		return odm_fail(ODMI_PARAMS);
	return result == SQLITE_OK ? 0 : odm_fail_sqlite(repository->database);
}

/* Visits the classes that an inverted change set creates or removes as a whole. */
static int for_each_class(struct undoing *undoing, void *bytes, int count, int wanted,
	int (*work)(struct undoing *, const char *class_name))
{
	sqlite3_changeset_iter *change = NULL;
	sqlite3_value *name;
	const char *table;
	int columns, operation, indirect, result = 0;

	if (sqlite3changeset_start(&change, count, bytes) != SQLITE_OK)
		return odm_fail(ODMI_INVALID_CLASS);
	while (result == 0 && sqlite3changeset_next(change) == SQLITE_ROW) {
		sqlite3changeset_op(change, &table, &columns, &operation, &indirect);
		if (strcmp(table, "odm_class") != 0 || operation != wanted)
			continue;
		if (operation == SQLITE_INSERT)
			sqlite3changeset_new(change, 0, &name);
		else
			sqlite3changeset_old(change, 0, &name);
		result = work(undoing, (const char *)sqlite3_value_text(name));
	}
	sqlite3changeset_finalize(change);
	return result;
}

static int make_table(struct undoing *undoing, const char *class_name)
{
	AUTO(text_release) struct text sql = {0};
	CLASS_SYMBOL symbol = class_read(undoing->repository, class_name);

	if (symbol == NULL)
		return -1;
	class_append_create(&sql, symbol);
	symbol_free(symbol);
	return repository_execute_text(undoing->repository, &sql);
}

static int drop_table(struct undoing *undoing, const char *class_name)
{
	AUTO_FINALIZE sqlite3_stmt *row = NULL;
	char sql[64 + MAX_ODMI_NAME];

	snprintf(sql, sizeof(sql), "SELECT 1 FROM \"%s\" LIMIT 1", class_name);
	if (repository_prepare(undoing->repository, sql, &row) < 0)
		return -1;
	if (sqlite3_step(row) == SQLITE_ROW) {
		fprintf(undoing->errors, "class %s has objects that were added since\n",
			class_name);
		return odm_fail(ODMI_PARAMS);
	}
	sqlite3_reset(row);
	class_forget_all();
	snprintf(sql, sizeof(sql), "DROP TABLE \"%s\"", class_name);
	return repository_execute(undoing->repository, sql);
}

/* Whether a class's table is there and has as many columns as the change set knows. */
static bool table_fits(struct repository *repository, const char *table, int columns)
{
	AUTO_FINALIZE sqlite3_stmt *rows = NULL;
	char sql[64 + MAX_ODMI_NAME];

	snprintf(sql, sizeof(sql), "SELECT * FROM \"%s\"", table);
	return repository_prepare(repository, sql, &rows) == 0 &&
	       sqlite3_column_count(rows) == columns;
}

/* Applying a change set leaves out tables that do not exist, without a word. */
static int check_tables(struct undoing *undoing, void *bytes, int count)
{
	sqlite3_changeset_iter *change = NULL;
	const char *table, *last = NULL;
	int columns, operation, indirect, result = 0;

	if (sqlite3changeset_start(&change, count, bytes) != SQLITE_OK)
		return odm_fail(ODMI_INVALID_CLASS);
	while (result == 0 && sqlite3changeset_next(change) == SQLITE_ROW) {
		sqlite3changeset_op(change, &table, &columns, &operation, &indirect);
		if (table != last && !table_fits(undoing->repository, table, columns)) {
			fprintf(undoing->errors, "class %s is gone, or has another form since\n",
				table);
			result = odm_fail(ODMI_PARAMS);
		}
		last = table;
	}
	sqlite3changeset_finalize(change);
	return result;
}

/* Classes are there before their objects, and gone after them. */
static int apply_inverted(struct undoing *undoing, void *bytes, int count)
{
	if (apply(undoing, bytes, count, true) < 0 ||
		for_each_class(undoing, bytes, count, SQLITE_INSERT, make_table) < 0 ||
		check_tables(undoing, bytes, count) < 0 || apply(undoing, bytes, count, false) < 0)
		return -1;
	return for_each_class(undoing, bytes, count, SQLITE_DELETE, drop_table);
}

static int undo_changeset(const void *bytes, int count, void *closure)
{
	struct undoing *undoing = closure;
	void *inverted = NULL;
	int inverted_count;

	if (count == 0)
		return 0;
	if (sqlite3changeset_invert(count, bytes, &inverted_count, &inverted) != SQLITE_OK)
		return odm_fail(ODMI_INVALID_CLASS);
	int result = apply_inverted(undoing, inverted, inverted_count);
	if (result == 0)
		changes_note_bytes(undoing->repository->changes, inverted, inverted_count);
	if (result == 0)
		result = changes_store_chunk(undoing->repository, CHANGES_CHUNK_BYTES);
	sqlite3_free(inverted);
	return result;
}

static int check_entry(const struct odm_history_entry *entry, void *errors)
{
	if (entry->undone_by == 0)
		return 0;
	fprintf(errors, "entry %lld was undone by entry %lld; undo that to have it again\n",
		entry->id, entry->undone_by);
	return odm_fail(ODMI_PARAMS);
}

static int undo_in(struct repository *repository, sqlite3_int64 entry, FILE *errors)
{
	struct undoing undoing = {.repository = repository, .entry = entry, .errors = errors};

	if (!repository->writable)
		return odm_fail(ODMI_CLASS_PERMS);
	if (transaction_enter(repository) < 0)
		return -1;
	int result = history_changesets(repository, entry, true, undo_changeset, &undoing);
	if (result == 0)
		repository->changes->undoes = entry;
	return transaction_leave(repository, result == 0) < 0 ? -1 : result;
}

/* A number from a query with one parameter; 0 when there is no row. */
static sqlite3_int64 look_up(
	struct repository *repository, const char *sql, sqlite3_int64 parameter)
{
	AUTO_FINALIZE sqlite3_stmt *row = NULL;

	if (!format_has_history(repository) || repository_prepare(repository, sql, &row) < 0)
		return 0;
	sqlite3_bind_int64(row, 1, parameter);
	return sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_int64(row, 0) : 0;
}

/* What a transaction did in other repositories of the path is undone with it. */
static int undo_across(sqlite3_int64 across, FILE *errors)
{
	for (struct repository *one = repository_list(); one != NULL; one = one->next) {
		sqlite3_int64 entry =
			look_up(one, "SELECT id FROM odm_history WHERE across = ?1", across);
		if (entry != 0 && undo_in(one, entry, errors) < 0)
			return -1;
	}
	return 0;
}

LIBODM_API int odm_undo(long long id, FILE *errors)
{
	LIBRARY_LOCKED;
	struct repository *repository = history_repository();

	if (repository == NULL)
		return -1;
	if (id <= 0)
		return odm_fail(ODMI_NO_OBJECT);
	if (odm_begin() < 0)
		return -1;
	int result = odm_history(id, check_entry, errors);
	sqlite3_int64 across =
		look_up(repository, "SELECT across FROM odm_history WHERE id = ?1", id);
	if (result == 0)
		result =
			across != 0 ? undo_across(across, errors) : undo_in(repository, id, errors);
	return result < 0 ? transaction_abandon() : odm_commit();
}
