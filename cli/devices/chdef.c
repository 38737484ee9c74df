/* chdef: lists or changes the predefined defaults of device types. */
#include <string.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/listing.h"
#include "cli/shared/type_selection.h"
#include "commands.h"

static const char usage[] =
	"chdef -a Attribute=Value -c Class -s Subclass -t Type [-f File] [-h]\n"
	"       chdef [-a Attribute] [-c Class] [-s Subclass] [-t Type] [-F Format]\n"
	"             [-H | --json]";

struct request {
	const char *assignment;
	struct type_selection types;
	struct listing listing;
};

static const struct argument stored[] = {
	ARGUMENT_TEXT('a', struct request, assignment),
	TYPE_ARGUMENTS(struct request, types),
	{0},
};

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;

	return listing_option(&request->listing, option, value);
}

/* What the new default may be: one of those that are listed, or in the range. */
static int check(const struct PdAt *attribute, const char *value, struct method_output *output)
{
	AUTO_FREE char *reason = NULL;

	if (strchr(attribute->generic, 'U') == NULL)
		return method_fail(output, E_ATTRVAL, "%s of %s is not the user's to set.",
			attribute->attribute, attribute->uniquetype);
	if (attribute->values[0] == '\0')
		return method_fail(output, E_ATTRVAL,
			"%s of %s has no list or range of values: its default can't be changed.",
			attribute->attribute, attribute->uniquetype);
	if (!value_allowed(attribute, value, &reason))
		return method_fail(output, E_ATTRVAL, "%s.",
			reason != NULL ? reason : "there is not enough memory");
	return E_OK;
}

static int change(struct PdAt *attribute, const char *value, struct method_output *output)
{
	int code = check(attribute, value, output);
	if (code != E_OK)
		return code;

	char *old = attribute->deflt;
	attribute->deflt = strdup(value);
	int result = attribute->deflt != NULL ? odm_change_obj(PdAt_CLASS, attribute) : -1;
	free(old);
	return result < 0 ? method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno))
			  : E_OK;
}

static int change_default(const struct request *request)
{
	AUTO(method_output_release) struct method_output output = {0};
	AUTO_FREE char *name = strdup(request->assignment);
	struct PdAt attribute;
	char uniquetype[48];
	if (name == NULL)
		return EXIT_FAILED;

	char *value = strchr(name, '=');
	*value++ = '\0';
	bool fits = type_selection_uniquetype(&request->types, uniquetype);
	int found = fits ? find_object(PdAt_CLASS, &attribute, "uniquetype = %s AND attribute = %s",
				   uniquetype, name)
			 : 0;
	if (found != 1) {
		message("%.100s has no attribute %s; lsdev -P lists the types", uniquetype, name);
		return EXIT_FAILED;
	}
	int code = change(&attribute, value, &output);
	odm_free_members(PdAt_CLASS, &attribute);
	if (code != E_OK) {
		device_command_report("chdef", code, &output);
		return EXIT_FAILED;
	}
	foreign_printf(stdout, "%s changed\n", name);
	message("devices with the default have the new value when they are configured again");
	return 0;
}

static bool type_wanted(const struct request *request, const char *uniquetype)
{
	char class[48], *rest = class;
	const char *const wanted[] = {
		request->types.class, request->types.subclass, request->types.type};

	strcpy(class, uniquetype);
	for (size_t i = 0; i < 3; i++) {
		const char *part = i < 2 ? strsep(&rest, "/") : rest;
		if (wanted[i] != NULL && (part == NULL || strcmp(wanted[i], part) != 0))
			return false;
	}
	return true;
}

static bool add_cell(struct table *table, const char *column, const struct PdAt *attribute)
{
	const char *const cells[][2] = {{"attribute", attribute->attribute},
		{"deflt", attribute->deflt}, {"values", attribute->values},
		{"uniquetype", attribute->uniquetype}};

	for (size_t i = 0; i < sizeof(cells) / sizeof(*cells); i++)
		if (strcmp(cells[i][0], column) == 0)
			return table_add(table, cells[i][1]);
	message("there is no column '%s'", column);
	return false;
}

/* What can be changed: the user's attributes that have a list or a range. */
static bool wanted(const struct request *request, const struct PdAt *attribute)
{
	return strchr(attribute->generic, 'U') != NULL && attribute->values[0] != '\0' &&
	       (request->assignment == NULL ||
		       strcmp(request->assignment, attribute->attribute) == 0) &&
	       type_wanted(request, attribute->uniquetype);
}

static int list_defaults(const struct request *request)
{
	AUTO(format_release) struct format format = {0};
	struct listinfo info = {0};
	if (!listing_columns(&request->listing, "uniquetype attribute deflt values", &format))
		return usage_error(usage);
	AUTO(table_release) struct table table = {.columns = format.count};

	struct PdAt *list = list_by(PdAt_CLASS, &info, strdup(""));
	bool ok = list != ODM_FAILED;
	for (int i = 0; ok && i < info.num; i++)
		for (int column = 0; column < format.count && ok; column++)
			if (wanted(request, &list[i]))
				ok = add_cell(&table, format.names[column], &list[i]);
	if (list != NULL && list != ODM_FAILED)
		odm_free_list(list, &info);
	if (table.count == 0)
		type_selection_explain(&request->types);
	table_sort(&table, false);
	return ok && table_print_as(&table, &format, request->listing.form, stdout) ? 0
										    : EXIT_FAILED;
}

int chdef_main(int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {0}};
	static const struct syntax syntax = {usage, "a:c:s:t:F:f:Hh", options, stored, set_option};
	struct request request = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	bool changes = request.assignment != NULL && strchr(request.assignment, '=') != NULL;
	bool whole_type = type_selection_whole(&request.types);
	if (changes && !whole_type)
		return usage_mistake(usage, "whose default? -c, -s and -t say of which type");
	if (changes && (request.listing.format != NULL || request.listing.form != TABLE_PLAIN))
		return usage_mistake(usage, "-F, -H and --json are for the listing: not with "
					    "Attribute=Value");
	if (!device_command_begin(changes))
		return EXIT_FAILED;
	return changes ? change_default(&request) : list_defaults(&request);
}
