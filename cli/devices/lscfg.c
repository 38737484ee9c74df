/* lscfg: lists devices with their physical locations, and with -v their vital product data. */
#include <string.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cfgmethods/machine.h"
#include "cfgmethods/schema.h"
#include "cfgmethods/vpd.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/device_table.h"
#include "cli/shared/vpd_print.h"
#include "commands.h"
#include "platform_print.h"

static const char usage[] = "lscfg [-v] [-p] [-l Name] [-f File] [--json] [-h]";

/* Columns of the name and the location, and of a line with the description behind them. */
#define NAME_WIDTH 16
#define LOCATION_WIDTH 47
#define LINE_WIDTH 76

struct request {
	const char *name;
	bool vpd, platform;
	struct listing listing;
};

/* What is known of all devices while they are listed. */
struct listed {
	const struct request *request;
	struct physical_places places;
	const struct machine *machine; /* for -p */
	int count, width; /* devices, and their longest location */
	struct table table; /* for --json */
};

static void listed_release(struct listed *listed)
{
	physical_places_release(&listed->places);
	table_release(&listed->table);
}

static const struct argument stored[] = {
	ARGUMENT_TEXT('l', struct request, name),
	ARGUMENT_FLAG('v', struct request, vpd),
	ARGUMENT_FLAG('p', struct request, platform),
	{0},
};

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;

	return listing_option(&request->listing, option, value);
}

/* The device's objects of CuVPD: false when they can't be read. */
static bool read_vpd(const char *name, struct CuVPD **list, struct listinfo *info)
{
	*info = (struct listinfo){0};
	*list = list_objects(CuVPD_CLASS, info, "name = %s", name);
	if (*list != ODM_FAILED)
		return true;
	message("the product data of %s can't be read: %s", name, odm_error_text(odmerrno));
	return false;
}

/* Between empty lines, if there is any. */
static bool print_vpd(const char *name)
{
	struct CuVPD object;

	if (find_object(CuVPD_CLASS, &object, "name = %s", name) == 1)
		putchar('\n');
	int count = vpd_print(name);
	if (count > 0)
		putchar('\n');
	return count >= 0;
}

/*
 * Several devices stand below each other, as a pattern has them; one alone has its description in a
 * line of its own where that is too long.
 */
static void print_head(
	const struct listed *listed, const char *name, const char *place, const char *description)
{
	int width = listed->count > 1 ? listed->width : 0;
	int column = foreign_printf(stdout, "  %-*s %-*s  ", NAME_WIDTH, name, width, place);

	if (listed->count == 1 && column + (int)strlen(description) > LINE_WIDTH)
		printf("\n\t");
	foreign_printf(stdout, "%s\n", description);
}

/* A line of the list of all: '+' is what diagnostics can test, '*' what they can not. */
static void print_line(const struct device *device, const char *place, const char *description)
{
	foreign_printf(stdout, "%c %-*s %-*s  %s\n", device->pddv.has_vpd ? '+' : '*', NAME_WIDTH,
		device->cudv.name, LOCATION_WIDTH, place, description);
}

static bool print_device(
	struct listed *listed, const struct device *device, const char *description)
{
	const struct request *request = listed->request;
	char place[PHYSICAL_LOCATION];

	device_place(&listed->places, &device->cudv, place);
	if (request->name != NULL)
		print_head(listed, device->cudv.name, place, description);
	else
		print_line(device, place, description);
	if (request->vpd && !print_vpd(device->cudv.name))
		return false;
	if (request->platform)
		platform_print(listed->machine, &device->cudv);
	return true;
}

/* The records as one text, "SN=..., PN=...", for --json. */
static bool add_vpd_cell(struct table *table, const char *name)
{
	AUTO(text_release) struct text text = {0};
	struct CuVPD *list;
	struct listinfo info;
	if (!read_vpd(name, &list, &info))
		return false;

	text_append(&text, "");
	for (int i = 0; i < info.num; i++) {
		struct vpd_record record;
		const char *cursor = list[i].vpd;
		while (vpd_next(&cursor, &record)) {
			while (record.length > 0 && record.value[record.length - 1] == ' ')
				record.length--;
			text_printf(&text, "%s%s=%.*s", text.length > 0 ? "\n" : "", record.keyword,
				record.length, record.value);
		}
	}
	if (list != NULL)
		odm_free_list(list, &info);
	return !text.failed && table_add(table, text.data);
}

