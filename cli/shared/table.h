/* Rows of cells, sorted and printed in columns. For listings, and what prints in columns itself. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Rows of equally many cells. Zero-initialise with the number of columns; table_release it. */
struct table {
	int columns;
	const char **cells; /* row after row */
	int count; /* of cells */
	const char **lists; /* those cells that JSON has as arrays */
	int list_count;
	struct table_texts *texts; /* what they point into */
};
void table_release(struct table *table);

/* Columns of one listing, at most. */
#define TABLE_COLUMNS 32

/* Adds a cell, a copy of the text: false without memory. */
bool table_add(struct table *table, const char *text);

/* Sorts the rows by their first cell: plainly, or with numbers in the order of their values. */
void table_sort(struct table *table, bool natural);

/* The longest cell of a column, and of the header if that is not NULL. */
size_t table_width(const struct table *table, const char *const *header, int column);

/*
 * Escapes what is foreign in the cells (base/foreign.h), before anything is measured: all that
 * prints a table does it, but for JSON, which has its own way. False without memory.
 */
bool table_escape(struct table *table);

/*
 * Prints the rows: every column but the last as wide as its longest cell, one blank between. A
 * header is one more row for the widths, and an empty line follows it; NULL for none.
 * False without memory.
 */
bool table_print(struct table *table, const char *const *header, FILE *file);
