/* lspath: lists the paths of multi-path devices, or with -A the attributes of one. */
#include <string.h>
#include <strings.h>

#include "base/message.h"
#include "cfgmethods/path_attributes.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_table.h"
#include "cli/shared/lsattr.h"
#include "commands.h"
#include "path_common.h"

static const char usage[] =
	"lspath [-l Name] [-p Parent] [-w Connection] [-i PathID] [-s Status] [-F Format | -t]\n"
	"              [-f File] [-H | --json] [-h]\n"
	"       lspath -A -l Name [-p Parent] [-w Connection] [-i PathID]\n"
	"              {-E [-O] | -D [-O] | -F Format [-Z Character] | -R} [-a Attribute] ...\n"
	"              [-H | --json]";

struct request {
	struct path_selection paths;
	const char *status;
	bool attributes, short_form; /* -t: as without it */
	struct lsattr_request of_attributes;
};

static void request_release(struct request *request)
{
	path_selection_release(&request->paths);
	text_release(&request->of_attributes.wanted);
	odm_free_members(PdDv_CLASS, &request->of_attributes.pddv);
}

static bool is_status(const char *text)
{
	static const char *const words[] = {
		"enabled", "disabled", "failed", "unmapped", "defined", "missing", "available"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcasecmp(words[i], text) == 0)
			return true;
	return false;
}

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;
	struct lsattr_request *attributes = &request->of_attributes;

	switch (option) {
	case 's':
		request->status = option_value(value);
		return is_status(request->status) ||
		       option_refused("-s", value,
			       "enabled, disabled, failed, unmapped, defined, missing or "
			       "available");
	case 't':
		request->short_form = true;
		return true;
	case 'A':
		request->attributes = true;
		return true;
	case 'E':
		attributes->effective = true;
		return true;
	case 'D':
		attributes->defaults = true;
		return true;
	case 'O':
		attributes->colon = true;
		return true;
	case 'R':
		attributes->ranges = true;
		return true;
	case 'Z':
		attributes->separator = value;
		return (value[0] != '\0' && value[1] == '\0') ||
		       option_refused("-Z", value, "one character");
	case 'a':
		argument_append(&attributes->wanted, ":", value);
		return true;
	default:
		return listing_option(&attributes->listing, option, value) ||
		       path_selection_option(&request->paths, option, value);
	}
}

static const char *status_text(const struct CuPath *path)
{
	static const char *const names[] = {"Defined", "Available", "Missing"};

	return path->path_status >= PATH_DEFINED && path->path_status <= PATH_MISSING
		       ? names[path->path_status]
		       : "Unknown";
}

static bool add_cell(struct table *table, const char *column, const struct CuPath *path)
{
	char text[300];

	if (strcmp(column, "status") == 0)
		return table_add(table, path_state(path));
	if (strcmp(column, "path_status") == 0)
		return table_add(table, status_text(path));
	if (descriptor_text(CuPath_CLASS, column, path, text, sizeof(text)))
		return table_add(table, text);
	message("there is no column '%s'", column);
	return false;
}

static bool has_status(const struct CuPath *path, const char *status)
{
	return status == NULL || strcasecmp(status, path_state(path)) == 0 ||
	       (strcasecmp(status, "available") == 0 && path->path_status == PATH_AVAILABLE);
}

static int list_paths(const struct request *request)
{
	const struct listing *listing = &request->of_attributes.listing;
	AUTO(format_release) struct format format = {0};
	if (!listing_columns(listing, "status name parent", &format))
		return usage_error(usage);
	AUTO(table_release) struct table table = {.columns = format.count};

	for (int i = 0; i < request->paths.count; i++)
		for (int column = 0; column < format.count; column++)
			if (has_status(&request->paths.list[i], request->status) &&
				!add_cell(&table, format.names[column], &request->paths.list[i]))
				return EXIT_FAILED;
	if (table.count == 0)
		path_explain_nothing(&request->paths);
	return table_print_as(&table, &format, listing->form, stdout) ? 0 : EXIT_FAILED;
}

/* The path whose attributes are meant: one of those selected. */
static int list_attributes(struct request *request)
{
	struct lsattr_request *attributes = &request->of_attributes;
	AUTO(lsattr_selection_release) struct lsattr_selection selection = {0};
	char uniquetype[48];

	if (request->paths.count == 0) {
		path_missing(&request->paths);
		return EXIT_NO_ATTRIBUTE;
	}
	struct CuPath *path = &request->paths.list[0];
	if (request->paths.count > 1 && !attributes->defaults && !attributes->ranges) {
		message("%s has several such paths; -p, -w or -i says which", path->name);
		return EXIT_FAILED;
	}
	/* Defaults are those of a path that has nothing of its own. */
	if (attributes->defaults)
		path->path_id = -1;
	if (!path_type(path, uniquetype) ||
		find_object(PdDv_CLASS, &attributes->pddv, "uniquetype = %s", uniquetype) != 1 ||
		path_attributes(path, uniquetype, &selection.all, &selection.all_count) < 0)
		return EXIT_FAILED;
	if (attributes->ranges)
		return lsattr_print_ranges(attributes, PdPathAt_CLASS, attributes->wanted.data);
	if (!lsattr_choose(attributes, &selection))
		return EXIT_NO_ATTRIBUTE;
	return attributes->colon ? lsattr_print_colons(&selection)
				 : lsattr_print_table(attributes, &selection);
}

/* What is wrong with what is asked for together; NULL: nothing. */
static const char *contradiction(const struct request *request)
{
	const struct lsattr_request *attributes = &request->of_attributes;
	int forms = attributes->effective + attributes->defaults + attributes->ranges;

	if (request->short_form && (request->attributes || attributes->listing.format != NULL))
		return "-t is for a listing of paths without -F";
	if (!request->attributes)
		return forms > 0 || attributes->colon || attributes->wanted.length > 0 ||
				       attributes->separator != NULL
			       ? "-E, -D, -O, -R, -Z and -a are for the attributes of a path: -A"
			       : NULL;
	if (request->paths.name == NULL)
		return "the device is missing: -l Name";
	if (request->status != NULL)
		return "-A and -s exclude each other";
	if (forms > 1)
		return "-E, -D and -R exclude each other";
	if (forms == 0 && attributes->listing.format == NULL)
		return "-E, -D, -R or -F Format is missing";
	return attributes->ranges && attributes->wanted.length == 0
		       ? "-R lists the values of an attribute: -a Attribute is missing"
		       : NULL;
}

int lspath_main(int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {0}};
	static const struct syntax syntax = {
		usage, "l:p:w:i:s:F:tf:HAEDORZ:a:h", options, NULL, set_option};
	AUTO(request_release) struct request request = {.paths = {.id = -1}};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	const char *mistake = contradiction(&request);
	if (mistake != NULL)
		return usage_mistake(usage, "%s", mistake);
	if (!device_command_begin(false) || !path_selection_read(&request.paths))
		return EXIT_FAILED;
	return request.attributes ? list_attributes(&request) : list_paths(&request);
}
