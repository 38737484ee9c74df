/* The history, read: its entries, and their changes as objects. */
#include <odmx.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/foreign.h"
#include "catalogue/catalogue.h"
#include "history/history.h"
#include "objects/objects.h"
#include "storage/thread.h"
#include "transactions/changes.h"

/* The entry that undid another, unless that was undone again: 0 then. */
static long long undone_by(struct repository *repository, long long id)
{
	AUTO_FINALIZE sqlite3_stmt *row = NULL;

	if (repository_prepare(
		    repository, "SELECT max(id) FROM odm_history WHERE undoes = ?1", &row) < 0)
		return 0;
	sqlite3_bind_int64(row, 1, id);
	long long later = sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_int64(row, 0) : 0;
	return later != 0 && undone_by(repository, later) == 0 ? later : 0;
}

LIBODM_API int odm_history(long long id, odm_entry_visitor *visit, void *closure)
{
	LIBRARY_LOCKED;
	if (visit == NULL)
		return odm_fail(ODMI_PARAMS);
	struct repository *repository = history_repository();
	AUTO_FINALIZE sqlite3_stmt *rows = NULL;
	int step, result, count = 0;

	if (repository == NULL ||
		repository_prepare(repository,
			"SELECT id, time, uid, pid, command, ifnull(undoes, 0) FROM odm_history"
			" WHERE ?1 IN (0, id) ORDER BY id DESC",
			&rows) < 0)
		return -1;
	if (sqlite3_bind_int64(rows, 1, id) != SQLITE_OK)
		return odm_fail_sqlite(repository->database);
	while ((step = sqlite3_step(rows)) == SQLITE_ROW) {
		struct odm_history_entry entry = {.id = sqlite3_column_int64(rows, 0),
			.time = sqlite3_column_int64(rows, 1),
			.uid = (unsigned)sqlite3_column_int64(rows, 2),
			.pid = sqlite3_column_int(rows, 3),
			.command = (const char *)sqlite3_column_text(rows, 4),
			.undoes = sqlite3_column_int64(rows, 5),
			.undone_by = undone_by(repository, sqlite3_column_int64(rows, 0))};
		count++;
		if ((result = visit(&entry, closure)) != 0)
			return result;
	}
	if (step != SQLITE_DONE)
		return odm_fail_sqlite(repository->database);
	return id != 0 && count == 0 ? odm_fail(ODMI_NO_OBJECT) : 0;
}

sqlite3_int64 change_object_id(sqlite3_changeset_iter *change, const char **table)
{
	sqlite3_value *value = NULL;
	int columns, operation, indirect;

	if (sqlite3changeset_op(change, table, &columns, &operation, &indirect) != SQLITE_OK)
		return -1;
	if (operation == SQLITE_INSERT)
		sqlite3changeset_new(change, 0, &value);
	else
		sqlite3changeset_old(change, 0, &value);
	return value != NULL ? sqlite3_value_int64(value) : -1;
}

/* Overwrites the members that a row of a change set has values for. */
static void fill_members(sqlite3_changeset_iter *change, CLASS_SYMBOL symbol, void *object,
	int (*get)(sqlite3_changeset_iter *, int, sqlite3_value **), char *differs)
{
	for (int i = 0; i < symbol->nelem; i++) {
		const struct ClassElem *elem = &symbol->elem[i];
		sqlite3_value *value = NULL;
		if (get(change, i + 1, &value) != SQLITE_OK || value == NULL)
			continue;
		if (differs != NULL)
			differs[i] = 1;
		if (sqlite3_value_type(value) == SQLITE_INTEGER)
			member_store_integer(elem, object, sqlite3_value_int64(value));
		else if (sqlite3_value_bytes(value) > 0)
			member_store_text(elem, object, sqlite3_value_blob(value),
				(size_t)sqlite3_value_bytes(value));
		else
			member_store_text(elem, object, "", 0);
	}
}

/* What a visit of changes needs. */
struct reading {
	struct repository *repository;
	long long entry; /* the last one that is read */
	odm_change_visitor *visit;
	void *closure;
};

/* An object's last state, when it was deleted after the entry that is read. */
struct deleted {
	CLASS_SYMBOL symbol;
	sqlite3_int64 id;
	void *object;
};

static int find_deleted(const void *bytes, int count, void *closure)
{
	struct deleted *deleted = closure;
	sqlite3_changeset_iter *change = NULL;
	const char *table;
	int columns, operation, indirect, found = 0;

	if (sqlite3changeset_start(&change, count, (void *)(uintptr_t)bytes) != SQLITE_OK)
		return odm_fail(ODMI_INVALID_CLASS);
	while (found == 0 && sqlite3changeset_next(change) == SQLITE_ROW) {
		sqlite3_int64 id = change_object_id(change, &table);
		sqlite3changeset_op(change, &table, &columns, &operation, &indirect);
		if (operation != SQLITE_DELETE || id != deleted->id ||
			strcmp(table, deleted->symbol->classname) != 0)
			continue;
		fill_members(change, deleted->symbol, deleted->object, sqlite3changeset_old, NULL);
		found = 1;
	}
	sqlite3changeset_finalize(change);
	return found;
}

