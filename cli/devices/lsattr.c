/* lsattr: attributes of a device or a type: effective (-E), default (-D), or as -F says. */
#include <string.h>

#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/lsattr.h"
#include "commands.h"

static const char usage[] =
	"lsattr {-E | -D | -P} [-O] -l Name [-a Attribute] ... [-f File] [-H | --json]\n"
	"       lsattr -E [--diff] [--origin] -l Name [-a Attribute] ... [-H | --json]\n"
	"       lsattr --pending -l Name [-F Format] [-H | --json]\n"
	"       lsattr -F Format [-Z Character] [-E | -D | -P] -l Name [-a Attribute] ...\n"
	"              [-H | --json]\n"
	"       lsattr -D [-O | -F Format [-Z Character]] -c Class -s Subclass -t Type\n"
	"              [-a Attribute] ... [-H | --json]\n"
	"       lsattr -R {-l Name | -c Class -s Subclass -t Type} -a Attribute [--json]\n"
	"       lsattr -o Operation ... -F Format {-l Name | -c Class -s Subclass -t Type}\n"
	"              [-Z Character] [-H | --json]";

static void request_release(struct lsattr_request *request)
{
	text_release(&request->wanted);
	text_release(&request->operations);
	attribute_changes_release(&request->last);
	odm_free_members(PdDv_CLASS, &request->pddv);
	attribute_origins_release(&request->origins);
}

static const struct argument stored[] = {
	ARGUMENT_TEXT('l', struct lsattr_request, name),
	TYPE_ARGUMENTS(struct lsattr_request, types),
	ARGUMENT_FLAG('E', struct lsattr_request, effective),
	ARGUMENT_FLAG('D', struct lsattr_request, defaults),
	ARGUMENT_FLAG('P', struct lsattr_request, running),
	ARGUMENT_FLAG('p', struct lsattr_request, pending),
	ARGUMENT_FLAG('O', struct lsattr_request, colon),
	ARGUMENT_FLAG('R', struct lsattr_request, ranges),
	ARGUMENT_FLAG('d', struct lsattr_request, changed_only),
	ARGUMENT_FLAG('w', struct lsattr_request, with_origin),
	{0},
};

static bool set_option(void *closure, int option, const char *value)
{
	struct lsattr_request *request = closure;

	switch (option) {
	case 'o':
		argument_append(&request->operations, " ", value);
		return true;
	case 'Z':
		request->separator = value;
		return (value[0] != '\0' && value[1] == '\0') ||
		       option_refused("-Z", value, "one character");
	case 'a':
		argument_append(&request->wanted, ":", value);
		return true;
	default:
		return listing_option(&request->listing, option, value);
	}
}

/* What is wrong with whose attributes are asked for; NULL: nothing. */
static const char *mistaken_device(const struct lsattr_request *request)
{
	bool of_device = request->effective || request->running || request->pending;

	if (request->name != NULL)
		return type_selection_any(&request->types) ? "-l and -c, -s, -t exclude each other"
							   : NULL;
	if (of_device)
		return "the device is missing: -l Name";
	return type_selection_whole(&request->types)
		       ? NULL
		       : "whose attributes? -l Name, or all of -c, -s and -t";
}

/* Which of the synopses it is: what is wrong with it, NULL for nothing. */
static const char *mistaken_form(const struct lsattr_request *request)
{
	bool operations = request->operations.length > 0, format = request->listing.format != NULL;
	int forms = request->effective + request->defaults + request->running + request->pending +
		    request->ranges + operations;

	if (forms > 1)
		return "-E, -D, -P, -R, -o and --pending exclude each other";
	if (forms == 0 && !format)
		return "-E, -D, -P, -R, --pending or -F Format is missing";
	if (operations && !format)
		return "-o needs -F Format";
	if (request->separator != NULL && !format)
		return "-Z is for -F Format";
	if (request->colon && format)
		return "-O and -F exclude each other";
	if (!request->ranges)
		return NULL;
	if (request->wanted.length == 0)
		return "-R lists the values of an attribute: -a Attribute is missing";
	return request->colon || format ? "-R has a form of its own: not with -O or -F" : NULL;
}

/* What is wrong with what only some forms have; NULL: nothing. */
static const char *mistaken_addition(const struct lsattr_request *request)
{
	bool operations = request->operations.length > 0, named = request->wanted.length > 0;

	if ((request->pending || operations) && (request->colon || named))
		return "--pending and -o list all attributes in columns: not with -O or -a";
	if (request->changed_only && (!request->effective || named))
		return "--diff is for -E, without -a";
	if (request->with_origin && (!request->effective || request->colon))
		return "--origin is for -E, without -O";
	return request->listing.form == TABLE_JSON && request->colon
		       ? "--json and -O exclude each other"
		       : NULL;
}

static const char *contradiction(const struct lsattr_request *request)
{
	const char *mistake = mistaken_form(request);

	if (mistake == NULL)
		mistake = mistaken_device(request);
	return mistake != NULL ? mistake : mistaken_addition(request);
}

static int list(struct lsattr_request *request)
{
	int status = lsattr_find_type(request);
	if (status != 0)
		return status;
	if (request->ranges)
		return lsattr_print_ranges(request, PdAt_CLASS, request->wanted.data);
	if (request->operations.length > 0)
		return lsattr_print_operations(request);
	AUTO(lsattr_selection_release) struct lsattr_selection selection = {0};
	if (!lsattr_select(request, &selection))
		return EXIT_NO_ATTRIBUTE;
	request->origins.device = request->name;
	if (request->with_origin && !attribute_origins_read(&request->origins))
		return EXIT_FAILED;
	return request->colon ? lsattr_print_colons(&selection)
			      : lsattr_print_table(request, &selection);
}

int lsattr_main(int argc, char **argv)
{
	AUTO(request_release) struct lsattr_request request = {0};
	static const struct option options[] = {{"json", no_argument, NULL, 'j'},
		{"diff", no_argument, NULL, 'd'}, {"origin", no_argument, NULL, 'w'},
		{"pending", no_argument, NULL, 'p'}, {0}};
	static const struct syntax syntax = {
		usage, "EDPORHF:Z:l:c:s:t:a:o:f:h", options, stored, set_option};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	const char *mistake = contradiction(&request);
	if (mistake != NULL)
		return usage_mistake(usage, "%s", mistake);
	if (!device_command_begin(false))
		return EXIT_FAILED;
	return list(&request);
}
