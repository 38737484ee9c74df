/* Column-aligned listings, as lsdev and lsattr print them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * Rows of equally many cells. Zero-initialise with the number of columns; table_release it.
 * Printing escapes what is foreign in the cells (base/foreign.h), but for JSON, which has its own
 * way.
 */
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

/* Adds a cell for JSON only: an array of the texts. False without memory. */
bool table_add_list(struct table *table, const char *const *texts, int count);

/* Sorts the rows by their first cell: plainly, or with numbers in the order of their values. */
void table_sort(struct table *table, bool natural);

/* The longest cell of a column, and of the header if that is not NULL. */
size_t table_width(const struct table *table, const char *const *header, int column);

/*
 * Prints the rows: every column but the last as wide as its longest cell, one blank between. A
 * header is one more row for the widths, and an empty line follows it; NULL for none.
 */
void table_print(struct table *table, const char *const *header, FILE *file);

/*
 * A format of column names as -F takes them: "name status" aligns, any other separators are
 * printed as they are, without alignment.
 */
struct format {
	char **names;
	char **separators; /* behind each name */
	int count;
	bool aligned;
};
void format_release(struct format *format);
/* False without memory. */
bool format_read(const char *text, struct format *format);

/* How a listing is printed. */
enum table_form {
	TABLE_PLAIN, /* as the format says */
	TABLE_HEADED, /* aligned, below the columns' names: -H */
	TABLE_JSON, /* an array of objects, the columns' names and the cells as text: --json */
};

/* Prints in a form; false, with a message, when that fails. */
bool table_print_as(
	struct table *table, const struct format *format, enum table_form form, FILE *file);

/* What the options of a listing say: -F, -H, --json. Zero-initialise it. */
struct listing {
	const char *format;
	enum table_form form;
};

/* Takes one of these options ('F', 'H', 'j'); false for any other. */
bool listing_option(struct listing *listing, int option, const char *value);

/* The columns asked for, or the usual ones. False when the format has none, or too many. */
bool listing_columns(const struct listing *listing, const char *usual, struct format *format);

/* Prints rows whose cells are the format's columns. */
void table_print_format(struct table *table, const struct format *format, FILE *file);
