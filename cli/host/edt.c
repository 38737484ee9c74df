/* odmcfg edt: SDI's equipped device table, with who claimed what. */
#include <kex.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/host_access.h"
#include "cli/shared/listing.h"
#include "commands.h"

static const char usage[] = "odmcfg edt [-H | --json] [-h]";

static bool set_option(void *closure, int option, const char *value)
{
	return listing_option(closure, option, value);
}

/* Standard inquiry data's types of devices. */
static const char *type_name(int pdtype)
{
	static const char *const names[] = {
		"disk", "tape", "printer", "processor", "worm", "cdrom"};

	return pdtype >= 0 && pdtype < (int)(sizeof(names) / sizeof(*names)) ? names[pdtype]
									     : "other";
}

static bool add_entry(struct table *table, const struct kex_edt *entry)
{
	char address[64], version[16];

	/* As SVR5's sdiadd names devices. */
	snprintf(address, sizeof(address), "c%db%dt%dl%d", entry->hba, entry->bus, entry->target,
		entry->lun);
	snprintf(version, sizeof(version), "%d", entry->version);
	return table_add(table, address) && table_add(table, entry->hba_name) &&
	       table_add(table, version) && table_add(table, type_name(entry->pdtype)) &&
	       table_add(table, entry->product) && table_add(table, entry->owners);
}

int edt_main(int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {0}};
	static const struct syntax syntax = {usage, "Hh", options, NULL, set_option};
	AUTO(format_release) struct format format = {0};
	AUTO(table_release) struct table table = {.columns = 6};
	AUTO_FREE struct kex_edt *list = NULL;
	struct listing listing = {0};

	int status = arguments_read(argc, argv, &syntax, &listing);
	if (status >= 0)
		return status;
	ssize_t count = kex_edt(&list);
	if (count < 0) {
		message("%s", host_reason());
		return EXIT_FAILED;
	}
	if (!format_read("address hba version type product owners", &format))
		return EXIT_FAILED;
	for (ssize_t i = 0; i < count; i++)
		if (!add_entry(&table, &list[i]))
			return EXIT_FAILED;
	return table_print_as(&table, &format, listing.form, stdout) ? 0 : EXIT_FAILED;
}
