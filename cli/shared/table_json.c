/* A table as JSON: an array with an object for each row. */
#include "table_json.h"

#include <stdlib.h>

#include "base/foreign.h"
#include "json_output.h"

bool table_add_list(struct table *table, const char *const *texts, int count)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	for (int i = 0; i < count && ok; i++)
		ok = json_array_append_new(array, json_text(texts[i])) == 0;
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
	return json_text(cell);
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

bool table_print_json(const struct table *table, const struct format *format, FILE *file)
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
