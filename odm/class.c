/* Classes: found, opened, created, removed. */
#include "odm_private.h"

/* Every class used since odm_initialize; under the library's lock. */
static struct class_state *classes;

bool class_valid(CLASS_SYMBOL symbol)
{
	return symbol != NULL && symbol != ODM_FAILED && symbol->begin_magic == ODMI_MAGIC &&
	       symbol->end_magic == -ODMI_MAGIC;
}

static void finalize_statements(struct class_state *state)
{
	sqlite3_finalize(state->cursor);
	sqlite3_finalize(state->insert);
	sqlite3_finalize(state->update);
	sqlite3_finalize(state->by_id);
	free(state->cursor_where);
	state->cursor = state->insert = state->update = state->by_id = NULL;
	state->cursor_where = NULL;
}

/* Symbols that belong to the caller find their class anew; mounted ones are kept until the end. */
void class_forget_all(void)
{
	for (struct class_state *state = classes; state != NULL; state = state->next) {
		finalize_statements(state);
		state->repository = NULL;
	}
}

static void free_all(void)
{
	while (classes != NULL) {
		struct class_state *gone = classes;
		classes = gone->next;
		finalize_statements(gone);
		gone->symbol->state = NULL;
		if (gone->mounted)
			symbol_free(gone->symbol);
		free(gone);
	}
}

LIBODM_API int odm_initialize(void)
{
	return 0;
}

LIBODM_API int odm_terminate(void)
{
	LIBRARY_LOCKED;
	free_all();
	repository_close_all();
	lock_release_all();
	return 0;
}

static struct class_state *enter_state(CLASS_SYMBOL symbol)
{
	struct class_state *state = calloc(1, sizeof(*state));

	if (state == NULL) {
		odm_fail(ODMI_MALLOC_ERR);
		return NULL;
	}
	state->symbol = symbol;
	state->next = classes;
	classes = state;
	symbol->state = state;
	return state;
}

struct class_state *class_use(CLASS_SYMBOL symbol, bool write)
{
	if (!class_valid(symbol)) {
		odm_fail(ODMI_MAGICNO_ERR);
		return NULL;
	}
	struct class_state *state = symbol->state != NULL ? symbol->state : enter_state(symbol);
	if (state == NULL)
		return NULL;
	if (state->repository == NULL)
		state->repository = repository_of_class(symbol->classname);
	if (state->repository == NULL)
		return NULL;
	if (write && state->read_only) {
		odm_fail(ODMI_READ_ONLY);
		return NULL;
	}
	return state;
}

LIBODM_API CLASS_SYMBOL odm_open_class(CLASS_SYMBOL class_symbol)
{
	LIBRARY_LOCKED;
	struct class_state *state = class_use(class_symbol, false);

	if (state == NULL)
		return ODM_FAILED;
	state->read_only = false;
	return class_symbol;
}

LIBODM_API CLASS_SYMBOL odm_open_class_rdonly(CLASS_SYMBOL class_symbol)
{
	LIBRARY_LOCKED;
	struct class_state *state = class_use(class_symbol, false);

	if (state == NULL)
		return ODM_FAILED;
	state->read_only = true;
	return class_symbol;
}

LIBODM_API int odm_close_class(CLASS_SYMBOL class_symbol)
{
	LIBRARY_LOCKED;
	struct class_state *state = class_use(class_symbol, false);

	if (state == NULL)
		return -1;
	finalize_statements(state);
	state->read_only = false;
	return 0;
}

/* Reads a class's descriptors from the catalogue. */
static int read_descriptors(struct repository *repository, CLASS_SYMBOL symbol)
{
	AUTO_FINALIZE sqlite3_stmt *rows = NULL;
	int result;

	if (sqlite3_prepare_v2(repository->database,
		    "SELECT name, type, size, linked_class, linked_column FROM odm_descriptor"
		    " WHERE class = ?1 ORDER BY position",
		    -1, &rows, NULL) != SQLITE_OK ||
		sqlite3_bind_text(rows, 1, symbol->classname, -1, SQLITE_STATIC) != SQLITE_OK)
		return odm_fail_sqlite(repository->database);
	while ((result = sqlite3_step(rows)) == SQLITE_ROW)
		if (symbol_add(symbol, (const char *)sqlite3_column_text(rows, 0),
			    sqlite3_column_int(rows, 1), sqlite3_column_int(rows, 2),
			    (const char *)sqlite3_column_text(rows, 3),
			    (const char *)sqlite3_column_text(rows, 4)) < 0)
			return -1;
	return result == SQLITE_DONE ? 0 : odm_fail_sqlite(repository->database);
}

LIBODM_API CLASS_SYMBOL odm_mount_class(char *class_name)
{
	LIBRARY_LOCKED;
	for (struct class_state *state = classes; state != NULL; state = state->next)
		if (state->repository != NULL && strcmp(state->symbol->classname, class_name) == 0)
			return state->symbol;

	struct repository *repository = repository_of_class(class_name);
	if (repository == NULL)
		return ODM_FAILED;
	CLASS_SYMBOL symbol = symbol_create(class_name);
	if (symbol == NULL) {
		odm_fail(ODMI_MALLOC_ERR);
		return ODM_FAILED;
	}
	if (read_descriptors(repository, symbol) < 0 || enter_state(symbol) == NULL) {
		symbol_free(symbol);
		return ODM_FAILED;
	}
	symbol->state->repository = repository;
	symbol->state->mounted = true;
	return symbol;
}

static const char *sql_type(const struct ClassElem *elem)
{
	if (elem->type == ODM_BINARY)
		return "BLOB NOT NULL";
	return elem_is_string(elem) ? "TEXT NOT NULL" : "INTEGER NOT NULL";
}

