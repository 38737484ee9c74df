/* lsslot -c pci: the slots of the PCI buses, with the devices in them. */
#include <ctype.h>
#include <string.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cfgmethods/schema.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/device_table.h"
#include "commands.h"

static const char usage[] =
	"lsslot -c pci [-l Device | -s Slot] [-F Separator] [-f File] [--json] [-h]";

/* A slot, with the names of what is in it. */
struct slot {
	char code[PHYSICAL_LOCATION];
	char *description;
	struct text devices;
};

struct slots {
	struct slot *list;
	int count;
};

static void slots_release(struct slots *slots)
{
	for (int i = 0; i < slots->count; i++) {
		text_release(&slots->list[i].devices);
		free(slots->list[i].description);
	}
	free(slots->list);
}

struct request {
	const char *connector, *device, *slot, *separator;
	struct listing listing;
};

static const struct argument stored[] = {
	ARGUMENT_TEXT('c', struct request, connector),
	ARGUMENT_TEXT('l', struct request, device),
	ARGUMENT_TEXT('s', struct request, slot),
	{0},
};

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;

	if (option != 'F')
		return listing_option(&request->listing, option, value);
	request->separator = value;
	return (value[0] != '\0' && value[1] == '\0') ||
	       option_refused("-F", value, "one character");
}

/* A port of an adapter, "-T1", is no slot of its own. */
static void strip_port(char *code)
{
	char *end = strrchr(code, '-');

	if (end == NULL || end[1] != 'T' || end[2] == '\0')
		return;
	for (const char *digit = end + 2; *digit != '\0'; digit++)
		if (!isdigit((unsigned char)*digit))
			return;
	*end = '\0';
}

static struct slot *find_or_add(struct slots *slots, const char *code)
{
	for (int i = 0; i < slots->count; i++)
		if (strcmp(slots->list[i].code, code) == 0)
			return &slots->list[i];
	struct slot *longer =
		realloc(slots->list, (size_t)(slots->count + 1) * sizeof(*slots->list));
	if (longer == NULL)
		return NULL;
	slots->list = longer;
	longer[slots->count] = (struct slot){0};
	memcpy(longer[slots->count].code, code, PHYSICAL_LOCATION);
	return &longer[slots->count++];
}

/* What kind of slot it is, is what kind of bus. */
static char *describe(const struct CuDv *adapter)
{
	AUTO(device_release) struct device bus = {0};
	AUTO(method_output_release) struct method_output output = {0};
	char *text = NULL;

	if (device_find(adapter->parent, &bus, &output) != E_OK)
		return NULL;
	AUTO_FREE char *name = message_text(bus.pddv.catalog, bus.pddv.setno, bus.pddv.msgno);
	return name != NULL && asprintf(&text, "Slot of %s %s", name, adapter->parent) >= 0 ? text
											    : NULL;
}

/* Adapters of PCI buses, simulated or this machine's. */
static bool is_pci(const char *uniquetype)
{
	return strncmp(uniquetype, "adapter/pci/", strlen("adapter/pci/")) == 0 ||
	       strncmp(uniquetype, "adapter/pciex/", strlen("adapter/pciex/")) == 0;
}

static bool add_adapter(
	struct slots *slots, struct physical_places *places, const struct CuDv *adapter)
{
	char code[PHYSICAL_LOCATION];

	device_place(places, adapter, code);
	strip_port(code);
	struct slot *slot = find_or_add(slots, code);
	if (slot == NULL)
		return false;
	if (slot->description == NULL)
		slot->description = describe(adapter);
	text_printf(&slot->devices, "%s%s", slot->devices.length > 0 ? " " : "", adapter->name);
	return slot->description != NULL && !slot->devices.failed;
}

static int compare_devices(const void *one, const void *other)
{
	return strverscmp(((const struct CuDv *)one)->name, ((const struct CuDv *)other)->name);
}

