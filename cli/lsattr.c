/* lsattr: attributes of a device or a type: effective (-E), default (-D), or as -F says. */
#include <string.h>

#include "arguments.h"
#include "base/message.h"
#include "cfgmethods/schema.h"
#include "commands.h"
#include "lsattr.h"

static const char usage[] =
	"lsattr {-E | -D} [-O] -l Name [-a Attribute] ... [-H | --json]\n"
	"       lsattr -E [--diff] [--origin] -l Name [-a Attribute] ... [-H | --json]\n"
	"       lsattr -F Format [-Z Character] [-E | -D] -l Name [-a Attribute] ... [-H | "
	"--json]\n"
	"       lsattr -D [-O | -F Format [-Z Character]] -c Class -s Subclass -t Type\n"
	"              [-a Attribute] ... [-H | --json]\n"
	"       lsattr -R {-l Name | -c Class -s Subclass -t Type} -a Attribute";

static void request_release(struct lsattr_request *request)
{
	text_release(&request->wanted);
	odm_free_members(PdDv_CLASS, &request->pddv);
	attribute_origins_release(&request->origins);
}

static bool set_option(void *closure, int option, const char *value)
{
	struct lsattr_request *request = closure;

	switch (option) {
	case 'E':
		request->effective = true;
		return true;
	case 'D':
		request->defaults = true;
		return true;
	case 'O':
		request->colon = true;
		return true;
	case 'R':
		request->ranges = true;
		return true;
	case 'd':
		request->changed_only = true;
		return true;
	case 'o':
		request->with_origin = true;
		return true;
	case 'Z':
		request->separator = value;
		return value[0] != '\0' && value[1] == '\0';
	case 'l':
		request->name = option_value(value);
		return true;
	case 'c':
		request->class = option_value(value);
		return true;
	case 's':
		request->subclass = option_value(value);
		return true;
	case 't':
		request->type = option_value(value);
		return true;
	case 'a':
		text_printf(&request->wanted, "%s%s", request->wanted.length > 0 ? ":" : "",
			option_value(value));
		return true;
	default:
		return listing_option(&request->listing, option, value);
	}
}

/* Which of the synopses it is. */
static bool consistent(const struct lsattr_request *request)
{
	bool by_type = request->class != NULL && request->subclass != NULL && request->type != NULL;
	bool any_type =
		request->class != NULL || request->subclass != NULL || request->type != NULL;
	int forms = request->effective + request->defaults + request->ranges;

	if (forms > 1 || (forms == 0 && request->listing.format == NULL))
		return false;
	if (request->name != NULL ? any_type : !by_type || request->effective)
		return false;
	if (request->changed_only && (!request->effective || request->wanted.length > 0))
		return false;
	if (request->with_origin && (!request->effective || request->colon))
		return false;
	if (request->separator != NULL && request->listing.format == NULL)
		return false;
	if (request->listing.form == TABLE_JSON && (request->colon || request->ranges))
		return false;
	if (request->ranges)
		return request->wanted.length > 0 && !request->colon &&
		       request->listing.format == NULL;
	return !(request->colon && request->listing.format != NULL);
}

static bool is_origin_column(const char *column)
{
	return strcmp(column, "when") == 0 || strcmp(column, "user") == 0 ||
	       strcmp(column, "command") == 0;
}

/* Empty for what the history does not know, as a default that nobody touched. */
static const char *origin_text(
	const struct lsattr_request *request, const struct CuAt *attribute, const char *column)
{
	const struct attribute_origin *origin =
		attribute_origins_find(&request->origins, attribute->attribute);

	if (origin == NULL)
		return "";
	if (strcmp(column, "when") == 0)
		return origin->when;
	return strcmp(column, "user") == 0 ? origin->user : origin->command;
}

static bool add_cell(struct table *table, const char *column, const struct lsattr_request *request,
	const struct CuAt *attribute)
{
	if (strcmp(column, "attribute") == 0)
		return table_add(table, attribute->attribute);
	if (strcmp(column, "value") == 0 || strcmp(column, "deflt") == 0)
		return table_add(table, attribute->value);
	if (strcmp(column, "user_settable") == 0)
		return table_add(table, strchr(attribute->generic, 'U') ? "True" : "False");
	if (strcmp(column, "description") == 0) {
		AUTO_FREE char *text = attribute->nls_index > 0
					       ? message_text(request->pddv.catalog,
							 request->pddv.setno, attribute->nls_index)
					       : strdup("");
		return text != NULL && table_add(table, text);
	}
	if (request->with_origin && is_origin_column(column))
		return table_add(table, origin_text(request, attribute, column));
	message("there is no column '%s'", column);
	return false;
}