static void append_create(struct text *sql, CLASS_SYMBOL symbol)
{
	text_printf(sql, "CREATE TABLE \"%s\" (_id INTEGER PRIMARY KEY AUTOINCREMENT",
		symbol->classname);
	for (int i = 0; i < symbol->nelem; i++)
		text_printf(
			sql, ", \"%s\" %s", symbol->elem[i].elemname, sql_type(&symbol->elem[i]));
	text_append(sql, ");");
	int number = 0;
	for (char **index = symbol->indexes; index != NULL && *index != NULL; index++)
		text_printf(sql, "CREATE INDEX \"%s_%d\" ON \"%s\" (%s);", symbol->classname,
			++number, symbol->classname, *index);
}

static int enter_descriptor(struct repository *repository, CLASS_SYMBOL symbol, int position)
{
	const struct ClassElem *elem = &symbol->elem[position];
	AUTO_FINALIZE sqlite3_stmt *row = NULL;

	if (sqlite3_prepare_v2(repository->database,
		    "INSERT INTO odm_descriptor VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", -1, &row,
		    NULL) != SQLITE_OK ||
		sqlite3_bind_text(row, 1, symbol->classname, -1, SQLITE_STATIC) != SQLITE_OK ||
		sqlite3_bind_int(row, 2, position) != SQLITE_OK ||
		sqlite3_bind_text(row, 3, elem->elemname, -1, SQLITE_STATIC) != SQLITE_OK ||
		sqlite3_bind_int(row, 4, elem->type) != SQLITE_OK ||
		sqlite3_bind_int(row, 5, elem->size) != SQLITE_OK ||
		sqlite3_bind_text(row, 6, elem->linked_class, -1, SQLITE_STATIC) != SQLITE_OK ||
		sqlite3_bind_text(row, 7, elem->linked_column, -1, SQLITE_STATIC) != SQLITE_OK ||
		sqlite3_step(row) != SQLITE_DONE)
		return odm_fail_sqlite(repository->database);
	return 0;
}

static int create_in(struct repository *repository, CLASS_SYMBOL symbol)
{
	AUTO(text_release) struct text sql = {0};

	text_printf(&sql, "INSERT INTO odm_class VALUES ('%s');", symbol->classname);
	append_create(&sql, symbol);
	if (sql.failed)
		return odm_fail(ODMI_MALLOC_ERR);
	if (repository_execute(repository, sql.data) < 0)
		return -1;
	for (int i = 0; i < symbol->nelem; i++)
		if (enter_descriptor(repository, symbol, i) < 0)
			return -1;
	return 0;
}

LIBODM_API int odm_create_class(CLASS_SYMBOL class_symbol)
{
	LIBRARY_LOCKED;
	if (!class_valid(class_symbol))
		return odm_fail(ODMI_MAGICNO_ERR);
	struct repository *repository = repository_first(true);
	if (repository == NULL)
		return -1;
	struct repository *other = repository_of_class(class_symbol->classname);
	if (other == repository)
		return odm_fail(ODMI_CLASS_EXISTS);

	if (odm_begin() < 0)
		return -1;
	if (create_in(repository, class_symbol) < 0) {
		return transaction_abandon();
	}
	return odm_commit();
}

LIBODM_API int odm_rm_class(CLASS_SYMBOL class_symbol)
{
	LIBRARY_LOCKED;
	struct class_state *state = class_use(class_symbol, true);
	AUTO(text_release) struct text sql = {0};

	if (state == NULL)
		return -1;
	finalize_statements(state);
	text_printf(&sql,
		"DROP TABLE \"%s\"; DELETE FROM odm_descriptor WHERE class = '%s';"
		"DELETE FROM odm_class WHERE name = '%s';",
		class_symbol->classname, class_symbol->classname, class_symbol->classname);
	if (sql.failed)
		return odm_fail(ODMI_MALLOC_ERR);
	if (odm_begin() < 0)
		return -1;
	if (repository_execute(state->repository, sql.data) < 0) {
		return transaction_abandon();
	}
	state->repository = NULL;
	return odm_commit();
}

const struct ClassElem *class_descriptor(CLASS_SYMBOL symbol, const char *name, size_t length)
{
	for (int i = 0; i < symbol->nelem; i++)
		if (strncmp(symbol->elem[i].elemname, name, length) == 0 &&
			symbol->elem[i].elemname[length] == '\0')
			return &symbol->elem[i];
	return NULL;
}

void class_append_columns(struct text *text, CLASS_SYMBOL symbol)
{
	for (int i = 0; i < symbol->nelem; i++)
		text_printf(text, "%s\"%s\"", i > 0 ? ", " : "", symbol->elem[i].elemname);
}

LIBODM_API int odm_population(CLASS_SYMBOL class_symbol, long *active, long *deleted)
{
	LIBRARY_LOCKED;
	struct class_state *state = class_use(class_symbol, false);
	AUTO(text_release) struct text sql = {0};
	AUTO_FINALIZE sqlite3_stmt *row = NULL;

	if (state == NULL)
		return -1;
	text_printf(&sql,
		"SELECT count(*), ifnull((SELECT seq FROM sqlite_sequence WHERE name = '%s'), 0)"
		" FROM \"%s\"",
		class_symbol->classname, class_symbol->classname);
	if (sql.failed)
		return odm_fail(ODMI_MALLOC_ERR);
	if (sqlite3_prepare_v2(state->repository->database, sql.data, -1, &row, NULL) !=
			SQLITE_OK ||
		sqlite3_step(row) != SQLITE_ROW)
		return odm_fail_sqlite(state->repository->database);
	*active = (long)sqlite3_column_int64(row, 0);
	*deleted = (long)sqlite3_column_int64(row, 1) - *active;
	return 0;
}