/* The product's own name, which is in front of the records. */
static bool add_heading_cell(struct table *table, const char *name)
{
	struct CuVPD object;
	AUTO_FREE char *heading = NULL;

	if (find_object(CuVPD_CLASS, &object, "name = %s", name) == 1)
		heading = vpd_heading(object.vpd);
	return table_add(table, heading != NULL ? heading : "");
}

static bool add_device(struct listed *listed, const struct device *device, const char *description)
{
	struct table *table = &listed->table;
	char place[PHYSICAL_LOCATION];

	physical_place_find(&listed->places, &device->cudv, place);
	return table_add(table, device->cudv.name) && table_add(table, device->cudv.location) &&
	       table_add(table, place) && table_add(table, description) &&
	       add_heading_cell(table, device->cudv.name) && add_vpd_cell(table, device->cudv.name);
}

static bool wanted(const struct request *request, const struct CuDv *device)
{
	return device->chgstatus != MISSING &&
	       (request->name == NULL || name_matches(request->name, device->name));
}

static int compare_devices(const void *one, const void *other)
{
	return strverscmp(((const struct CuDv *)one)->name, ((const struct CuDv *)other)->name);
}

/* How many are listed, and how long their locations are. */
static void measure(struct listed *listed, const struct CuDv *list, int count)
{
	char place[PHYSICAL_LOCATION];

	for (int i = 0; i < count; i++) {
		if (!wanted(listed->request, &list[i]))
			continue;
		device_place(&listed->places, &list[i], place);
		listed->count++;
		if ((int)strlen(place) > listed->width)
			listed->width = (int)strlen(place);
	}
}

static bool list_all(struct listed *listed, const struct CuDv *list, int count)
{
	AUTO(device_types_release) struct device_types types = {0};
	bool ok = device_types_read(&types);

	for (int i = 0; i < count && ok; i++) {
		struct device device = {.cudv = list[i]};
		const char *description = NULL;
		const struct PdDv *type =
			device_types_find(&types, list[i].PdDvLn_Lvalue, &description);
		if (!wanted(listed->request, &list[i]))
			continue;
		if (type != NULL)
			device.pddv = *type;
		description = description != NULL ? description : "";
		ok = listed->request->listing.form == TABLE_JSON
			     ? add_device(listed, &device, description)
			     : print_device(listed, &device, description);
	}
	return ok;
}

/* The physical locations, and with -p the machine. False with a message. */
static bool prepare(struct listed *listed)
{
	char *mistake = NULL;

	if (physical_places_read(&listed->places) < 0) {
		message("the physical locations can't be read: %s", odm_error_text(odmerrno));
		return false;
	}
	if (!listed->request->platform)
		return true;
	listed->machine = machine_get(&mistake);
	if (listed->machine == NULL)
		message("what the platform says is not known: %s",
			mistake != NULL ? mistake : "there is not enough memory");
	free(mistake);
	return listed->machine != NULL;
}

static int list(const struct request *request)
{
	AUTO(listed_release) struct listed listed = {.request = request, .table = {.columns = 6}};
	AUTO(format_release) struct format format = {0};
	struct CuDv *devices;
	struct listinfo info;

	if (!format_read("name location physloc description heading vpd", &format) ||
		!prepare(&listed) || !list_devices(&devices, &info, ""))
		return EXIT_FAILED;
	if (info.num > 0)
		qsort(devices, (size_t)info.num, sizeof(*devices), compare_devices);
	if (request->name == NULL && request->listing.form == TABLE_PLAIN)
		printf("INSTALLED RESOURCE LIST\n\n"
		       "+ the device has vital product data; * it has none\n\n");
	measure(&listed, devices, info.num);
	bool ok = list_all(&listed, devices, info.num);
	odm_free_list(devices, &info);
	if (ok && request->listing.form == TABLE_JSON)
		ok = table_print_as(&listed.table, &format, TABLE_JSON, stdout);
	if (ok && listed.count == 0 && request->name != NULL) {
		message("%s is not in the customized database; lsdev lists the devices",
			request->name);
		return EXIT_FAILED;
	}
	return ok && fflush(stdout) == 0 ? 0 : EXIT_FAILED;
}

int lscfg_main(int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {0}};
	static const struct syntax syntax = {usage, "vpl:f:h", options, stored, set_option};
	struct request request = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	return device_command_begin(false) ? list(&request) : EXIT_FAILED;
}
