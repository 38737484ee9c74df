/* Class definitions, read from a file and written as C source; only files of this folder and tests.
 */
#pragma once

#include <odmi.h>
#include <stdio.h>

/* A class definition read from a .cre file: a symbol of its own, freed by definition_free. */
struct definition {
	CLASS_SYMBOL symbol;
	struct definition *next;
};
int definition_read(FILE *file, const char *name, FILE *errors, struct definition **list);
void definition_free(struct definition **list);
int definition_write_source(
	const struct definition *list, const char *directory, const char *name, FILE *errors);
