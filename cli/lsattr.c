/* lsattr: attributes of a device or a type: effective (-E), default (-D), or as -F says. */
#include <getopt.h>
#include <string.h>

#include "base/message.h"
#include "cfgmethods/schema.h"
#include "commands.h"
#include "device_command.h"
#include "table.h"

#define EXIT_NO_ATTRIBUTE 255

static const char usage[] =
	"lsattr {-E | -D} [-O] -l Name [-a Attribute] ... [-H | --json]\n"
	"       lsattr -E --diff -l Name [-H | --json]\n"
	"       lsattr -F Format [-Z Character] [-E | -D] -l Name [-a Attribute] ... [-H | "
	"--json]\n"
	"       lsattr -D [-O | -F Format [-Z Character]] -c Class -s Subclass -t Type\n"
	"              [-a Attribute] ... [-H | --json]\n"
	"       lsattr -R {-l Name | -c Class -s Subclass -t Type} -a Attribute";

struct request {
	bool effective, defaults, colon, ranges, changed_only;
	enum table_form form;
	const char *separator; /* -Z: between records, in place of a newline */
	const char *name, *class, *subclass, *type, *format;
	struct text wanted; /* -a, joined by colons */
	struct PdDv pddv;
};

static void request_release(struct request *request)
{
	text_release(&request->wanted);
	odm_free_members(PdDv_CLASS, &request->pddv);
}

static bool set_option(struct request *request, int option)
{
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
	case 'H':
		request->form = TABLE_HEADED;
		return true;
	case 'j':
		request->form = TABLE_JSON;
		return true;
	case 'd':
		request->changed_only = true;
		return true;
	case 'Z':
		request->separator = optarg;
		return optarg[0] != '\0' && optarg[1] == '\0';
	case 'F':
		request->format = optarg;
		return true;
	case 'l':
		request->name = option_value(optarg);
		return true;
	case 'c':
		request->class = option_value(optarg);
		return true;
	case 's':
		request->subclass = option_value(optarg);
		return true;
	case 't':
		request->type = option_value(optarg);
		return true;
	case 'a':
		text_printf(&request->wanted, "%s%s", request->wanted.length > 0 ? ":" : "",
			option_value(optarg));
		return true;
	default:
		return false;
	}
}

/* Which of the synopses it is. */
static bool consistent(const struct request *request)
{
	bool by_type = request->class != NULL && request->subclass != NULL && request->type != NULL;
	bool any_type =
		request->class != NULL || request->subclass != NULL || request->type != NULL;
	int forms = request->effective + request->defaults + request->ranges;

	if (forms > 1 || (forms == 0 && request->format == NULL))
		return false;
	if (request->name != NULL ? any_type : !by_type || request->effective)
		return false;
	if (request->changed_only && (!request->effective || request->wanted.length > 0))
		return false;
	if (request->separator != NULL && request->format == NULL)
		return false;
	if (request->form == TABLE_JSON && (request->colon || request->ranges))
		return false;
	if (request->ranges)
		return request->wanted.length > 0 && !request->colon && request->format == NULL;
	return !(request->colon && request->format != NULL);
}

/* Finds the type: 0, or an exit status with a message. */
static int find_type(struct request *request)
{
	struct CuDv device;
	int found;

	if (request->name != NULL) {
		found = find_object(CuDv_CLASS, &device, "name = %s", request->name);
		if (found == 1)
			found = find_object(PdDv_CLASS, &request->pddv, "uniquetype = %s",
				device.PdDvLn_Lvalue);
	} else {
		found = find_object(PdDv_CLASS, &request->pddv,
			"class = %s AND subclass = %s AND type = %s", request->class,
			request->subclass, request->type);
	}
	if (found == 1)
		return 0;
	if (found < 0)
		message("the database can't be read: %s", odm_error_text(odmerrno));
	else if (request->name != NULL)
		message("%s is not in the customized database", request->name);
	else
		message("there is no device type %s/%s/%s", request->class, request->subclass,
			request->type);
	return found < 0 ? EXIT_FAILED : EXIT_NO_ATTRIBUTE;
}

/* The attributes wanted: `all`, or those of the -a list in its order. */
struct selection {
	struct CuAt *all;
	int all_count;
	const struct CuAt **wanted;
	int count;
};

static void selection_release(struct selection *selection)
{
	freeattr(selection->all, selection->all_count);
	free(selection->wanted);
}

/* The defaults of the type, in the form of customized attributes. */
static struct CuAt *get_defaults(const struct request *request, int *count)
{
	struct listinfo info;
	struct PdAt *list =
		list_objects(PdAt_CLASS, &info, "uniquetype = %s", request->pddv.uniquetype);
	if (list == NULL || list == ODM_FAILED)
		return NULL;

	struct CuAt *attributes = calloc((size_t)info.num, sizeof(*attributes));
	*count = attributes != NULL ? info.num : 0;
	for (int i = 0; i < *count; i++) {
		strcpy(attributes[i].attribute, list[i].attribute);
		strcpy(attributes[i].generic, list[i].generic);
		attributes[i].nls_index = list[i].nls_index;
		attributes[i].value = strdup(list[i].deflt);
	}
	odm_free_list(list, &info);
	return attributes;
}

