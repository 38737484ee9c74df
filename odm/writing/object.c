/* Objects added, changed and removed, in a transaction that notes it for the history. */
#include <stdlib.h>
#include <string.h>

#include "objects/objects.h"
#include "storage/thread.h"
#include "transactions/changes.h"
#include "transactions/transaction.h"

/* Objects removed by one statement: what it removes is in memory at once. */
#define REMOVED_AT_ONCE 4096

/* Binds an object's descriptors to ?1, ?2, ...; of those that differ only, when `columns` says. */
static int bind_members(
	CLASS_SYMBOL symbol, sqlite3_stmt *statement, const void *object, const char *columns)
{
	int parameter = 0;

	for (int i = 0; i < symbol->nelem; i++) {
		if (columns != NULL && !columns[i])
			continue;
		struct member_value value = member_value(&symbol->elem[i], object);
		if (member_value_bind(&value, statement, ++parameter) != SQLITE_OK)
			return -1;
	}
	return 0;
}

/* Values that are longer than their descriptor allows are refused, never cut. */
static int check_lengths(CLASS_SYMBOL symbol, const void *object)
{
	for (int i = 0; i < symbol->nelem; i++) {
		const struct ClassElem *elem = &symbol->elem[i];
		if (elem->type == ODM_VCHAR &&
			strlen(member_string(elem, object)) >= (size_t)elem->size)
			return odm_fail(ODMI_PARAMS);
	}
	return 0;
}

/* A class for writing an object to. */
static struct class_state *use_for(CLASS_SYMBOL symbol, const void *object)
{
	struct class_state *state = class_use(symbol, true);

	if (state != NULL && object == NULL)
		odm_fail(ODMI_PARAMS);
	return state != NULL && object != NULL && check_lengths(symbol, object) == 0 ? state : NULL;
}

static int prepare_insert(struct class_state *state)
{
	AUTO(text_release) struct text sql = {0};

	if (state->insert != NULL)
		return 0;
	text_printf(&sql, "INSERT INTO \"%s\" (", state->symbol->classname);
	class_append_columns(&sql, state->symbol);
	for (int i = 0; i < state->symbol->nelem; i++)
		text_append(&sql, i == 0 ? ") VALUES (?" : ", ?");
	text_append(&sql, ")");
	return class_keep_prepared(state, &state->insert, &sql);
}

