/* lscfg: lists devices with their physical locations, and with -v their vital product data. */
#include <string.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cfgmethods/schema.h"
#include "cfgmethods/vpd.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/device_table.h"
#include "cli/shared/vpd_print.h"
#include "commands.h"

static const char usage[] = "lscfg [-v] [-p] [-l Name] [-f File] [--json] [-h]";

/* Columns of the name and the location, and of a line. */
#define NAME_WIDTH 16
#define LOCATION_WIDTH 47
#define LINE_WIDTH 80

struct request {
	const char *name;
	bool vpd, platform;
	struct listing listing;
};

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

/* -p: what the platform says of it; the class is the nearest that a simulated machine has. */
static void print_platform(const struct device *device)
{
	foreign_printf(stdout,
		"  PLATFORM SPECIFIC\n\n  Name:  %s\n    Node:  %s\n    Device Type:  %s\n\n",
		device->pddv.type, device->cudv.name, device->pddv.class);
}

/* One device alone: its name line, wrapped when it is too long. */
static void print_head(const struct device *device, const char *description)
{
	const char *location = device->cudv.location;
	int column = foreign_printf(stdout, "  %-*s %s  ", NAME_WIDTH, device->cudv.name, location);

	if (column + (int)strlen(description) > LINE_WIDTH)
		printf("\n        ");
	foreign_printf(stdout, "%s\n", description);
}

/* A line of the list of all: '+' is what diagnostics can test, '*' what they can not. */
static void print_line(const struct device *device, const char *description)
{
	foreign_printf(stdout, "%c %-*s %-*s  %s\n", device->pddv.has_vpd ? '+' : '*', NAME_WIDTH,
		device->cudv.name, LOCATION_WIDTH, device->cudv.location, description);
}

static bool print_device(
	const struct request *request, const struct device *device, const char *description)
{
	if (request->name != NULL)
		print_head(device, description);
	else
		print_line(device, description);
	if (request->vpd && !print_vpd(device->cudv.name))
		return false;
	if (request->platform)
		print_platform(device);
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

static bool add_device(struct table *table, const struct device *device, const char *description)
{
	return table_add(table, device->cudv.name) && table_add(table, device->cudv.location) &&
	       table_add(table, description) && add_vpd_cell(table, device->cudv.name);
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

static bool list_all(const struct request *request, const struct CuDv *list, int count,
	struct table *table, int *found)
{
	AUTO(device_types_release) struct device_types types = {0};
	bool ok = device_types_read(&types);

	for (int i = 0; i < count && ok; i++) {
		struct device device = {.cudv = list[i]};
		const char *description = NULL;
		const struct PdDv *type =
			device_types_find(&types, list[i].PdDvLn_Lvalue, &description);
		if (!wanted(request, &list[i]))
			continue;
		if (type != NULL)
			device.pddv = *type;
		description = description != NULL ? description : "";
		++*found;
		ok = request->listing.form == TABLE_JSON
			     ? add_device(table, &device, description)
			     : print_device(request, &device, description);
	}
	return ok;
}

static int list(const struct request *request)
{
	AUTO(format_release) struct format format = {0};
	AUTO(table_release) struct table table = {.columns = 4};
	struct CuDv *devices;
	struct listinfo info;
	int found = 0;

	if (!format_read("name location description vpd", &format) ||
		!list_devices(&devices, &info, ""))
		return EXIT_FAILED;
	if (info.num > 0)
		qsort(devices, (size_t)info.num, sizeof(*devices), compare_devices);
	if (request->name == NULL && request->listing.form == TABLE_PLAIN)
		printf("INSTALLED RESOURCE LIST\n\n"
		       "+ the device has vital product data; * it has none\n\n");
	bool ok = list_all(request, devices, info.num, &table, &found);
	odm_free_list(devices, &info);
	if (ok && request->listing.form == TABLE_JSON)
		ok = table_print_as(&table, &format, TABLE_JSON, stdout);
	if (ok && found == 0 && request->name != NULL) {
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
