/* What this Object Data Manager adds to AIX's. */
#ifndef ODMX_H
#define ODMX_H

#include <odmi.h>
#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Transactions over the repositories of the path: what happens between odm_begin and odm_commit
 * happens wholly or not at all. They nest. Each returns 0 or -1. Outside a transaction every add,
 * change and removal is durable by itself.
 */
int odm_begin(void);
int odm_commit(void);
int odm_rollback(void);

/*
 * Builds a criteria string: %s becomes a quoted literal, %d a number, all else stays. Returns
 * malloc'ed text for the caller to free, NULL when there is no memory.
 */
char *odm_criteria(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What was wrong with the last bad criteria of this thread, and at which byte of it. */
const char *odm_criteria_error(size_t *position);

/* The words for an error code, never null. */
const char *odm_error_text(int code);

/* What odmcreate makes of a class-definition file. */
#define ODM_MAKE_CLASSES 1 /* the classes, in the first repository */
#define ODM_MAKE_SOURCE 2 /* NAME.h and NAME.c in the directory */

/*
 * Compiles a class-definition file. preprocess: run it through the C preprocessor first. directory:
 * where the source goes. Mistakes are reported on `errors` with file and line. Returns 0, or -1
 * with nothing created.
 */
int odm_compile_file(
	const char *path, int preprocess, int make, const char *directory, FILE *errors);

/*
 * Adds every stanza of a file in one transaction. name: the file's, for messages on `errors`, which
 * have line and reason. Returns the number of objects, or -1 with nothing added.
 */
int odm_add_stanzas(FILE *file, const char *name, FILE *errors);

/*
 * Changes what matches to the descriptors present in the file's only stanza. Returns the number
 * of objects, or -1 with nothing changed.
 */
int odm_change_stanza(
	CLASS_SYMBOL class_symbol, char *crit, FILE *file, const char *name, FILE *errors);

/* Writes an object as a stanza. Returns 0, or -1 and errno. */
int odm_write_stanza(CLASS_SYMBOL class_symbol, const void *object, FILE *file);

/* Frees what an object's vchar members point to, and empties them. */
void odm_free_members(CLASS_SYMBOL class_symbol, void *object);

/* How many objects a class has and how many it had that are deleted. Returns 0 or -1. */
int odm_population(CLASS_SYMBOL class_symbol, long *active, long *deleted);

#ifdef __cplusplus
}
#endif

#endif
