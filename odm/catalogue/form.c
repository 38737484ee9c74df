/*
 * The form of a class, its descriptors and indexes: read from the catalogue and entered there, and
 * as SQL for its table.
 */
#include <string.h>

#include "catalogue/catalogue.h"

/* Reads a class's descriptors from the catalogue. */
static int read_descriptors(struct repository *repository, CLASS_SYMBOL symbol)
{
	AUTO_FINALIZE sqlite3_stmt *rows = NULL;
	int result;

	if (repository_prepare(repository,
		    "SELECT name, type, size, linked_class, linked_column FROM odm_descriptor"
		    " WHERE class = ?1 ORDER BY position",
		    &rows) < 0)
		return -1;
	if (sqlite3_bind_text(rows, 1, symbol->classname, -1, SQLITE_STATIC) != SQLITE_OK)
		return odm_fail_sqlite(repository->database);
	while ((result = sqlite3_step(rows)) == SQLITE_ROW)
		if (symbol_add(symbol, (const char *)sqlite3_column_text(rows, 0),
			    sqlite3_column_int(rows, 1), sqlite3_column_int(rows, 2),
			    (const char *)sqlite3_column_text(rows, 3),
			    (const char *)sqlite3_column_text(rows, 4)) < 0)
			return -1;
	return result == SQLITE_DONE ? 0 : odm_fail_sqlite(repository->database);
}

/* And which indexes it has; a repository of the first version does not say. */
static int read_indexes(struct repository *repository, CLASS_SYMBOL symbol)
{
	AUTO_FINALIZE sqlite3_stmt *rows = NULL;
	int result;

	if (!format_has_history(repository))
		return 0;
	if (repository_prepare(repository,
		    "SELECT columns FROM odm_index WHERE class = ?1 ORDER BY position", &rows) < 0)
		return -1;
	if (sqlite3_bind_text(rows, 1, symbol->classname, -1, SQLITE_STATIC) != SQLITE_OK)
		return odm_fail_sqlite(repository->database);
	while ((result = sqlite3_step(rows)) == SQLITE_ROW)
		if (symbol_add_index(symbol, (const char *)sqlite3_column_text(rows, 0)) < 0)
			return -1;
	return result == SQLITE_DONE ? 0 : odm_fail_sqlite(repository->database);
}

CLASS_SYMBOL class_read(struct repository *repository, const char *class_name)
{
	CLASS_SYMBOL symbol = symbol_create(class_name);

	if (symbol == NULL) {
		odm_fail(ODMI_MALLOC_ERR);
		return NULL;
	}
	if (read_descriptors(repository, symbol) == 0 && read_indexes(repository, symbol) == 0)
		return symbol;
	symbol_free(symbol);
	return NULL;
}

static int enter_row(struct repository *repository, const char *sql, CLASS_SYMBOL symbol,
	int position, const char *name, const struct ClassElem *elem)
{
	AUTO_FINALIZE sqlite3_stmt *row = NULL;

	if (repository_prepare(repository, sql, &row) < 0)
		return -1;
	if (sqlite3_bind_text(row, 1, symbol->classname, -1, SQLITE_STATIC) != SQLITE_OK ||
		sqlite3_bind_int(row, 2, position) != SQLITE_OK ||
		sqlite3_bind_text(row, 3, name, -1, SQLITE_STATIC) != SQLITE_OK)
		return odm_fail_sqlite(repository->database);
	if (elem != NULL && (sqlite3_bind_int(row, 4, elem->type) != SQLITE_OK ||
				    sqlite3_bind_int(row, 5, elem->size) != SQLITE_OK ||
				    sqlite3_bind_text(row, 6, elem->linked_class, -1,
					    SQLITE_STATIC) != SQLITE_OK ||
				    sqlite3_bind_text(row, 7, elem->linked_column, -1,
					    SQLITE_STATIC) != SQLITE_OK))
		return odm_fail_sqlite(repository->database);
	return sqlite3_step(row) == SQLITE_DONE ? 0 : odm_fail_sqlite(repository->database);
}

int class_enter_form(struct repository *repository, CLASS_SYMBOL symbol)
{
	for (int i = 0; i < symbol->nelem; i++)
		if (enter_row(repository,
			    "INSERT INTO odm_descriptor VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
			    symbol, i, symbol->elem[i].elemname, &symbol->elem[i]) < 0)
			return -1;
	for (int i = 0; symbol->indexes != NULL && symbol->indexes[i] != NULL; i++)
		if (enter_row(repository, "INSERT INTO odm_index VALUES (?1, ?2, ?3)", symbol, i,
			    symbol->indexes[i], NULL) < 0)
			return -1;
	return 0;
}

void class_append_columns(struct text *text, CLASS_SYMBOL symbol)
{
	for (int i = 0; i < symbol->nelem; i++) {
		text_append(text, i > 0 ? ", \"" : "\"");
		text_append(text, symbol->elem[i].elemname);
		text_append_char(text, '"');
	}
}

const struct ClassElem *class_descriptor(CLASS_SYMBOL symbol, const char *name, size_t length)
{
	for (int i = 0; i < symbol->nelem; i++)
		if (strncmp(symbol->elem[i].elemname, name, length) == 0 &&
			symbol->elem[i].elemname[length] == '\0')
			return &symbol->elem[i];
	return NULL;
}

static const char *sql_type(const struct ClassElem *elem)
{
	if (elem->type == ODM_BINARY)
		return "BLOB NOT NULL";
	return elem_is_string(elem) ? "TEXT NOT NULL" : "INTEGER NOT NULL";
}

void class_append_create(struct text *sql, CLASS_SYMBOL symbol)
{
	text_printf(sql, "CREATE TABLE \"%s\" (_id INTEGER PRIMARY KEY AUTOINCREMENT",
		symbol->classname);
	for (int i = 0; i < symbol->nelem; i++)
		text_printf(
			sql, ", \"%s\" %s", symbol->elem[i].elemname, sql_type(&symbol->elem[i]));
	text_append(sql, ");");
	class_append_indexes(sql, symbol);
}

void class_append_indexes(struct text *sql, CLASS_SYMBOL symbol)
{
	int number = 0;

	for (char **index = symbol->indexes; index != NULL && *index != NULL; index++)
		text_printf(sql, "CREATE INDEX \"odm_%s_%d\" ON \"%s\" (%s);", symbol->classname,
			++number, symbol->classname, *index);
}
