/* lsconn: lists the connections that a device or a type has for children. */
#include <string.h>

#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/listing.h"
#include "cli/shared/type_selection.h"
#include "commands.h"

static const char usage[] =
	"lsconn {-p Parent | -c Class -s Subclass -t Type} [-l Child | -k ConnectionKey]\n"
	"              [-F Format] [-H | --json] [-f File] [-h]";

struct request {
	struct type_selection types;
	const char *parent, *child, *key;
	struct listing listing;
};

static const struct argument stored[] = {
	ARGUMENT_TEXT('p', struct request, parent),
	TYPE_ARGUMENTS(struct request, types),
	ARGUMENT_TEXT('l', struct request, child),
	ARGUMENT_TEXT('k', struct request, key),
	{0},
};

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;

	return listing_option(&request->listing, option, value);
}

/* The parent's type; false with a message. */
static bool find_uniquetype(const struct request *request, char uniquetype[48])
{
	struct CuDv device;

	if (request->parent == NULL) {
		if (type_selection_uniquetype(&request->types, uniquetype))
			return true;
		message("there is no device type %s/%s/%s", request->types.class,
			request->types.subclass, request->types.type);
		return false;
	}
	int found = find_object(CuDv_CLASS, &device, "name = %s", request->parent);
	if (found == 1)
		return copy_text(uniquetype, 48, device.PdDvLn_Lvalue);
	message(found == 0 ? "%s is not in the customized database" : "%s can't be read",
		request->parent);
	return false;
}

static bool add_cell(struct table *table, const char *column, const struct PdCn *connection)
{
	if (strcmp(column, "connwhere") == 0)
		return table_add(table, connection->connwhere);
	if (strcmp(column, "connkey") == 0)
		return table_add(table, connection->connkey);
	if (strcmp(column, "uniquetype") == 0)
		return table_add(table, connection->uniquetype);
	message("there is no column '%s'", column);
	return false;
}

static bool collect(
	const char *uniquetype, const char *key, const struct format *format, struct table *table)
{
	struct listinfo info;
	struct PdCn *list = list_objects(PdCn_CLASS, &info, "uniquetype = %s", uniquetype);
	bool ok = list != ODM_FAILED;

	for (int i = 0; ok && i < info.num; i++)
		for (int column = 0; ok && column < format->count; column++)
			if (key == NULL || strcmp(list[i].connkey, key) == 0)
				ok = add_cell(table, format->names[column], &list[i]);
	if (list != ODM_FAILED)
		odm_free_list(list, &info);
	return ok;
}

static int list_connections(const struct request *request)
{
	bool by_key = request->child != NULL || request->key != NULL;
	const char *text = by_key ? "connwhere" : "connwhere connkey";
	AUTO(format_release) struct format format = {0};
	char uniquetype[48], key[16];

	if (!listing_columns(&request->listing, text, &format))
		return usage_error(usage);
	if (!find_uniquetype(request, uniquetype) ||
		(request->child != NULL && !connection_key(request->child, key)))
		return EXIT_FAILED;
	AUTO(table_release) struct table table = {.columns = format.count};
	if (!collect(uniquetype, request->child != NULL ? key : request->key, &format, &table))
		return EXIT_FAILED;
	if (table.count == 0)
		type_selection_explain(&request->types);
	return table_print_as(&table, &format, request->listing.form, stdout) ? 0 : EXIT_FAILED;
}

int lsconn_main(int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {0}};
	struct request request = {0};
	static const struct syntax syntax = {
		usage, "p:c:s:t:l:k:F:f:Hh", options, stored, set_option};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if (request.parent != NULL && type_selection_any(&request.types))
		return usage_mistake(usage, "-p and -c, -s, -t exclude each other");
	if (request.parent == NULL && !type_selection_whole(&request.types))
		return usage_mistake(
			usage, "whose connections? -p Parent, or all of -c, -s and -t");
	if (request.child != NULL && request.key != NULL)
		return usage_mistake(usage, "-l and -k exclude each other");
	return device_command_begin(false) ? list_connections(&request) : EXIT_FAILED;
}
