/*
 * lsparent: lists the devices, or with -P the types, that a child can be connected to: those whose
 * type has a connection for its subclass.
 */
#include <string.h>

#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/device_table.h"
#include "commands.h"

static const char usage[] =
	"lsparent [-C | -P] {-k ConnectionKey | -l Child} [-F Format] [-H | --json] [-f File] [-h]";

struct request {
	bool customized, predefined;
	const char *key, *child;
	struct listing listing;
};

static const struct argument stored[] = {
	ARGUMENT_TEXT('k', struct request, key),
	ARGUMENT_TEXT('l', struct request, child),
	ARGUMENT_FLAG('C', struct request, customized),
	ARGUMENT_FLAG('P', struct request, predefined),
	{0},
};

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;

	return listing_option(&request->listing, option, value);
}

/* Adds the devices of one type, or the type itself. */
static bool add_of_type(const struct request *request, const struct device_columns *columns,
	struct table *table, const char *uniquetype)
{
	struct device device = {0};
	struct listinfo info = {0};
	struct CuDv *list = NULL;
	int found = find_object(PdDv_CLASS, &device.pddv, "uniquetype = %s", uniquetype);
	bool ok = found >= 0;

	if (found <= 0)
		return ok;
	if (request->predefined)
		ok = device_table_add(table, columns, &device, NULL);
	else
		list = list_objects(CuDv_CLASS, &info, "PdDvLn = %s", uniquetype);
	for (int i = 0; list != ODM_FAILED && i < info.num && ok; i++) {
		device.cudv = list[i];
		ok = device_table_add(table, columns, &device, NULL);
	}
	if (list != NULL && list != ODM_FAILED)
		odm_free_list(list, &info);
	odm_free_members(PdDv_CLASS, &device.pddv);
	return ok && list != ODM_FAILED;
}

static bool is_first_of_type(const struct PdCn *list, int i)
{
	for (int earlier = 0; earlier < i; earlier++)
		if (strcmp(list[earlier].uniquetype, list[i].uniquetype) == 0)
			return false;
	return true;
}

/* A type may have several connections of the kind. */
static bool collect(const struct request *request, const char *key,
	const struct device_columns *columns, struct table *table)
{
	struct listinfo info;
	struct PdCn *list = list_objects(PdCn_CLASS, &info, "connkey = %s", key);
	bool ok = list != ODM_FAILED;

	for (int i = 0; ok && i < info.num; i++)
		if (is_first_of_type(list, i))
			ok = add_of_type(request, columns, table, list[i].uniquetype);
	if (list != ODM_FAILED)
		odm_free_list(list, &info);
	return ok;
}

static int list_parents(const struct request *request)
{
	const char *text = request->predefined ? PREDEFINED_COLUMNS : CUSTOMIZED_COLUMNS;
	AUTO(format_release) struct format format = {0};
	char key[16];

	AUTO(device_columns_release) struct device_columns columns = {0};
	if (!listing_columns(&request->listing, text, &format))
		return usage_error(usage);
	if (!device_columns_read(&columns, &format, !request->predefined))
		return EXIT_FAILED;
	if (request->child != NULL ? !connection_key(request->child, key)
				   : !copy_text(key, sizeof(key), request->key))
		return EXIT_FAILED;
	AUTO(table_release) struct table table = {.columns = format.count};
	if (!collect(request, key, &columns, &table))
		return EXIT_FAILED;
	if (table.count == 0)
		message("no device %shas a connection for '%s'", request->predefined ? "type " : "",
			key);
	table_sort(&table, true);
	return table_print_as(&table, &format, request->listing.form, stdout) ? 0 : EXIT_FAILED;
}

int lsparent_main(int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {0}};
	struct request request = {0};
	static const struct syntax syntax = {usage, "CPk:l:F:f:Hh", options, stored, set_option};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if ((request.key == NULL) == (request.child == NULL))
		return usage_mistake(usage, request.key != NULL
						    ? "-k and -l exclude each other"
						    : "-k ConnectionKey or -l Child is missing");
	if (request.customized && request.predefined)
		return usage_mistake(usage, "-C and -P exclude each other");
	return device_command_begin(false) ? list_parents(&request) : EXIT_FAILED;
}