static int compare_attributes(const void *one, const void *other)
{
	return strcmp(
		((const struct CuAt *)one)->attribute, ((const struct CuAt *)other)->attribute);
}

/* Whether a value is not the type's default; an attribute that the type does not have is none. */
static bool is_changed(const struct CuAt *attribute, const struct CuAt *defaults, int count)
{
	for (int i = 0; i < count; i++)
		if (strcmp(defaults[i].attribute, attribute->attribute) == 0)
			return strcmp(defaults[i].value, attribute->value) != 0;
	return true;
}

/* What is displayed; with --diff what is not default, displayed or not. */
static bool select_all(const struct request *request, struct selection *selection)
{
	int count = 0;
	struct CuAt *defaults = request->changed_only ? get_defaults(request, &count) : NULL;

	for (int i = 0; i < selection->all_count; i++) {
		const struct CuAt *attribute = &selection->all[i];
		if (request->changed_only ? is_changed(attribute, defaults, count)
					  : strchr(attribute->generic, 'D') != NULL)
			selection->wanted[selection->count++] = attribute;
	}
	freeattr(defaults, count);
	return true;
}

static const struct CuAt *find_attribute(const struct selection *selection, const char *name)
{
	for (int i = 0; i < selection->all_count; i++)
		if (strcmp(selection->all[i].attribute, name) == 0)
			return &selection->all[i];
	return NULL;
}

/* Names may be joined by colons or blanks, and may be there twice. */
static bool select_named(struct selection *selection, char *names)
{
	for (char *name = strsep(&names, ": "); name != NULL; name = strsep(&names, ": ")) {
		if (*name == '\0')
			continue;
		const struct CuAt *attribute = find_attribute(selection, name);
		if (attribute == NULL) {
			message("there is no attribute %s", name);
			return false;
		}
		const struct CuAt **longer = realloc(selection->wanted,
			(size_t)(selection->count + 1) * sizeof(*selection->wanted));
		if (longer == NULL)
			return false;
		selection->wanted = longer;
		longer[selection->count++] = attribute;
	}
	return true;
}

static bool read_selection(struct request *request, struct selection *selection)
{
	selection->all = request->name != NULL && !request->defaults
				 ? getattr(request->name, "", TRUE, &selection->all_count)
				 : get_defaults(request, &selection->all_count);
	if (selection->all_count > 0)
		qsort(selection->all, (size_t)selection->all_count, sizeof(*selection->all),
			compare_attributes);
	if (request->wanted.length > 0)
		return select_named(selection, request->wanted.data);
	selection->wanted = calloc((size_t)selection->all_count + 1, sizeof(*selection->wanted));
	return selection->wanted != NULL && select_all(request, selection);
}

static bool add_cell(struct table *table, const char *column, const struct request *request,
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

static int print_table(const struct request *request, const struct selection *selection)
{
	const char *text = request->defaults ? "attribute deflt description user_settable"
					     : "attribute value description user_settable";
	AUTO(format_release) struct format format = {0};
	if (!format_read(request->format != NULL ? request->format : text, &format) ||
		format.count == 0 || format.count > 32)
		return usage_error(usage);
	AUTO(table_release) struct table table = {.columns = format.count};

	for (int i = 0; i < selection->count; i++)
		for (int column = 0; column < format.count; column++)
			if (!add_cell(&table, format.names[column], request, selection->wanted[i]))
				return EXIT_FAILED;
	if (request->separator != NULL)
		return print_records(&table, &format, *request->separator);
	return table_print_as(&table, &format, request->form, stdout) ? 0 : EXIT_FAILED;
}

static int print_colons(const struct selection *selection)
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
static int print_ranges(const struct request *request, const char *attribute)
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

static int list(struct request *request)
{
	int status = find_type(request);
	if (status != 0)
		return status;
	if (request->ranges)
		return print_ranges(request, request->wanted.data);
	AUTO(selection_release) struct selection selection = {0};
	if (!read_selection(request, &selection))
		return EXIT_NO_ATTRIBUTE;
	return request->colon ? print_colons(&selection) : print_table(request, &selection);
}

int lsattr_main(int argc, char **argv)
{
	AUTO(request_release) struct request request = {0};
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'}, {"diff", no_argument, NULL, 'd'}, {0}};
	int option;

	while ((option = getopt_long(argc, argv, "EDORHF:Z:l:c:s:t:a:h", options, NULL)) != -1) {
		if (option == 'h') {
			printf("usage: %s\n", usage);
			return 0;
		}
		if (!set_option(&request, option))
			return usage_error(usage);
	}
	if (!consistent(&request) || !no_operands(argc, argv))
		return usage_error(usage);
	if (!device_command_begin(false))
		return EXIT_FAILED;
	return list(&request);
}
