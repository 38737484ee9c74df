/* Prints attributes as lsattr and lspath do: a table, colons, ranges, operations. */
#include <string.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cfgmethods/schema.h"
#include "command.h"
#include "device_table.h"
#include "json_output.h"
#include "lsattr.h"
#include "table_json.h"

static bool is_origin_column(const char *column)
{
	return strcmp(column, "when") == 0 || strcmp(column, "user") == 0 ||
	       strcmp(column, "command") == 0;
}

/* Empty for what the history does not have, as a default that was never changed. */
static const char *origin_text(
	const struct lsattr_request *request, const struct lsattr_row *row, const char *column)
{
	const struct attribute_origin *origin =
		attribute_origins_find(&request->origins, row->attribute->attribute, row->value);

	if (origin == NULL)
		return "";
	if (strcmp(column, "when") == 0)
		return origin->when;
	return strcmp(column, "user") == 0 ? origin->user : origin->command;
}

static const char *settable_text(const char *generic)
{
	if (strchr(generic, 'U') == NULL)
		return "False";
	return strchr(generic, '+') != NULL ? "True+" : "True";
}

/* A cell's text; NULL, with a message, when there is no such column. */
static const char *cell_text(const char *column, const struct lsattr_request *request,
	const struct messages *messages, const struct lsattr_row *row)
{
	if (strcmp(column, "attribute") == 0)
		return row->attribute->attribute;
	if (strcmp(column, "value") == 0 || strcmp(column, "deflt") == 0)
		return row->value;
	if (strcmp(column, "user_settable") == 0)
		return settable_text(row->attribute->generic);
	if (strcmp(column, "description") == 0)
		return messages_find(messages, row->attribute->nls_index);
	if (strcmp(column, "running") == 0 && request->name != NULL)
		return row->running;
	if (request->with_origin && is_origin_column(column))
		return origin_text(request, row, column);
	message("there is no column '%s'", column);
	return NULL;
}

/* How many rows, from the first on, are values of one attribute that JSON has as an array. */
static int rows_together(
	const struct lsattr_request *request, const struct lsattr_row *rows, int count)
{
	int together = 1;

	if (request->listing.form != TABLE_JSON || !rep_has_many(rows->attribute->rep))
		return 1;
	while (together < count &&
		strcmp(rows[together].attribute->attribute, rows->attribute->attribute) == 0)
		together++;
	return together;
}

/* What differs by value, for JSON: an array of the rows that have a value in that column. */
static bool add_list(struct table *table, const char *column, const struct lsattr_request *request,
	const struct lsattr_row *rows, int count)
{
	AUTO_FREE const char **texts = calloc((size_t)count, sizeof(*texts));
	bool running = strcmp(column, "running") == 0;
	int used = 0;

	for (int i = 0; texts != NULL && i < count; i++)
		if (*(running ? rows[i].running : rows[i].value) != '\0')
			texts[used++] = running ? rows[i].running
					: is_origin_column(column)
						? origin_text(request, &rows[i], column)
						: rows[i].value;
	return texts != NULL && table_add_list(table, texts, used);
}

static bool add_cell(struct table *table, const char *column, const struct lsattr_request *request,
	const struct messages *messages, const struct lsattr_row *rows, int count)
{
	const char *text = cell_text(column, request, messages, rows);
	bool by_value = strcmp(column, "value") == 0 || strcmp(column, "deflt") == 0 ||
			strcmp(column, "running") == 0 || is_origin_column(column);

	if (text == NULL)
		return false;
	if (by_value && request->listing.form == TABLE_JSON && rep_has_many(rows->attribute->rep))
		return add_list(table, column, request, rows, count);
	return table_add(table, text);
}

/* -Z: as the format says, with another character for the newlines. */
static int print_records(struct table *table, const struct format *format, char separator)
{
	AUTO_FREE char *text = NULL;
	size_t length;
	FILE *memory = open_memstream(&text, &length);
	if (memory == NULL)
		return EXIT_FAILED;

	bool printed = table_print_format(table, format, memory);
	fclose(memory);
	for (size_t i = 0; i < length; i++)
		putchar(text[i] == '\n' ? separator : text[i]);
	return printed && fflush(stdout) == 0 ? 0 : EXIT_FAILED;
}

