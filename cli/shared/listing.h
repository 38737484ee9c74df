/* How listings are printed: -F, -H, --json. For commands; the one way to a table on stdout. */
#pragma once

#include "format.h"
#include "table.h"

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

/* The columns asked for, or the usual ones. False, with a message, when there are none, or too
 * many. */
bool listing_columns(const struct listing *listing, const char *usual, struct format *format);

/* Prints rows whose cells are the format's columns. False without memory. */
bool table_print_format(struct table *table, const struct format *format, FILE *file);
