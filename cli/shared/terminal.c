/* Fits a listing to the terminal's width, and colours its states. */
#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* A description is not cut to less. */
#define LEAST_DESCRIPTION 16
#define BOLD "\033[1m"
#define YELLOW "\033[33m"
#define RED "\033[31m"
#define NORMAL "\033[0m"

bool terminal_is(FILE *file)
{
	const char *kind = getenv("TERM");

	return isatty(fileno(file)) == 1 && kind != NULL && strcmp(kind, "dumb") != 0;
}

static size_t terminal_width(FILE *file)
{
	struct winsize size;

	return ioctl(fileno(file), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/* How a listing lies on the terminal. */
struct layout {
	size_t widths[TABLE_COLUMNS];
	int status; /* the column of states, -1 */
	bool colour;
};

static int find_column(const struct format *format, const char *name)
{
	for (int i = 0; i < format->count; i++)
		if (strcmp(format->names[i], name) == 0)
			return i;
	return -1;
}

static void lay_out(const struct table *table, const struct format *format, bool headed, FILE *file,
	struct layout *layout)
{
	size_t room = terminal_width(file), total = 0;
	int description = find_column(format, "description");

	for (int i = 0; i < table->columns; i++) {
		const char *const *header = headed ? (const char *const *)format->names : NULL;
		layout->widths[i] = table_width(table, header, i);
		total += layout->widths[i] + (i < table->columns - 1);
	}
	if (total > room && description >= 0) {
		size_t *width = &layout->widths[description], surplus = total - room;
		if (*width > LEAST_DESCRIPTION)
			*width = *width > surplus + LEAST_DESCRIPTION ? *width - surplus
								      : LEAST_DESCRIPTION;
	}
	layout->status = find_column(format, "status");
	layout->colour = getenv("NO_COLOR") == NULL;
}

static const char *colour_of(const char *status)
{
	static const char *const red[] = {"Missing", "Failed"};
	static const char *const yellow[] = {"Defined", "Stopped", "Disabled"};

	for (size_t i = 0; i < sizeof(red) / sizeof(*red); i++)
		if (strcmp(status, red[i]) == 0)
			return RED;
	for (size_t i = 0; i < sizeof(yellow) / sizeof(*yellow); i++)
		if (strcmp(status, yellow[i]) == 0)
			return YELLOW;
	return NULL;
}

static void print_cell(const char *text, size_t width, const char *colour, bool last, FILE *file)
{
	size_t length = strlen(text);
	int shown = (int)(length > width ? width - 3 : length);

	fprintf(file, "%s%.*s%s%s", colour != NULL ? colour : "", shown, text,
		length > width ? "..." : "", colour != NULL ? NORMAL : "");
	if (!last)
		fprintf(file, "%*s", (int)(length < width ? width - length : 0) + 1, "");
}

static void print_row(const struct layout *layout, const char *const *cells, int columns,
	const char *colour, FILE *file)
{
	for (int i = 0; i < columns; i++) {
		const char *own = i == layout->status ? colour_of(cells[i]) : NULL;
		print_cell(cells[i], layout->widths[i],
			!layout->colour  ? NULL
			: colour != NULL ? colour
					 : own,
			i == columns - 1, file);
	}
	fputc('\n', file);
}

bool terminal_print(struct table *table, const struct format *format, bool headed, FILE *file)
{
	struct layout layout;

	if (!table_escape(table))
		return false;
	lay_out(table, format, headed, file, &layout);
	if (headed) {
		print_row(&layout, (const char *const *)format->names, table->columns, BOLD, file);
		fputc('\n', file);
	}
	for (int i = 0; i < table->count; i += table->columns)
		print_row(&layout, &table->cells[i], table->columns, NULL, file);
	return true;
}
