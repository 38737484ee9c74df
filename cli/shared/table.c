#include "table.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/foreign.h"
#include "base/message.h"
#include "base/text.h"
#include "terminal.h"

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

typedef const char *const *row_place;

/* The end of the ascending run that begins at a row. */
static size_t run_end(const row_place *places, size_t first, size_t rows,
	int (*compare)(const void *one, const void *other))
{
	size_t end = first + 1;

	while (end < rows && compare(&places[end - 1], &places[end]) <= 0)
		end++;
	return end;
}

static void merge(const row_place *from, row_place *to, size_t first, size_t middle, size_t end,
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
static row_place *sort_runs(row_place *places, row_place *others, size_t rows,
	int (*compare)(const void *one, const void *other))
{
	while (run_end(places, 0, rows, compare) < rows) {
		for (size_t first = 0, end; first < rows; first = end) {
			size_t middle = run_end(places, first, rows, compare);
			end = middle < rows ? run_end(places, middle, rows, compare) : rows;
			merge(places, others, first, middle, end, compare);
		}
		row_place *sorted = others;
		others = places;
		places = sorted;
	}
	return places;
}

void table_sort(struct table *table, bool natural)
{
	size_t columns = (size_t)table->columns, rows = (size_t)table->count / columns;

	/* Without memory the rows stay in the database's order. */
	AUTO_FREE row_place *places = calloc(2 * rows + 1, sizeof(*places));
	AUTO_FREE const char **cells = calloc(rows * columns + 1, sizeof(*cells));
	if (places == NULL || cells == NULL)
		return;
	for (size_t row = 0; row < rows; row++)
		places[row] = &table->cells[row * columns];
	row_place *sorted = sort_runs(
		places, places + rows, rows, natural ? compare_naturally : compare_plainly);
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

/* What is foreign in a cell is escaped before anything is measured. False without memory. */
static bool make_shown(struct table *table)
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

/* Of cells that can be shown, as the others that follow. */
static void print_aligned(const struct table *table, const char *const *header, FILE *file)
{
	size_t widths[TABLE_COLUMNS];

	for (int column = 0; column < table->columns; column++)
		widths[column] = table_width(table, header, column);
	if (header != NULL) {
		print_row(header, widths, table->columns, file);
		fputc('\n', file);
	}
	for (int i = 0; i < table->count; i += table->columns)
		print_row(&table->cells[i], widths, table->columns, file);
}

void table_print(struct table *table, const char *const *header, FILE *file)
{
	if (make_shown(table))
		print_aligned(table, header, file);
}

void format_release(struct format *format)
{
	for (int i = 0; i < format->count; i++) {
		free(format->names[i]);
		free(format->separators[i]);
	}
	free(format->names);
	free(format->separators);
}

static bool is_name_character(char character)
{
	return isalnum((unsigned char)character) || character == '_';
}

bool format_read(const char *text, struct format *format)
{
	*format = (struct format){.aligned = true};
	while (*text != '\0') {
		size_t name = 0, separator = 0;
		while (is_name_character(text[name]))
			name++;
		while (text[name + separator] != '\0' && !is_name_character(text[name + separator]))
			separator++;
		size_t count = (size_t)format->count + 1;
		char **names = realloc(format->names, count * sizeof(*names));
		if (names == NULL)
			return false;
		format->names = names;
		char **separators = realloc(format->separators, count * sizeof(*separators));
		if (separators == NULL)
			return false;
		format->separators = separators;
		names[count - 1] = strndup(text, name);
		separators[count - 1] = strndup(text + name, separator);
		format->count++;
		if (names[count - 1] == NULL || separators[count - 1] == NULL)
			return false;
		for (size_t i = 0; i < separator; i++)
			if (!isspace((unsigned char)text[name + i]))
				format->aligned = false;
		text += name + separator;
	}
	return true;
}

static void print_format(const struct table *table, const struct format *format, FILE *file)
{
	if (format->aligned) {
		print_aligned(table, NULL, file);
		return;
	}
	for (int i = 0; i < table->count; i++) {
		int column = i % table->columns;
		fputs(table->cells[i], file);
		fputs(format->separators[column], file);
		if (column == table->columns - 1)
			fputc('\n', file);
	}
}

void table_print_format(struct table *table, const struct format *format, FILE *file)
{
	if (make_shown(table))
		print_format(table, format, file);
}

static json_t *latin1_json(const char *cell)
{
	AUTO(text_release) struct text text = {0};

	for (; *cell != '\0'; cell++) {
		unsigned char byte = (unsigned char)*cell;
		if (byte >= 0x80)
			text_append_char(&text, (char)(0xc0 | byte >> 6));
		text_append_char(&text, (char)(byte >= 0x80 ? 0x80 | (byte & 0x3f) : byte));
	}
	return text.failed || text.data == NULL ? NULL : json_string(text.data);
}

/* What is not UTF-8 can't be a JSON text: its bytes are taken for Latin-1. */
static json_t *text_json(const char *cell)
{
	json_t *text = json_string(cell);

	return text != NULL ? text : latin1_json(cell);
}

bool table_add_list(struct table *table, const char *const *texts, int count)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	for (int i = 0; i < count && ok; i++)
		ok = json_array_append_new(array, text_json(texts[i])) == 0;
	AUTO_FREE char *text = ok ? json_dumps(array, 0) : NULL;
	json_decref(array);
	const char **longer =
		realloc(table->lists, (size_t)(table->list_count + 1) * sizeof(*table->lists));
	if (longer == NULL)
		return false;
	table->lists = longer;
	if (text == NULL || !table_add(table, text))
		return false;
	longer[table->list_count++] = table->cells[table->count - 1];
	return true;
}

static json_t *cell_json(const struct table *table, const char *cell)
{
	for (int i = 0; i < table->list_count; i++)
		if (table->lists[i] == cell)
			return json_loads(cell, 0, NULL);
	return text_json(cell);
}

/* One row as an object: a new reference, NULL without memory. */
static json_t *row_json(const struct table *table, const struct format *format, int row)
{
	json_t *object = json_object();

	for (int column = 0; column < table->columns && object != NULL; column++) {
		json_t *value = cell_json(table, table->cells[row + column]);
		if (json_object_set_new(object, format->names[column], value) < 0) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

static bool print_json(const struct table *table, const struct format *format, FILE *file)
{
	fputc('[', file);
	for (int row = 0; row < table->count; row += table->columns) {
		json_t *object = row_json(table, format, row);
		fputs(row > 0 ? ",\n" : "", file);
		AUTO_FREE char *text = object != NULL ? json_dumps(object, 0) : NULL;
		json_decref(object);
		if (text == NULL)
			return false;
		foreign_print_json(text, file);
	}
	fputs("]\n", file);
	return true;
}

bool table_print_as(
	struct table *table, const struct format *format, enum table_form form, FILE *file)
{
	bool printed = true;

	/* Long listings in few writes; nothing was printed yet. */
	if (table->count > 4096)
		setvbuf(file, NULL, _IOFBF, (size_t)1 << 17);
	if (form == TABLE_JSON)
		printed = print_json(table, format, file);
	else if (!make_shown(table))
		printed = false;
	else if ((form == TABLE_HEADED || format->aligned) && terminal_is(file))
		terminal_print(table, format, form == TABLE_HEADED, file);
	else if (form == TABLE_HEADED)
		print_aligned(table, (const char *const *)format->names, file);
	else
		print_format(table, format, file);
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

bool listing_columns(const struct listing *listing, const char *usual, struct format *format)
{
	return format_read(listing->format != NULL ? listing->format : usual, format) &&
	       format->count > 0 && format->count <= TABLE_COLUMNS;
}