static bool collect(struct slots *slots)
{
	AUTO(physical_places_release) struct physical_places places = {0};
	struct CuDv *list;
	struct listinfo info;

	if (physical_places_read(&places) < 0) {
		message("the physical locations can't be read: %s", odm_error_text(odmerrno));
		return false;
	}
	if (!list_devices(&list, &info, "PdDvLn LIKE 'adapter/pci*' AND chgstatus != 3"))
		return false;
	if (info.num > 0)
		qsort(list, (size_t)info.num, sizeof(*list), compare_devices);
	bool ok = true;
	for (int i = 0; i < info.num && ok; i++)
		ok = !is_pci(list[i].PdDvLn_Lvalue) || add_adapter(slots, &places, &list[i]);
	odm_free_list(list, &info);
	if (!ok)
		message("the slots can't be listed: there is not enough memory, or an adapter's "
			"bus is not in the database; odmcfg check says which");
	return ok;
}

static bool has_word(const char *words, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = strstr(words, word); at != NULL; at = strstr(at + 1, word))
		if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
			return true;
	return false;
}

static bool wanted(const struct request *request, const struct slot *slot)
{
	return (request->slot == NULL || strcmp(request->slot, slot->code) == 0) &&
	       (request->device == NULL || has_word(slot->devices.data, request->device));
}

static int compare_slots(const void *one, const void *other)
{
	return strverscmp(((const struct slot *)one)->code, ((const struct slot *)other)->code);
}

static bool add_row(
	struct table *table, const char *code, const char *description, const char *devices)
{
	return table_add(table, code) && table_add(table, description) && table_add(table, devices);
}

/* The columns' names are a row of the listing: nothing is between them and the slots. */
static bool fill(const struct request *request, const struct slots *slots, struct table *table)
{
	bool titled = request->separator == NULL && request->listing.form != TABLE_JSON;
	bool ok = !titled || add_row(table, "# Slot", "Description", "Device(s)");

	for (int i = 0; i < slots->count && ok; i++)
		ok = !wanted(request, &slots->list[i]) ||
		     add_row(table, slots->list[i].code, slots->list[i].description,
			     slots->list[i].devices.data);
	return ok;
}

static bool print_slots(const struct request *request, struct table *table)
{
	AUTO(format_release) struct format format = {0};

	if (request->listing.form == TABLE_JSON)
		return format_read("slot description devices", &format) &&
		       table_print_as(table, &format, TABLE_JSON, stdout);
	if (request->separator == NULL)
		return table_print(table, NULL, stdout);
	if (!table_escape(table))
		return false;
	for (int i = 0; i < table->count; i += 3)
		printf("%s%s%s%s%s\n", table->cells[i], request->separator, table->cells[i + 1],
			request->separator, table->cells[i + 2]);
	return true;
}

static bool any_wanted(const struct request *request, const struct slots *slots)
{
	for (int i = 0; i < slots->count; i++)
		if (wanted(request, &slots->list[i]))
			return true;
	return request->slot == NULL && request->device == NULL;
}

static int list(const struct request *request)
{
	AUTO(slots_release) struct slots slots = {0};
	AUTO(table_release) struct table table = {.columns = 3};

	if (!collect(&slots))
		return EXIT_FAILED;
	if (!any_wanted(request, &slots)) {
		message("%s %s; lsslot -c pci lists the slots",
			request->slot != NULL ? request->slot : request->device,
			request->slot != NULL ? "is no slot that a device is in" : "is in no slot");
		return EXIT_FAILED;
	}
	if (slots.count > 0)
		qsort(slots.list, (size_t)slots.count, sizeof(*slots.list), compare_slots);
	return fill(request, &slots, &table) && print_slots(request, &table) ? 0 : EXIT_FAILED;
}

int lsslot_main(int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {0}};
	static const struct syntax syntax = {usage, "c:l:s:F:f:h", options, stored, set_option};
	struct request request = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if (request.connector == NULL)
		return usage_mistake(usage, "the kind of slots is missing: -c pci");
	if (request.device != NULL && request.slot != NULL)
		return usage_mistake(usage, "-l and -s exclude each other");
	if (request.separator != NULL && request.listing.form == TABLE_JSON)
		return usage_mistake(usage, "-F and --json exclude each other");
	if (strcmp(request.connector, "pci") != 0) {
		message("-c %s: only pci slots are known here", request.connector);
		return EXIT_USAGE;
	}
	return device_command_begin(false) ? list(&request) : EXIT_FAILED;
}
