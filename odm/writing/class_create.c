/* odm_create_class, odm_rm_class: classes created and removed, with their entries in the catalogue.
 */
#include "catalogue/catalogue.h"
#include "storage/thread.h"
#include "transactions/transaction.h"

static int enter_class(struct repository *repository, void *class_symbol)
{
	CLASS_SYMBOL symbol = class_symbol;
	AUTO(text_release) struct text sql = {0};

	text_printf(&sql, "INSERT INTO odm_class VALUES ('%s');", symbol->classname);
	class_append_create(&sql, symbol);
	if (repository_execute_text(repository, &sql) < 0)
		return -1;
	return class_enter_form(repository, symbol);
}

/* SQLite's names differ in more than case. */
static bool name_taken(struct repository *repository, const char *class_name)
{
	AUTO_FINALIZE sqlite3_stmt *row = NULL;

	return repository_prepare(repository,
		       "SELECT 1 FROM sqlite_master WHERE name = ?1 COLLATE NOCASE", &row) == 0 &&
	       sqlite3_bind_text(row, 1, class_name, -1, SQLITE_STATIC) == SQLITE_OK &&
	       sqlite3_step(row) == SQLITE_ROW;
}

LIBODM_API int odm_create_class(CLASS_SYMBOL class_symbol)
{
	LIBRARY_LOCKED;
	if (!class_valid(class_symbol))
		return odm_fail(ODMI_MAGICNO_ERR);
	struct repository *repository = repository_first(true);
	if (repository == NULL)
		return -1;
	if (name_taken(repository, class_symbol->classname))
		return odm_fail(ODMI_CLASS_EXISTS);
	return changes_record(repository, enter_class, class_symbol);
}

static int remove_class(struct repository *repository, void *class_symbol)
{
	CLASS_SYMBOL symbol = class_symbol;
	AUTO(text_release) struct text sql = {0};

	text_printf(&sql,
		"DROP TABLE \"%s\"; DELETE FROM odm_descriptor WHERE class = '%s';"
		"DELETE FROM odm_index WHERE class = '%s'; DELETE FROM odm_class WHERE name = '%s'",
		symbol->classname, symbol->classname, symbol->classname, symbol->classname);
	return repository_execute_text(repository, &sql);
}

/* The objects first, so that the history has them. */
static int remove_all(struct repository *repository, CLASS_SYMBOL symbol)
{
	if (transaction_enter(repository) < 0)
		return -1;
	int result = odm_rm_obj(symbol, NULL);
	class_finalize(symbol->state);
	if (result >= 0)
		result = changes_record(repository, remove_class, symbol);
	return transaction_leave(repository, result >= 0) < 0 ? -1 : result;
}

LIBODM_API int odm_rm_class(CLASS_SYMBOL class_symbol)
{
	LIBRARY_LOCKED;
	struct class_state *state = class_use(class_symbol, true);

	if (state == NULL)
		return -1;
	/* ODMPATH is for finding classes, not for losing them. */
	if (state->repository != repository_first(false))
		return odm_fail(ODMI_CLASS_DNE);
	if (remove_all(state->repository, class_symbol) < 0)
		return -1;
	state->repository = NULL;
	return 0;
}