/* -Z: as the format says, with another character for the newlines. */
static int print_records(const struct table *table, const struct format *format, char separator)
{
	AUTO_FREE char *text = NULL;
	size_t length;
	FILE *memory = open_memstream(&text, &length);
	if (memory == NULL)
		return EXIT_FAILED;

	table_print_format(table, format, memory);
	fclose(memory);
	for (size_t i = 0; i < length; i++)
		putchar(text[i] == '\n' ? separator : text[i]);
	return fflush(stdout) == 0 ? 0 : EXIT_FAILED;
}

static int print_table(
	const struct lsattr_request *request, const struct lsattr_selection *selection)
{
	const char *text = request->with_origin ? "attribute value when user command"
			   : request->defaults  ? "attribute deflt description user_settable"
						: "attribute value description user_settable";
	AUTO(format_release) struct format format = {0};
	if (!listing_columns(&request->listing, text, &format))
		return usage_error(usage);
	AUTO(table_release) struct table table = {.columns = format.count};

	for (int i = 0; i < selection->count; i++)
		for (int column = 0; column < format.count; column++)
			if (!add_cell(&table, format.names[column], request, selection->wanted[i]))
				return EXIT_FAILED;
	if (request->separator != NULL)
		return print_records(&table, &format, *request->separator);
	return table_print_as(&table, &format, request->listing.form, stdout) ? 0 : EXIT_FAILED;
}

static int print_colons(const struct lsattr_selection *selection)
{
	for (int i = 0; i < selection->count; i++)
		printf("%c%s", i == 0 ? '#' : ':', selection->wanted[i]->attribute);
	printf("\n");
	for (int i = 0; i < selection->count; i++)
		printf("%s%s", i == 0 ? "" : ":", selection->wanted[i]->value);
	printf("\n");
	return 0;
}

/* -R: the values allowed, one a line, a range as low...high (+increment). */
static int print_ranges(const struct lsattr_request *request, const char *attribute)
{
	struct PdAt predefined;
	int found = find_object(PdAt_CLASS, &predefined, "uniquetype = %s AND attribute = %s",
		request->pddv.uniquetype, attribute);

	if (found != 1) {
		message("there is no attribute %s", attribute);
		return EXIT_NO_ATTRIBUTE;
	}
	if (strchr(predefined.rep, 'r') != NULL) {
		const char *dash = strchr(predefined.values + 1, '-');
		const char *comma = strchr(predefined.values, ',');
		if (dash != NULL)
			printf("%.*s...%.*s (+%s)\n", (int)(dash - predefined.values),
				predefined.values,
				comma != NULL ? (int)(comma - dash - 1) : (int)strlen(dash + 1),
				dash + 1, comma != NULL ? comma + 1 : "1");
	} else {
		char *rest = predefined.values;
		for (char *value = strsep(&rest, ","); value != NULL; value = strsep(&rest, ","))
			printf("%s\n", value);
	}
	odm_free_members(PdAt_CLASS, &predefined);
	return 0;
}

static int list(struct lsattr_request *request)
{
	int status = lsattr_find_type(request);
	if (status != 0)
		return status;
	if (request->ranges)
		return print_ranges(request, request->wanted.data);
	AUTO(lsattr_selection_release) struct lsattr_selection selection = {0};
	if (!lsattr_select(request, &selection))
		return EXIT_NO_ATTRIBUTE;
	request->origins.device = request->name;
	if (request->with_origin && !attribute_origins_read(&request->origins))
		return EXIT_FAILED;
	return request->colon ? print_colons(&selection) : print_table(request, &selection);
}

int lsattr_main(int argc, char **argv)
{
	AUTO(request_release) struct lsattr_request request = {0};
	static const struct option options[] = {{"json", no_argument, NULL, 'j'},
		{"diff", no_argument, NULL, 'd'}, {"origin", no_argument, NULL, 'o'}, {0}};
	static const struct syntax syntax = {usage, "EDORHF:Z:l:c:s:t:a:f:h", options, set_option};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if (!consistent(&request))
		return usage_error(usage);
	if (!device_command_begin(false))
		return EXIT_FAILED;
	return list(&request);
}
