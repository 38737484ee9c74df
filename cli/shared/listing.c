/* Listings in the form that -F, -H or --json ask for. */
#include "listing.h"

#include "base/message.h"
#include "table_json.h"
#include "terminal.h"

bool table_print_format(struct table *table, const struct format *format, FILE *file)
{
	if (format->aligned)
		return table_print(table, NULL, file);
	if (!table_escape(table))
		return false;
	for (int i = 0; i < table->count; i++) {
		int column = i % table->columns;
		fputs(table->cells[i], file);
		fputs(format->separators[column], file);
		if (column == table->columns - 1)
			fputc('\n', file);
	}
	return true;
}

bool table_print_as(
	struct table *table, const struct format *format, enum table_form form, FILE *file)
{
	bool headed = form == TABLE_HEADED;
	bool printed;

	/* Long listings in few writes; nothing was printed yet. */
	if (table->count > 4096)
		setvbuf(file, NULL, _IOFBF, (size_t)1 << 17);
	if (form == TABLE_JSON)
		printed = table_print_json(table, format, file);
	else if ((headed || format->aligned) && terminal_is(file))
		printed = terminal_print(table, format, headed, file);
	else if (headed)
		printed = table_print(table, (const char *const *)format->names, file);
	else
		printed = table_print_format(table, format, file);
	if (printed && fflush(file) == 0)
		return true;
	message("the listing can't be written");
	return false;
}

bool listing_option(struct listing *listing, int option, const char *value)
{
	if (option == 'F')
		listing->format = value;
	else if (option == 'H')
		listing->form = TABLE_HEADED;
	else if (option == 'j')
		listing->form = TABLE_JSON;
	else
		return false;
	return true;
}

static bool has_names(const struct format *format)
{
	for (int i = 0; i < format->count; i++)
		if (format->names[i][0] == '\0')
			return false;
	return true;
}

bool listing_columns(const struct listing *listing, const char *usual, struct format *format)
{
	const char *text = listing->format != NULL ? listing->format : usual;

	if (!format_read(text, format))
		message("there is not enough memory");
	else if (format->count == 0)
		message("-F takes the names of columns, not '%s'", text);
	else if (format->count > TABLE_COLUMNS)
		message("-F takes at most %d columns, not %d", TABLE_COLUMNS, format->count);
	else if (!has_names(format))
		message("-F takes the names of columns with something between them, not '%s'",
			text);
	else
		return true;
	return false;
}