int lsattr_print_table(
	const struct lsattr_request *request, const struct lsattr_selection *selection)
{
	const char *text = request->with_origin ? "attribute value when user command"
			   : request->pending   ? "attribute value running description"
			   : request->defaults  ? "attribute deflt description user_settable"
						: "attribute value description user_settable";
	AUTO(format_release) struct format format = {0};
	if (!listing_columns(&request->listing, text, &format))
		return EXIT_USAGE;
	AUTO(table_release) struct table table = {.columns = format.count};
	AUTO(messages_release) struct messages messages = {0};
	if (!messages_read(&messages, request->pddv.catalog, request->pddv.setno)) {
		message("the descriptions can't be read: %s", odm_error_text(odmerrno));
		return EXIT_FAILED;
	}

	for (int i = 0, together; i < selection->count; i += together) {
		const struct lsattr_row *rows = &selection->wanted[i];
		together = rows_together(request, rows, selection->count - i);
		for (int column = 0; column < format.count; column++)
			if (!add_cell(&table, format.names[column], request, &messages, rows,
				    together))
				return EXIT_FAILED;
	}
	if (request->separator != NULL)
		return print_records(&table, &format, *request->separator);
	return table_print_as(&table, &format, request->listing.form, stdout) ? 0 : EXIT_FAILED;
}

int lsattr_print_colons(const struct lsattr_selection *selection)
{
	for (int i = 0; i < selection->count; i++)
		foreign_printf(stdout, "%c%s", i == 0 ? '#' : ':',
			selection->wanted[i].attribute->attribute);
	printf("\n");
	for (int i = 0; i < selection->count; i++)
		foreign_printf(stdout, "%s%s", i == 0 ? "" : ":", selection->wanted[i].value);
	printf("\n");
	return 0;
}

/* What an attribute may be: from one number to another by a step, or one of these. */
struct allowed {
	struct text lowest, highest, step; /* of a range */
	const char *values; /* of a list; NULL: nobody says */
	char separator;
};

static void allowed_release(struct allowed *allowed)
{
	text_release(&allowed->lowest);
	text_release(&allowed->highest);
	text_release(&allowed->step);
}

/* The kernel's own list, or its maximum. */
static void take_kernel_range(struct allowed *allowed, const struct text *kernel)
{
	if (strncmp(kernel->data, "..", 2) == 0) {
		text_append(&allowed->lowest, "0");
		text_append(&allowed->highest, kernel->data + 2);
		text_append(&allowed->step, "1");
		return;
	}
	allowed->values = kernel->data;
	allowed->separator = ' ';
}

static void take_predefined(struct allowed *allowed, const struct PdAt *predefined)
{
	const char *values = predefined->values;

	allowed->values = values;
	allowed->separator = ',';
	if (strchr(predefined->rep, 'r') == NULL)
		return;
	allowed->values = NULL;
	const char *dash = values[0] != '\0' ? strchr(values + 1, '-') : NULL;
	if (dash == NULL)
		return;
	size_t end = strcspn(dash, ",");
	text_append_bytes(&allowed->lowest, values, (size_t)(dash - values));
	text_append_bytes(&allowed->highest, dash + 1, end - 1);
	text_append(&allowed->step, dash[end] == ',' ? dash + end + 1 : "1");
}

/* Calls a routine with each value of the list. False when it is false. */
static bool visit_values(const struct allowed *allowed,
	bool (*visit)(const char *value, void *closure), void *closure)
{
	const char separators[] = {allowed->separator, '\0'};
	AUTO_FREE char *copy = allowed->values != NULL ? strdup(allowed->values) : NULL;
	char *rest = copy;
	bool ok = copy != NULL || allowed->values == NULL;

	for (char *value = strsep(&rest, separators); value != NULL && ok;
		value = strsep(&rest, separators))
		ok = (*value == '\0' && allowed->separator == ' ') || visit(value, closure);
	return ok;
}

static bool print_value(const char *value, void *closure)
{
	return foreign_printf(closure, "%s\n", value) >= 0;
}

static bool add_value(const char *value, void *closure)
{
	return *value == '\0' || json_array_append_new(closure, json_text(value)) == 0;
}