/* Setting a descriptor, even to its own value, writes every index that it is in. */
static int prepare_update(struct class_state *state, const char *columns)
{
	CLASS_SYMBOL symbol = state->symbol;
	size_t size = (size_t)symbol->nelem;
	AUTO(text_release) struct text sql = {0};
	int count = 0;

	if (state->update != NULL && memcmp(state->update_columns, columns, size) == 0)
		return 0;
	sqlite3_finalize(state->update);
	free(state->update_columns);
	state->update = NULL;
	state->update_columns = malloc(size);
	if (state->update_columns == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	memcpy(state->update_columns, columns, size);
	text_printf(&sql, "UPDATE \"%s\" SET ", symbol->classname);
	for (int i = 0; i < symbol->nelem; i++)
		if (columns[i])
			text_printf(&sql, "%s\"%s\" = ?%d", count > 0 ? ", " : "",
				symbol->elem[i].elemname, count + 1),
				count++;
	text_printf(&sql, " WHERE _id = ?%d", count + 1);
	return class_keep_prepared(state, &state->update, &sql);
}

/* Steps a kept statement to its end. */
static int run(struct class_state *state, sqlite3_stmt *statement)
{
	int result = sqlite3_step(statement) == SQLITE_DONE ? 0 : class_fail(state);

	if (state->repository != NULL) {
		sqlite3_reset(statement);
		sqlite3_clear_bindings(statement);
	}
	return result;
}

static int add(struct class_state *state, const void *object)
{
	struct repository *repository = state->repository;

	if (prepare_insert(state) < 0)
		return -1;
	if (bind_members(state->symbol, state->insert, object, NULL) < 0)
		return odm_fail_sqlite(repository->database);
	if (run(state, state->insert) < 0)
		return -1;
	sqlite3_int64 id = sqlite3_last_insert_rowid(repository->database);
	changes_note_add(repository->changes, state->symbol, id, object);
	return (int)id;
}

LIBODM_API int odm_add_obj(CLASS_SYMBOL class_symbol, void *object)
{
	LIBRARY_LOCKED;
	struct class_state *state = use_for(class_symbol, object);

	if (state == NULL || write_begin(state->repository) < 0)
		return -1;
	struct repository *repository = state->repository;
	return write_end(repository, add(state, object));
}

/* Marks the descriptors in which an object differs from its row; returns how many. */
static int compare(CLASS_SYMBOL symbol, sqlite3_stmt *row, const void *object, char *columns)
{
	int count = 0;

	for (int i = 0; i < symbol->nelem; i++) {
		struct member_value value = member_value(&symbol->elem[i], object);
		columns[i] = !member_value_equals(&value, row, i + 1);
		count += columns[i];
	}
	return count;
}

static int update(struct class_state *state, sqlite3_int64 id, const void *object, char *columns)
{
	if (sqlite3_bind_int64(state->by_id, 1, id) != SQLITE_OK)
		return odm_fail_sqlite(state->repository->database);
	int step = sqlite3_step(state->by_id);
	if (step != SQLITE_ROW)
		return step == SQLITE_DONE ? odm_fail(ODMI_NO_OBJECT) : class_fail(state);
	int count = compare(state->symbol, state->by_id, object, columns);
	if (count == 0)
		return 0;
	if (prepare_update(state, columns) < 0)
		return -1;
	if (bind_members(state->symbol, state->update, object, columns) < 0 ||
		sqlite3_bind_int64(state->update, count + 1, id) != SQLITE_OK)
		return odm_fail_sqlite(state->repository->database);
	struct changes *changes = state->repository->changes;
	size_t noted = changes->bytes.length;
	changes_note_change(changes, state->symbol, state->by_id, object, columns);
	sqlite3_reset(state->by_id);
	if (run(state, state->update) == 0)
		return 0;
	changes_truncate(changes, noted);
	return -1;
}

static int change(struct class_state *state, const void *object)
{
	AUTO_FREE char *columns = calloc((size_t)state->symbol->nelem, 1);

	if (columns == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	if (class_prepare_by_id(state) < 0)
		return -1;
	int result = update(state, ((const struct object_head *)object)->_id, object, columns);
	if (state->by_id != NULL)
		sqlite3_reset(state->by_id);
	return result;
}

LIBODM_API int odm_change_obj(CLASS_SYMBOL class_symbol, void *object)
{
	LIBRARY_LOCKED;
	struct class_state *state = use_for(class_symbol, object);

	if (state == NULL || write_begin(state->repository) < 0)
		return -1;
	struct repository *repository = state->repository;
	return write_end(repository, change(state, object));
}

static int prepare_removal(
	struct class_state *state, const struct criteria *criteria, sqlite3_stmt **statement)
{
	AUTO(text_release) struct text sql = {0};

	text_printf(&sql, "DELETE FROM \"%s\" WHERE _id IN (SELECT _id", state->symbol->classname);
	query_append_from(&sql, state, criteria);
	text_printf(&sql, " ORDER BY _id LIMIT %d) RETURNING _id, ", REMOVED_AT_ONCE);
	class_append_columns(&sql, state->symbol);
	return query_finish(state, &sql, criteria, statement);
}

/* Removes what matches, a number at a time; returns how many. */
static int remove_matches(struct class_state *state, const struct criteria *criteria)
{
	AUTO_FINALIZE sqlite3_stmt *statement = NULL;
	int total = 0, count, step;

	if (prepare_removal(state, criteria, &statement) < 0)
		return -1;
	do {
		count = 0;
		while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
			changes_note_delete(state->repository->changes, state->symbol, statement);
			count++;
		}
		if (step != SQLITE_DONE)
			return class_fail(state);
		sqlite3_reset(statement);
		total += count;
		if (changes_store_chunk(state->repository, CHANGES_CHUNK_BYTES) < 0)
			return -1;
	} while (count == REMOVED_AT_ONCE);
	return total;
}

static int remove_in_transaction(struct class_state *state, const struct criteria *criteria)
{
	struct repository *repository = state->repository;

	if (!repository->writable)
		return odm_fail(ODMI_CLASS_PERMS);
	if (transaction_enter(repository) < 0)
		return -1;
	int count = remove_matches(state, criteria);
	return transaction_leave(repository, count >= 0) < 0 ? -1 : count;
}

LIBODM_API int odm_rm_obj(CLASS_SYMBOL class_symbol, char *crit)
{
	LIBRARY_LOCKED;
	struct class_state *state = class_use(class_symbol, true);
	AUTO(criteria_release) struct criteria criteria = {0};

	if (state == NULL || criteria_compile(class_symbol, crit, &criteria) < 0)
		return -1;
	return remove_in_transaction(state, &criteria);
}

LIBODM_API int odm_rm_by_id(CLASS_SYMBOL class_symbol, int id)
{
	LIBRARY_LOCKED;
	struct class_state *state = class_use(class_symbol, true);
	AUTO(criteria_release) struct criteria criteria = {0};

	if (state == NULL)
		return -1;
	text_printf(&criteria.where, "_id = %d", id);
	int count = remove_in_transaction(state, &criteria);
	if (count <= 0)
		return count < 0 ? -1 : odm_fail(ODMI_NO_OBJECT);
	return 0;
}