/* The members that a change did not touch: as they are now, or were when the object was deleted. */
static int fill_untouched(
	const struct reading *reading, CLASS_SYMBOL symbol, sqlite3_int64 id, void *object)
{
	AUTO_FINALIZE sqlite3_stmt *rows = NULL;
	struct deleted deleted = {symbol, id, object};
	int result = 0;

	if (odm_get_by_id(symbol, (int)id, object) == object)
		return 0;
	if (odmerrno != ODMI_NO_OBJECT ||
		repository_prepare(reading->repository,
			"SELECT id FROM odm_history WHERE id > ?1 ORDER BY id", &rows) < 0)
		return -1;
	sqlite3_bind_int64(rows, 1, reading->entry);
	while (result == 0 && sqlite3_step(rows) == SQLITE_ROW)
		result = history_changesets(reading->repository, sqlite3_column_int64(rows, 0),
			false, find_deleted, &deleted);
	return result < 0 ? -1 : 0;
}

/* Two objects of a class; freed by release_pair. */
struct pair {
	CLASS_SYMBOL symbol;
	void *old_object, *new_object;
};

static void release_pair(struct pair *pair)
{
	if (pair->old_object != NULL)
		odm_free_members(pair->symbol, pair->old_object);
	if (pair->new_object != NULL)
		odm_free_members(pair->symbol, pair->new_object);
	free(pair->old_object);
	free(pair->new_object);
}

