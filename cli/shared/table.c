/* Tables: rows of cells that share their texts, sorted and printed in columns. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "base/foreign.h"
#include "base/text.h"

/* A block of the cells' texts. */
struct table_texts {
	struct table_texts *before;
	size_t used, room;
	char bytes[];
};
#define TEXTS ((size_t)1 << 16)

void table_release(struct table *table)
{
	while (table->texts != NULL) {
		struct table_texts *gone = table->texts;
		table->texts = gone->before;
		free(gone);
	}
	free(table->cells);
	free(table->lists);
}

/* A copy that lives as long as the table; NULL without memory. */
static const char *keep_text(struct table *table, const char *text)
{
	size_t size = strlen(text) + 1;
	struct table_texts *texts = table->texts;

	if (texts == NULL || texts->room - texts->used < size) {
		size_t room = size > TEXTS ? size : TEXTS;
		texts = malloc(sizeof(*texts) + room);
		if (texts == NULL)
			return NULL;
		*texts = (struct table_texts){.before = table->texts, .room = room};
		table->texts = texts;
	}
	char *copy = texts->bytes + texts->used;
	texts->used += size;
	return memcpy(copy, text, size);
}

bool table_add(struct table *table, const char *text)
{
	/* Room grows at the powers of two. */
	if ((table->count & (table->count - 1)) == 0) {
		size_t room = table->count > 0 ? 2 * (size_t)table->count : 1;
		const char **cells = realloc(table->cells, room * sizeof(*cells));
		if (cells == NULL)
			return false;
		table->cells = cells;
	}
	/* Long listings repeat what is above. */
	const char *above =
		table->count >= table->columns ? table->cells[table->count - table->columns] : NULL;
	const char *cell =
		above != NULL && strcmp(above, text) == 0 ? above : keep_text(table, text);
	table->cells[table->count] = cell;
	table->count += cell != NULL;
	return cell != NULL;
}

static int compare_plainly(const void *one, const void *other)
{
	return strcmp(**(const char *const *const *)one, **(const char *const *const *)other);
}

static int compare_naturally(const void *one, const void *other)
{
	return strverscmp(**(const char *const *const *)one, **(const char *const *const *)other);
}

typedef const char *const *row_cells;

/* The end of the ascending run that begins at a row. */
static size_t run_end(const row_cells *order, size_t first, size_t rows,
	int (*compare)(const void *one, const void *other))
{
	size_t end = first + 1;

	while (end < rows && compare(&order[end - 1], &order[end]) <= 0)
		end++;
	return end;
}

static void merge(const row_cells *from, row_cells *to, size_t first, size_t middle, size_t end,
	int (*compare)(const void *one, const void *other))
{
	size_t left = first, right = middle;

	for (size_t row = first; row < end; row++)
		if (left < middle && (right >= end || compare(&from[left], &from[right]) <= 0))
			to[row] = from[left++];
		else
			to[row] = from[right++];
}

/*
 * Merges ascending runs until there is one: devices come from the database in a few. Returns the
 * array that has the result.
 */
static row_cells *sort_runs(row_cells *order, row_cells *spare, size_t rows,
	int (*compare)(const void *one, const void *other))
{
	while (run_end(order, 0, rows, compare) < rows) {
		for (size_t first = 0, end; first < rows; first = end) {
			size_t middle = run_end(order, first, rows, compare);
			end = middle < rows ? run_end(order, middle, rows, compare) : rows;
			merge(order, spare, first, middle, end, compare);
		}
		row_cells *sorted = spare;
		spare = order;
		order = sorted;
	}
	return order;
}

void table_sort(struct table *table, bool natural)
{
	size_t columns = (size_t)table->columns, rows = (size_t)table->count / columns;

	/* Without memory the rows stay in the database's order. */
	AUTO_FREE row_cells *order = calloc(2 * rows + 1, sizeof(*order));
	AUTO_FREE const char **cells = calloc(rows * columns + 1, sizeof(*cells));
	if (order == NULL || cells == NULL)
		return;
	for (size_t row = 0; row < rows; row++)
		order[row] = &table->cells[row * columns];
	row_cells *sorted =
		sort_runs(order, order + rows, rows, natural ? compare_naturally : compare_plainly);
	for (size_t row = 0; row < rows; row++)
		memcpy(&cells[row * columns], sorted[row], columns * sizeof(*cells));
	const char **before = table->cells;
	table->cells = TAKE(cells);
	free(before);
}

size_t table_width(const struct table *table, const char *const *header, int column)
{
	size_t width = header != NULL ? strlen(header[column]) : 0;

	for (int i = column; i < table->count; i += table->columns) {
		size_t length = strlen(table->cells[i]);
		width = length > width ? length : width;
	}
	return width;
}

/* A row, without blanks behind its last cell. */
static void print_row(const char *const *cells, const size_t *widths, int columns, FILE *file)
{
	static const char blanks[] =
		"                                                                ";

	for (int column = 0; column < columns - 1; column++) {
		size_t length = strlen(cells[column]), behind = widths[column] - length + 1;
		fwrite_unlocked(cells[column], 1, length, file);
		for (; behind > sizeof(blanks) - 1; behind -= sizeof(blanks) - 1)
			fwrite_unlocked(blanks, 1, sizeof(blanks) - 1, file);
		fwrite_unlocked(blanks, 1, behind, file);
	}
	fputs_unlocked(cells[columns - 1], file);
	putc_unlocked('\n', file);
}

bool table_escape(struct table *table)
{
	for (int i = 0; i < table->count; i++) {
		size_t length = strlen(table->cells[i]);
		if (foreign_shown(table->cells[i], length) == length)
			continue;
		AUTO(text_release) struct text text = {0};
		foreign_append(&text, table->cells[i], length);
		const char *shown = text.failed ? NULL : keep_text(table, text.data);
		if (shown == NULL)
			return false;
		table->cells[i] = shown;
	}
	return true;
}

bool table_print(struct table *table, const char *const *header, FILE *file)
{
	size_t widths[TABLE_COLUMNS];

	if (!table_escape(table))
		return false;
	for (int column = 0; column < table->columns; column++)
		widths[column] = table_width(table, header, column);
	if (header != NULL) {
		print_row(header, widths, table->columns, file);
		fputc('\n', file);
	}
	for (int i = 0; i < table->count; i += table->columns)
		print_row(&table->cells[i], widths, table->columns, file);
	return true;
}