static bool print_allowed_json(const struct allowed *allowed, const char *attribute)
{
	AUTO(json_release) json_t *object = json_object();
	AUTO(json_release) json_t *values = json_array();
	bool ok = json_set(object, "attribute", json_text(attribute));

	if (allowed->lowest.length > 0)
		ok = ok && json_set(object, "lowest", json_text(allowed->lowest.data)) &&
		     json_set(object, "highest", json_text(allowed->highest.data)) &&
		     json_set(object, "step", json_text(allowed->step.data));
	else
		ok = ok && visit_values(allowed, add_value, values) &&
		     json_set(object, "values", json_incref(values));
	return json_output(ok ? object : NULL);
}

/* One a line, a range as low...high (+increment). */
static bool print_allowed(const struct allowed *allowed)
{
	if (allowed->lowest.length == 0)
		return visit_values(allowed, print_value, stdout);
	return foreign_printf(stdout, "%s...%s (+%s)\n", allowed->lowest.data,
		       allowed->highest.data, allowed->step.data) >= 0;
}

/* Nothing is on standard output that could be taken for a value. */
static int tell_no_range(const struct PdAt *predefined)
{
	message("%s has neither a list nor a range of values: %s", predefined->attribute,
		strchr(predefined->generic, 'U') == NULL ? "it is not the user's to set"
		: strchr(predefined->rep, 'n') != NULL
			? "it is a number, and who gets it may refuse it"
			: "it is a text, and who gets it may refuse it");
	return EXIT_FAILED;
}

int lsattr_print_ranges(
	const struct lsattr_request *request, CLASS_SYMBOL symbol, const char *attribute)
{
	struct PdAt predefined;
	int found = find_object(symbol, &predefined, "uniquetype = %s AND attribute = %s",
		request->pddv.uniquetype, attribute);
	int status = 0;

	if (found != 1) {
		message("there is no attribute %s", attribute);
		return EXIT_NO_ATTRIBUTE;
	}
	AUTO(text_release) struct text kernel = {0};
	AUTO(allowed_release) struct allowed allowed = {.values = ""};
	bool of_kernel = lsattr_kernel_range(request, attribute, &kernel);
	if (of_kernel)
		take_kernel_range(&allowed, &kernel);
	else
		take_predefined(&allowed, &predefined);
	if (!of_kernel && *predefined.values == '\0')
		status = tell_no_range(&predefined);
	else if (request->listing.form == TABLE_JSON ? !print_allowed_json(&allowed, attribute)
						     : !print_allowed(&allowed))
		status = EXIT_FAILED;
	odm_free_members(symbol, &predefined);
	return status;
}

static bool add_operation(
	const struct format *format, const struct PdAtXtd *operation, struct table *table)
{
	char text[300];

	for (int i = 0; i < format->count; i++) {
		if (!descriptor_text(
			    PdAtXtd_CLASS, format->names[i], operation, text, sizeof(text))) {
			message("there is no column '%s'", format->names[i]);
			return false;
		}
		if (!table_add(table, text))
			return false;
	}
	return true;
}

static bool add_operations(const struct lsattr_request *request, const char *name,
	const struct format *format, struct table *table)
{
	struct listinfo info = {0};
	struct PdAtXtd *list = list_objects(PdAtXtd_CLASS, &info,
		"uniquetype = %s AND operation = %s", request->pddv.uniquetype, name);
	bool ok = list != ODM_FAILED;

	for (int i = 0; ok && i < info.num; i++)
		ok = add_operation(format, &list[i], table);
	if (list != NULL && list != ODM_FAILED)
		odm_free_list(list, &info);
	return ok;
}

int lsattr_print_operations(struct lsattr_request *request)
{
	AUTO(format_release) struct format format = {0};
	if (!listing_columns(&request->listing, "operation", &format))
		return EXIT_USAGE;
	AUTO(table_release) struct table table = {.columns = format.count};

	char *rest = request->operations.data;
	for (char *name = strsep(&rest, " "); name != NULL; name = strsep(&rest, " "))
		if (*name != '\0' && !add_operations(request, name, &format, &table))
			return EXIT_FAILED;
	if (request->separator != NULL)
		return print_records(&table, &format, *request->separator);
	return table_print_as(&table, &format, request->listing.form, stdout) ? 0 : EXIT_FAILED;
}
