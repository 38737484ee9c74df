/* genkex: lists the kernel extensions that are loaded. */
#include <inttypes.h>
#include <kex.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/foreign.h"
#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/host_access.h"
#include "cli/shared/listing.h"
#include "commands.h"

static const char usage[] = "genkex [--json] [-h]";

static bool set_option(void *closure, int option, const char *value)
{
	return listing_option(closure, option, value);
}

static bool add_extension(struct table *table, const struct kex_extension *extension)
{
	char address[32], size[32];

	snprintf(address, sizeof(address), "0x%" PRIx64, extension->address);
	snprintf(size, sizeof(size), "0x%" PRIx64, extension->size);
	return table_add(table, address) && table_add(table, size) &&
	       table_add(table, extension->path);
}

int genkex_main(int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {0}};
	static const struct syntax syntax = {usage, "h", options, NULL, set_option};
	AUTO(format_release) struct format format = {0};
	AUTO(table_release) struct table table = {.columns = 3};
	AUTO_FREE struct kex_extension *list = NULL;
	struct listing listing = {0};

	int status = arguments_read(argc, argv, &syntax, &listing);
	if (status >= 0)
		return status;
	ssize_t count = kex_extensions(&list);
	if (count < 0) {
		message("%s", host_reason());
		return EXIT_FAILED;
	}
	if (!format_read("address size file", &format))
		return EXIT_FAILED;
	for (ssize_t i = 0; i < count; i++)
		if (!add_extension(&table, &list[i]))
			return EXIT_FAILED;
	if (listing.form == TABLE_JSON)
		return table_print_as(&table, &format, TABLE_JSON, stdout) ? 0 : EXIT_FAILED;
	printf("%-16s %8s %s\n", "Virtual Address", "Size", "File");
	for (int i = 0; i < table.count; i += 3)
		foreign_printf(stdout, "%16s %8s %s\n", table.cells[i], table.cells[i + 1],
			table.cells[i + 2]);
	return 0;
}
