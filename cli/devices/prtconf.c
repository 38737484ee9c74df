/* prtconf: the configuration of the machine on one page, as far as the database has it. */
#include <string.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cfgmethods/vpd.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/device_value.h"
#include "commands.h"

static const char usage[] = "prtconf [-m | -s | -v] [-f File] [-h]";

struct request {
	bool memory, speed, product_data;
};

static const struct argument stored[] = {
	ARGUMENT_FLAG('m', struct request, memory),
	ARGUMENT_FLAG('s', struct request, speed),
	ARGUMENT_FLAG('v', struct request, product_data),
	{0},
};

static void print_line(const char *label, const char *value)
{
	foreign_printf(stdout, "%s: %s\n", label, value);
}

/* A line for an attribute of a device; none when the machine has no such device. */
static void print_value(
	const char *label, const char *device, const char *attribute, const char *unit)
{
	AUTO_FREE char *value = device_value(device, attribute);

	if (value != NULL && *value != '\0')
		foreign_printf(stdout, "%s: %s%s\n", label, value, unit);
}

/* The first device of a class, "" for none: the processor or memory that speaks for all. */
static void first_of_class(const char *pattern, char name[16], int *count)
{
	AUTO_FREE char *crit = odm_criteria("PdDvLn LIKE %s AND status = 1", pattern);
	struct listinfo info = {0};
	struct CuDv *list = NULL;

	*name = '\0';
	*count = 0;
	if (crit == NULL || !list_devices(&list, &info, crit))
		return;
	for (int i = 0; i < info.num; i++)
		if (*name == '\0' || strverscmp(list[i].name, name) < 0)
			memcpy(name, list[i].name, 16);
	*count = info.num;
	odm_free_list(list, &info);
}

/* In MHz: the database has it in Hz. */
static void print_speed(const char *processor)
{
	AUTO_FREE char *frequency = device_value(processor, "frequency");
	long long hertz;

	if (frequency != NULL && parse_number(frequency, &hertz) && hertz > 0)
		printf("Processor Clock Speed: %lld MHz\n", hertz / 1000000);
}

/* The record SE of the system's product data. */
static void print_serial_number(void)
{
	struct CuVPD object;
	struct vpd_record record;

	if (find_object(CuVPD_CLASS, &object, "name = 'sys0'") != 1)
		return;
	for (const char *cursor = object.vpd; vpd_next(&cursor, &record);)
		if (strcmp(record.keyword, "SE") == 0) {
			while (record.length > 0 && record.value[record.length - 1] == ' ')
				record.length--;
			foreign_printf(stdout, "Machine Serial Number: %.*s\n", record.length,
				record.value);
		}
}

static void print_machine(void)
{
	char processor[16], memory[16];
	int processors, memories;

	first_of_class("processor/*", processor, &processors);
	first_of_class("memory/sys/*mem", memory, &memories);
	print_value("System Model", "sys0", "modelname", "");
	print_serial_number();
	print_value("Processor Type", processor, "type", "");
	printf("Number Of Processors: %d\n", processors);
	print_speed(processor);
	print_value("Memory Size", memory, "size", " MB");
	print_value("Good Memory Size", memory, "goodsize", " MB");
	print_value("Firmware Version", "sys0", "fwversion", "");
	print_value("Auto Restart", "sys0", "autorestart", "");
	print_value("Full Core", "sys0", "fullcore", "");
}

/* The first interface that is up and has an address; "" for none. */
static void find_interface(char name[16])
{
	struct listinfo info = {0};
	struct CuDv *list;

	*name = '\0';
	if (!list_devices(&list, &info, "PdDvLn LIKE 'if/EN/*' AND status = 1"))
		return;
	for (int i = 0; i < info.num; i++) {
		AUTO_FREE char *address = device_value(list[i].name, "netaddr");
		AUTO_FREE char *state = device_value(list[i].name, "state");
		bool up = address != NULL && *address != '\0' && state != NULL &&
			  strcmp(state, "up") == 0;
		if (up && (*name == '\0' || strverscmp(list[i].name, name) < 0))
			memcpy(name, list[i].name, 16);
	}
	odm_free_list(list, &info);
}

/* The gateway of the default route, "net,-hopcount,0,,0,10.0.0.1". */
static void print_gateway(void)
{
	int count;
	struct CuAt *routes = getattr("inet0", "route", FALSE, &count);
	const char *gateway = "";

	for (int i = 0; i < count; i++) {
		const char *found = strstr(routes[i].value, ",,0,");
		if (*gateway == '\0' && found != NULL)
			gateway = found + strlen(",,0,");
	}
	print_line("\tGateway", gateway);
	freeattr(routes, count);
}

static void print_network(void)
{
	char interface[16];

	find_interface(interface);
	AUTO_FREE char *host = device_value("inet0", "hostname");
	AUTO_FREE char *address = device_value(interface, "netaddr");
	AUTO_FREE char *mask = device_value(interface, "netmask");
	printf("\nNetwork Information\n");
	print_line("\tHost Name", host != NULL ? host : "");
	print_line("\tIP Address", address != NULL ? address : "");
	print_line("\tSub Netmask", mask != NULL ? mask : "");
	print_gateway();
	putchar('\n');
}

/* What lscfg lists is the end of the page. */
static int print_devices(bool product_data)
{
	char name[] = "lscfg", option[] = "-vp";
	char *arguments[] = {name, product_data ? option : NULL, NULL};

	/* It reads its options as if it were called by itself. */
	optind = 0;
	return lscfg_main(product_data ? 2 : 1, arguments);
}

static int print_one(const struct request *request)
{
	char device[16];
	int count;

	first_of_class(request->memory ? "memory/sys/*mem" : "processor/*", device, &count);
	if (count == 0) {
		message("the machine has no %s that is configured; cfgmgr finds it",
			request->memory ? "memory" : "processor");
		return EXIT_FAILED;
	}
	if (request->memory)
		print_value("Memory Size", device, "size", " MB");
	else
		print_speed(device);
	return 0;
}

int prtconf_main(int argc, char **argv)
{
	static const struct syntax syntax = {usage, "msvf:h", NULL, stored, NULL};
	struct request request = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if (request.memory + request.speed + request.product_data > 1)
		return usage_mistake(usage, "-m, -s and -v exclude each other");
	if (!device_command_begin(false))
		return EXIT_FAILED;
	if (request.memory || request.speed)
		return print_one(&request);
	if (request.product_data)
		return print_devices(true);
	print_machine();
	print_network();
	return print_devices(false);
}
