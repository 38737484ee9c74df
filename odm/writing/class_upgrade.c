/* A class that exists in an older form gets that of its definition, with its objects. */
#include <string.h>

#include "catalogue/catalogue.h"
#include "transactions/transaction.h"
#include "writing/writing.h"

/* What a table is called while the new one takes its name. No class can be called so. */
#define BEFORE "odm_before"

static bool same_descriptors(CLASS_SYMBOL one, CLASS_SYMBOL other)
{
	if (one->nelem != other->nelem)
		return false;
	for (int i = 0; i < one->nelem; i++) {
		const struct ClassElem *a = &one->elem[i], *b = &other->elem[i];
		bool links = a->type == ODM_LINK && b->type == ODM_LINK;
		if (strcmp(a->elemname, b->elemname) != 0 || a->type != b->type ||
			a->size != b->size ||
			(links && (strcmp(a->linked_class, b->linked_class) != 0 ||
					  strcmp(a->linked_column, b->linked_column) != 0)))
			return false;
	}
	return true;
}

static bool same_indexes(CLASS_SYMBOL one, CLASS_SYMBOL other)
{
	char *none[] = {NULL};
	char **a = one->indexes != NULL ? one->indexes : none;
	char **b = other->indexes != NULL ? other->indexes : none;

	while (*a != NULL && *b != NULL && strcmp(*a, *b) == 0)
		a++, b++;
	return *a == NULL && *b == NULL;
}

/* Whether every value of the one descriptor is one of the other. */
static bool fits(const struct ClassElem *from, const struct ClassElem *to)
{
	if (from->type == ODM_BINARY || to->type == ODM_BINARY)
		return from->type == to->type && from->size == to->size;
	if (elem_is_string(from) || elem_is_string(to))
		return elem_is_string(from) && elem_is_string(to) && from->size <= to->size;
	return to->type != ODM_SHORT || from->type == ODM_SHORT;
}

static const char *empty_value(const struct ClassElem *elem)
{
	return elem->type == ODM_BINARY ? "zeroblob(0)" : elem_is_string(elem) ? "''" : "0";
}

/* Every object with its identifier, and the class's next one. */
static int append_copy(struct text *sql, CLASS_SYMBOL from, CLASS_SYMBOL to)
{
	text_printf(sql, "INSERT INTO \"%s\" (_id, ", to->classname);
	class_append_columns(sql, to);
	text_append(sql, ") SELECT _id");
	for (int i = 0; i < to->nelem; i++) {
		const char *name = to->elem[i].elemname;
		const struct ClassElem *before = class_descriptor(from, name, strlen(name));
		if (before != NULL && !fits(before, &to->elem[i]))
			return odm_fail(ODMI_CLASS_EXISTS);
		if (before != NULL)
			text_printf(sql, ", \"%s\"", name);
		else
			text_printf(sql, ", %s", empty_value(&to->elem[i]));
	}
	text_printf(sql,
		" FROM " BEFORE " ORDER BY _id; DELETE FROM sqlite_sequence WHERE name = '%s';"
		"INSERT INTO sqlite_sequence SELECT '%s', seq FROM sqlite_sequence"
		" WHERE name = '" BEFORE "'; DROP TABLE " BEFORE ";",
		to->classname, to->classname);
	return 0;
}

static int append_drop_indexes(
	struct text *sql, struct repository *repository, const char *class_name)
{
	AUTO_FINALIZE sqlite3_stmt *rows = NULL;
	int result;

	if (repository_prepare(repository,
		    "SELECT name FROM sqlite_master"
		    " WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = ?1",
		    &rows) < 0)
		return -1;
	if (sqlite3_bind_text(rows, 1, class_name, -1, SQLITE_STATIC) != SQLITE_OK)
		return odm_fail_sqlite(repository->database);
	while ((result = sqlite3_step(rows)) == SQLITE_ROW)
		text_printf(sql, "DROP INDEX \"%s\";", (const char *)sqlite3_column_text(rows, 0));
	return result == SQLITE_DONE ? 0 : odm_fail_sqlite(repository->database);
}

static int change_form(struct repository *repository, CLASS_SYMBOL from, CLASS_SYMBOL to)
{
	AUTO(text_release) struct text sql = {0};
	const char *name = to->classname;

	if (append_drop_indexes(&sql, repository, name) < 0)
		return -1;
	if (same_descriptors(from, to)) {
		class_append_indexes(&sql, to);
	} else {
		text_printf(&sql, "ALTER TABLE \"%s\" RENAME TO " BEFORE ";", name);
		class_append_create(&sql, to);
		if (append_copy(&sql, from, to) < 0)
			return -1;
	}
	text_printf(&sql,
		"DELETE FROM odm_descriptor WHERE class = '%s';"
		"DELETE FROM odm_index WHERE class = '%s'",
		name, name);
	/* Statements and symbols know the old form. */
	class_forget_all();
	if (repository_execute_text(repository, &sql) < 0)
		return -1;
	return class_enter_form(repository, to);
}

int class_upgrade(CLASS_SYMBOL class_symbol)
{
	struct repository *repository = repository_first(false);

	if (repository == NULL)
		return -1;
	if (repository_has_class(repository, class_symbol->classname) != 1)
		return odmerrno == ODMI_CLASS_DNE ? odm_fail(ODMI_CLASS_EXISTS) : -1;
	CLASS_SYMBOL present = class_read(repository, class_symbol->classname);
	if (present == NULL || write_begin(repository) < 0) {
		symbol_free(present);
		return -1;
	}
	bool same = same_descriptors(present, class_symbol) && same_indexes(present, class_symbol);
	int result = same ? 0 : change_form(repository, present, class_symbol);
	symbol_free(present);
	return write_end(repository, result);
}
