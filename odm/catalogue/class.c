/* What the library knows of each class that was used: found, opened, closed. */
#include <odmx.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "catalogue/catalogue.h"
#include "storage/thread.h"

/* The manual's limit of classes in one process. */
#define MOST_CLASSES 1023

/* Every class used since odm_initialize, and how many; under the library's lock. */
static struct class_state *classes;
static int class_count;

bool class_valid(CLASS_SYMBOL symbol)
{
	return symbol != NULL && symbol != ODM_FAILED && symbol->begin_magic == ODMI_MAGIC &&
	       symbol->end_magic == -ODMI_MAGIC;
}

/* Of a thread, or of all: 0. */
static void free_cursors(struct class_state *state, unsigned long thread)
{
	struct class_cursor **link = &state->cursors;

	while (*link != NULL) {
		struct class_cursor *gone = *link;
		if (thread != 0 && gone->thread != thread) {
			link = &gone->next;
			continue;
		}
		*link = gone->next;
		gone->release(gone);
	}
}

void class_finalize(struct class_state *state)
{
	free_cursors(state, 0);
	sqlite3_finalize(state->insert);
	sqlite3_finalize(state->update);
	sqlite3_finalize(state->by_id);
	for (int i = 0; i < QUERIES_KEPT; i++) {
		sqlite3_finalize(state->queries[i]);
		state->queries[i] = NULL;
	}
	free(state->update_columns);
	state->insert = state->update = state->by_id = NULL;
	state->update_columns = NULL;
}

static void end_thread(unsigned long thread)
{
	for (struct class_state *state = classes; state != NULL; state = state->next)
		free_cursors(state, thread);
}

void class_add_cursor(struct class_state *state, struct class_cursor *cursor)
{
	thread_on_end(end_thread);
	cursor->next = state->cursors;
	state->cursors = cursor;
}

/* Symbols that belong to the caller find their class anew; mounted ones are kept until the end. */
void class_forget_all(void)
{
	for (struct class_state *state = classes; state != NULL; state = state->next) {
		class_finalize(state);
		state->repository = NULL;
	}
}

void class_free_all(void)
{
	while (classes != NULL) {
		struct class_state *gone = classes;
		classes = gone->next;
		class_finalize(gone);
		gone->symbol->state = NULL;
		if (gone->mounted)
			symbol_free(gone->symbol);
		free(gone);
	}
	class_count = 0;
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
	if (old == NULL)
		odm_fail(ODMI_MALLOC_ERR);
	if (old == NULL || repository_set_directory(new_path) < 0)
		return ODM_FAILED;
	class_forget_all();
	return TAKE(old);
}

static struct class_state *enter_state(CLASS_SYMBOL symbol)
{
	struct class_state *state = class_count < MOST_CLASSES ? calloc(1, sizeof(*state)) : NULL;

	if (class_count == MOST_CLASSES) {
		odm_fail(ODMI_TOOMANYCLASSES);
		return NULL;
	}
	if (state == NULL) {
		odm_fail(ODMI_MALLOC_ERR);
		return NULL;
	}
	state->symbol = symbol;
	state->next = classes;
	classes = state;
	symbol->state = state;
	class_count++;
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
	class_finalize(state);
	state->read_only = false;
	return 0;
}

LIBODM_API CLASS_SYMBOL odm_mount_class(char *class_name)
{
	LIBRARY_LOCKED;
	if (class_name == NULL) {
		odm_fail(ODMI_PARAMS);
		return ODM_FAILED;
	}
	for (struct class_state *state = classes; state != NULL; state = state->next)
		if (state->repository != NULL && strcmp(state->symbol->classname, class_name) == 0)
			return state->symbol;

	struct repository *repository = repository_of_class(class_name);
	if (repository == NULL)
		return ODM_FAILED;
	CLASS_SYMBOL symbol = class_read(repository, class_name);
	if (symbol == NULL || enter_state(symbol) == NULL) {
		symbol_free(symbol);
		return ODM_FAILED;
	}
	symbol->state->repository = repository;
	symbol->state->mounted = true;
	return symbol;
}

/* Another process may have removed the class, or made it anew in another form. */
int class_fail(struct class_state *state)
{
	struct repository *repository = state->repository;
	int code = sqlite3_errcode(repository->database);

	if (code != SQLITE_ERROR && code != SQLITE_SCHEMA)
		return odm_fail_sqlite(repository->database);
	int there = repository_has_class(repository, state->symbol->classname);
	if (there != 0)
		return there < 0 ? -1 : odm_fail(ODMI_INVALID_CLASS);
	class_finalize(state);
	state->repository = NULL;
	return odm_fail(ODMI_CLASS_DNE);
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
		return class_fail(state);
	*active = (long)sqlite3_column_int64(row, 0);
	*deleted = (long)sqlite3_column_int64(row, 1) - *active;
	return 0;
}

int class_keep_prepared(struct class_state *state, sqlite3_stmt **kept, const struct text *sql)
{
	if (sql->failed)
		return odm_fail(ODMI_MALLOC_ERR);
	if (sqlite3_prepare_v3(state->repository->database, sql->data, -1,
		    SQLITE_PREPARE_PERSISTENT, kept, NULL) != SQLITE_OK)
		return class_fail(state);
	return 0;
}

int class_prepare_by_id(struct class_state *state)
{
	AUTO(text_release) struct text sql = {0};

	if (state->by_id != NULL)
		return 0;
	text_append(&sql, "SELECT _id, ");
	class_append_columns(&sql, state->symbol);
	text_printf(&sql, " FROM \"%s\" WHERE _id = ?1", state->symbol->classname);
	return class_keep_prepared(state, &state->by_id, &sql);
}
