/* odmcfg kexstat: what the extension host has configured, with events and buffers. */
#include <errno.h>
#include <kex.h>
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/host_access.h"
#include "cli/shared/host_state.h"
#include "cli/shared/listing.h"
#include "commands.h"

static const char usage[] =
	"odmcfg kexstat [-l Name] [-F Format] [-H | --json] [-h]\n"
	"Columns: device process class open raised delivered merged masked bufs in_use "
	"peak exhausted waits bytes records";

/* The counters that are columns, in the order of the listing. */
static const struct {
	const char *name;
	size_t offset;
	bool is_32;
	bool target_only; /* "-" elsewhere */
} columns[] = {
	{"raised", offsetof(struct kex_device, events_raised), false, false},
	{"delivered", offsetof(struct kex_device, events_delivered), false, false},
	{"merged", offsetof(struct kex_device, events_merged), false, false},
	{"masked", offsetof(struct kex_device, events_masked), false, false},
	{"bufs", offsetof(struct kex_device, num_bufs), true, true},
	{"in_use", offsetof(struct kex_device, bufs_in_use), true, true},
	{"peak", offsetof(struct kex_device, bufs_peak), true, true},
	{"exhausted", offsetof(struct kex_device, bufs_exhausted), false, true},
	{"waits", offsetof(struct kex_device, sender_waits), false, false},
	{"bytes", offsetof(struct kex_device, bytes), false, false},
	{"records", offsetof(struct kex_device, records), false, false},
};

static bool add_counter(struct table *table, const struct kex_device *device, const char *name)
{
	char text[32];

	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++) {
		const char *counter = (const char *)device + columns[i].offset;
		if (strcmp(columns[i].name, name) != 0)
			continue;
		if (columns[i].target_only && device->num_bufs == 0)
			return table_add(table, "-");
		snprintf(text, sizeof(text), "%llu",
			columns[i].is_32
				? (unsigned long long)*(const uint32_t *)(const void *)counter
				: (unsigned long long)*(const uint64_t *)(const void *)counter);
		return table_add(table, text);
	}
	message("there is no column '%s'", name);
	return false;
}

static bool add_cell(struct table *table, const struct kex_device *device, const char *name)
{
	char text[32];

	if (strcmp(name, "device") == 0)
		return table_add(table, device->name);
	if (strcmp(name, "process") == 0) {
		snprintf(text, sizeof(text), "%d", (int)device->process);
		return table_add(table, text);
	}
	if (strcmp(name, "class") == 0) {
		snprintf(text, sizeof(text), "%d", device->interrupt_class);
		return table_add(table, device->interrupt_class < 0 ? "-" : text);
	}
	if (strcmp(name, "open") == 0) {
		snprintf(text, sizeof(text), "%u", device->opens);
		return table_add(table, text);
	}
	return add_counter(table, device, name);
}

/* A device that has several special files is meant with all of them by its logical name. */
static bool is_meant(const char *pattern, const char *name)
{
	char logical[sizeof(((struct kex_device *)0)->name)];
	char *suffix = strrchr(strcpy(logical, name), '.');

	if (name_matches(pattern, name))
		return true;
	if (suffix == NULL || (strcmp(suffix, ".tm") != 0 && strcmp(suffix, ".im") != 0))
		return false;
	*suffix = '\0';
	return name_matches(pattern, logical);
}

/* Why there is nothing to list. */
static void explain_nothing(const char *pattern)
{
	if (host_state_message())
		return;
	if (pattern != NULL)
		host_device_missing(pattern, "device with a driver of kexd");
	else
		message("kexd has no devices; cfgmgr configures them");
}

#define USUAL_COLUMNS                                                                              \
	"device class open raised delivered merged masked bufs in_use peak exhausted waits bytes " \
	"records"

static int list(const char *pattern, const struct listing *listing)
{
	AUTO_FREE struct kex_device *devices = NULL;
	AUTO(format_release) struct format format = {0};
	bool usual = listing->format == NULL && listing->form == TABLE_PLAIN;

	if (!listing_columns(listing, USUAL_COLUMNS, &format))
		return usage_error(usage);
	AUTO(table_release) struct table table = {.columns = format.count};
	ssize_t count = kex_devices(&devices);
	if (count < 0) {
		message("%s", host_reason());
		return EXIT_FAILED;
	}
	for (ssize_t i = 0; i < count; i++) {
		if (pattern != NULL && !is_meant(pattern, devices[i].name))
			continue;
		for (int column = 0; column < format.count; column++)
			if (!add_cell(&table, &devices[i], format.names[column]))
				return EXIT_FAILED;
	}
	if (*kex_reason() != '\0')
		message("%s", kex_reason());
	else if (table.count == 0)
		explain_nothing(pattern);
	/* With --json nothing is an empty array. */
	if (table.count == 0 && listing->form != TABLE_JSON)
		return EXIT_FAILED;
	bool whole = *kex_reason() == '\0';
	table_sort(&table, true);
	bool printed =
		table_print_as(&table, &format, usual ? TABLE_HEADED : listing->form, stdout);
	return whole && printed && table.count > 0 ? 0 : EXIT_FAILED;
}

struct request {
	const char *pattern;
	struct listing listing;
};

static const struct argument stored[] = {ARGUMENT_TEXT('l', struct request, pattern), {0}};

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;

	return listing_option(&request->listing, option, value);
}

int kexstat_main(int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {0}};
	static const struct syntax syntax = {usage, "l:F:Hh", options, stored, set_option};
	struct request request = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	return status >= 0 ? status : list(request.pattern, &request.listing);
}
