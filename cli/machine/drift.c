/* odmcfg drift: where the kernel has other values than those that are stored. */
#include "base/message.h"
#include "cfgmethods/kernel_compare.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/listing.h"
#include "cli/shared/names.h"
#include "commands.h"

static const char usage[] = "odmcfg drift [-l Name] [-F Format] [-H | --json] [-h]";

#define EXIT_DRIFT 1

struct request {
	const char *name;
	struct listing listing;
};

static const struct argument stored[] = {ARGUMENT_TEXT('l', struct request, name), {0}};

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;

	return listing_option(&request->listing, option, value);
}

struct rows {
	struct table table;
	const struct format *format;
	int drifted;
};

static const char *cell(const struct kernel_difference *difference, const char *column)
{
	if (strcmp(column, "device") == 0)
		return difference->device;
	if (strcmp(column, "attribute") == 0)
		return difference->attribute;
	if (strcmp(column, "stored") == 0)
		return difference->stored;
	if (strcmp(column, "now") == 0)
		return difference->now != NULL ? difference->now : "";
	if (strcmp(column, "state") == 0)
		return difference->pending       ? "pending"
		       : difference->lowered     ? "lowered"
		       : difference->now == NULL ? "missing"
						 : "drifted";
	return NULL;
}

static int add_row(const struct kernel_difference *difference, void *closure)
{
	struct rows *rows = closure;

	rows->drifted += !difference->pending && !difference->lowered;
	for (int i = 0; i < rows->format->count; i++) {
		const char *text = cell(difference, rows->format->names[i]);
		if (text == NULL) {
			message("there is no column '%s'", rows->format->names[i]);
			return -1;
		}
		if (!table_add(&rows->table, text))
			return -1;
	}
	return 0;
}

int drift_main(int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {0}};
	static const struct syntax syntax = {usage, "l:F:Hh", options, stored, set_option};
	AUTO(method_output_release) struct method_output output = {0};
	AUTO(format_release) struct format format = {0};
	struct request request = {.name = "*"};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if (!device_command_begin(false))
		return EXIT_USAGE;
	if (!listing_columns(&request.listing, "device attribute stored now state", &format))
		return EXIT_USAGE;
	if (!names_exist(request.name))
		return EXIT_USAGE;
	struct rows rows = {.table = {.columns = format.count}, .format = &format};
	int count = kernel_compare(request.name, add_row, &rows, &output);
	if (output.reason.length > 0)
		message("%s", output.reason.data);
	bool printed = count >= 0 && (count == 0 || table_print_as(&rows.table, &format,
							    request.listing.form, stdout));
	table_release(&rows.table);
	if (!printed)
		return EXIT_USAGE;
	return rows.drifted > 0 ? EXIT_DRIFT : 0;
}
