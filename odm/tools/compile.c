/* odmcreate's work: a class-definition file becomes classes and C source. */
#include <errno.h>
#include <odmx.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/foreign.h"
#include "storage/thread.h"
#include "tools/definition.h"
#include "transactions/transaction.h"
#include "writing/writing.h"

static void close_pipe(FILE **pipe)
{
	if (*pipe != NULL)
		pclose(*pipe);
}

/* The file's name without directory and .cre: what the C source is called. */
static char *source_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash != NULL ? slash + 1 : path;
	const char *dot = strrchr(base, '.');

	return strndup(base, dot != NULL ? (size_t)(dot - base) : strlen(base));
}

/* In a transaction that the caller ends: a class that exists already undoes those before it. */
static int create_classes(const struct definition *list, int make, FILE *errors)
{
	bool keep = make & (ODM_KEEP_CLASSES | ODM_UPGRADE_CLASSES);

	/* The repository must exist before a transaction can cover it. */
	if (repository_first(true) == NULL || odm_begin() < 0) {
		fprintf(errors, "the repository: %s\n", odm_error_text(odmerrno));
		return -1;
	}
	for (; list != NULL; list = list->next) {
		int result = odm_create_class(list->symbol);
		if (result < 0 && keep && odmerrno == ODMI_CLASS_EXISTS)
			result = make & ODM_UPGRADE_CLASSES ? class_upgrade(list->symbol) : 0;
		if (result == 0)
			continue;
		bool incompatible = make & ODM_UPGRADE_CLASSES && odmerrno == ODMI_CLASS_EXISTS;
		foreign_printf(errors, "class %s: %s\n", list->symbol->classname,
			incompatible ? "it exists in a form that can't become this one"
				     : odm_error_text(odmerrno));
		return transaction_abandon();
	}
	return 0;
}

static int read_definitions(
	const char *path, int preprocess, FILE *errors, struct definition **list)
{
	AUTO_FREE char *command = NULL;
	AUTO(close_pipe) FILE *pipe = NULL;
	AUTO_FCLOSE FILE *file = fopen(path, "r");

	if (file == NULL) {
		foreign_printf(errors, "%s: %s\n", path, strerror(errno));
		return odm_fail(ODMI_PARAMS);
	}
	if (!preprocess)
		return definition_read(file, path, errors, list);
	if (asprintf(&command, "cc -E -x c '%s'", path) < 0)
		return odm_fail(ODMI_MALLOC_ERR);
	if (strchr(path, '\'') != NULL || (pipe = popen(command, "r")) == NULL) {
		foreign_printf(errors, "%s: the C preprocessor can't be run on it\n", path);
		return odm_fail(ODMI_PARAMS);
	}
	return definition_read(pipe, path, errors, list);
}

LIBODM_API int odm_compile_file(
	const char *path, int preprocess, int make, const char *directory, FILE *errors)
{
	LIBRARY_LOCKED;
	if (path == NULL || directory == NULL || errors == NULL)
		return odm_fail(ODMI_PARAMS);
	AUTO(definition_free) struct definition *list = NULL;
	AUTO_FREE char *name = source_name(path);

	if (name == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	if (read_definitions(path, preprocess, errors, &list) < 0)
		return -1;
	bool classes = make & ODM_MAKE_CLASSES;
	if (classes && create_classes(list, make, errors) < 0)
		return -1;
	if ((make & ODM_MAKE_SOURCE) && definition_write_source(list, directory, name, errors) < 0)
		return classes ? transaction_abandon() : -1;
	return classes ? odm_commit() : 0;
}