static int visit_object(const struct reading *reading, sqlite3_changeset_iter *change,
	CLASS_SYMBOL symbol, int operation)
{
	static const enum odm_change_kind kinds[] = {[SQLITE_INSERT] = ODM_ADDED,
		[SQLITE_UPDATE] = ODM_CHANGED,
		[SQLITE_DELETE] = ODM_DELETED};
	AUTO_FREE char *differs = calloc((size_t)symbol->nelem, 1);
	AUTO(release_pair)
	struct pair pair = {symbol, calloc(1, (size_t)symbol->structsize),
		calloc(1, (size_t)symbol->structsize)};
	const char *table;

	if (differs == NULL || pair.old_object == NULL || pair.new_object == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	sqlite3_int64 id = change_object_id(change, &table);
	if (operation == SQLITE_UPDATE &&
		(fill_untouched(reading, symbol, id, pair.old_object) < 0 ||
			fill_untouched(reading, symbol, id, pair.new_object) < 0))
		return -1;
	if (operation != SQLITE_INSERT)
		fill_members(change, symbol, pair.old_object, sqlite3changeset_old, NULL);
	if (operation != SQLITE_DELETE)
		fill_members(change, symbol, pair.new_object, sqlite3changeset_new, differs);
	struct odm_change visited = {.kind = kinds[operation],
		.class_name = symbol->classname,
		.class_symbol = symbol,
		.old_object = operation == SQLITE_INSERT ? NULL : pair.old_object,
		.new_object = operation == SQLITE_DELETE ? NULL : pair.new_object,
		.differs = differs};
	return reading->visit(&visited, reading->closure);
}

/* A class as a whole, which is a row of the catalogue; the catalogue's other rows belong to it. */
static int visit_class(const struct reading *reading, sqlite3_changeset_iter *change,
	const char *table, int operation)
{
	sqlite3_value *name = NULL;

	if (strcmp(table, "odm_class") != 0)
		return 0;
	if (operation == SQLITE_INSERT)
		sqlite3changeset_new(change, 0, &name);
	else
		sqlite3changeset_old(change, 0, &name);
	struct odm_change visited = {
		.kind = operation == SQLITE_INSERT ? ODM_CLASS_ADDED : ODM_CLASS_DELETED,
		.class_name = (const char *)sqlite3_value_text(name)};
	return reading->visit(&visited, reading->closure);
}

static int visit_row(const struct reading *reading, sqlite3_changeset_iter *change)
{
	const char *table;
	int columns, operation, indirect;

	if (sqlite3changeset_op(change, &table, &columns, &operation, &indirect) != SQLITE_OK)
		return odm_fail(ODMI_INVALID_CLASS);
	if (strncmp(table, "odm_", 4) == 0)
		return visit_class(reading, change, table, operation);

	CLASS_SYMBOL symbol = odm_mount_class((char *)(uintptr_t)table);
	if (symbol == ODM_FAILED || symbol->nelem + 1 != columns ||
		symbol->state->repository != reading->repository) {
		struct odm_change visited = {.kind = operation == SQLITE_INSERT   ? ODM_ADDED
						     : operation == SQLITE_DELETE ? ODM_DELETED
										  : ODM_CHANGED,
			.class_name = table};
		return reading->visit(&visited, reading->closure);
	}
	return visit_object(reading, change, symbol, operation);
}

static int visit_changeset(const void *bytes, int count, void *closure)
{
	sqlite3_changeset_iter *change = NULL;
	int step = SQLITE_DONE, result = 0;

	if (sqlite3changeset_start(&change, count, (void *)(uintptr_t)bytes) != SQLITE_OK)
		return odm_fail(ODMI_INVALID_CLASS);
	while (result == 0 && (step = sqlite3changeset_next(change)) == SQLITE_ROW)
		result = visit_row(closure, change);
	sqlite3changeset_finalize(change);
	if (result == 0 && step != SQLITE_DONE)
		return odm_fail(ODMI_INVALID_CLASS);
	return result;
}

static int add_to_group(const void *bytes, int count, void *group)
{
	return sqlite3changegroup_add(group, count, (void *)(uintptr_t)bytes) == SQLITE_OK
		       ? 0
		       : odm_fail(ODMI_MALLOC_ERR);
}

/* The sum of several entries. */
static int visit_sum(struct reading *reading, long long from, sqlite3_changegroup *group)
{
	void *bytes = NULL;
	int count, result = 0;

	for (long long id = from + 1; id <= reading->entry && result == 0; id++)
		result = history_changesets(reading->repository, id, false, add_to_group, group);
	if (result == 0 && sqlite3changegroup_output(group, &count, &bytes) != SQLITE_OK)
		result = odm_fail(ODMI_MALLOC_ERR);
	if (result == 0)
		result = visit_changeset(bytes, count, reading);
	sqlite3_free(bytes);
	return result;
}

static int has_all_entries(struct repository *repository, long long from, long long to)
{
	AUTO_FINALIZE sqlite3_stmt *row = NULL;

	if (repository_prepare(repository,
		    "SELECT count(*) FROM odm_history WHERE id > ?1 AND id <= ?2", &row) < 0)
		return -1;
	sqlite3_bind_int64(row, 1, from);
	sqlite3_bind_int64(row, 2, to);
	if (sqlite3_step(row) != SQLITE_ROW)
		return odm_fail_sqlite(repository->database);
	return from >= 0 && sqlite3_column_int64(row, 0) == to - from ? 0
								      : odm_fail(ODMI_NO_OBJECT);
}

LIBODM_API int odm_history_changes(
	long long from, long long to, odm_change_visitor *visit, void *closure)
{
	LIBRARY_LOCKED;
	if (visit == NULL)
		return odm_fail(ODMI_PARAMS);
	struct repository *repository = history_repository();
	struct reading reading = {repository, to, visit, closure};
	sqlite3_changegroup *group = NULL;

	if (from > to)
		return odm_fail(ODMI_PARAMS);
	if (repository == NULL || has_all_entries(repository, from, to) < 0)
		return -1;
	if (to - from == 1)
		return history_changesets(repository, to, false, visit_changeset, &reading);
	if (sqlite3changegroup_new(&group) != SQLITE_OK)
		return odm_fail(ODMI_MALLOC_ERR);
	int result = visit_sum(&reading, from, group);
	sqlite3changegroup_delete(group);
	return result;
}

LIBODM_API int odm_write_label(CLASS_SYMBOL class_symbol, const void *object, FILE *file)
{
	LIBRARY_LOCKED;
	if (!class_valid(class_symbol))
		return odm_fail(ODMI_MAGICNO_ERR);

	const char *columns = class_symbol->indexes != NULL ? class_symbol->indexes[0] : NULL;
	foreign_printf(file, "%s", class_symbol->classname);
	for (int i = 0; i < class_symbol->nelem; i++) {
		const struct ClassElem *elem = &class_symbol->elem[i];
		char quoted[MAX_ODMI_NAME + 2];
		snprintf(quoted, sizeof(quoted), "\"%s\"", elem->elemname);
		if (columns != NULL ? strstr(columns, quoted) == NULL : i > 0)
			continue;
		struct member_value value = member_value(elem, object);
		if (value.type == SQLITE_INTEGER)
			fprintf(file, " %s=%lld", elem->elemname, value.integer);
		else
			foreign_printf(file, " %s=%.*s", elem->elemname, value.length, value.bytes);
	}
	return ferror(file) ? odm_fail(ODMI_NO_SPACE) : 0;
}
