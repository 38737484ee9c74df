/* mkdev: defines a device, configures one, or both. */
#include <stddef.h>
#include <string.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/interrupt.h"
#include "cli/shared/type_selection.h"
#include "commands.h"

static const char usage[] =
	"mkdev {-c Class -s Subclass -t Type} [-l Name] [-a Attribute=Value] ...\n"
	"             [-d | -S | -R] [-p Parent -w Connection] [-f File] [-q] [-h]\n"
	"       mkdev -l Name [-S | -R] [-f File] [-q] [-h]";

struct request {
	struct type_selection types;
	const char *name, *parent, *connection;
	struct text assignments;
	bool define_only, stopped, parents, quiet;
};

static void request_release(struct request *request)
{
	text_release(&request->assignments);
}

static const struct argument stored[] = {
	TYPE_ARGUMENTS(struct request, types),
	ARGUMENT_TEXT('l', struct request, name),
	ARGUMENT_TEXT('p', struct request, parent),
	ARGUMENT_TEXT('w', struct request, connection),
	ARGUMENT_FLAG('d', struct request, define_only),
	ARGUMENT_FLAG('S', struct request, stopped),
	ARGUMENT_FLAG('R', struct request, parents),
	ARGUMENT_FLAG('q', struct request, quiet),
	{0},
};

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;

	(void)option;
	argument_append(&request->assignments, " ", value);
	return true;
}

/* The one type that the selectors mean: any of -c -s -t that leave no choice. */
static bool find_type(const struct request *request, struct PdDv *type)
{
	struct listinfo info;
	struct PdDv *list = get_PdDv_list(PdDv_CLASS, NULL, &info, 64, 1);
	int matches = 0;

	if (list == ODM_FAILED) {
		message("the database can't be read: %s", odm_error_text(odmerrno));
		return false;
	}
	for (int i = 0; i < info.num; i++) {
		if (!type_selection_has(&request->types, &list[i]))
			continue;
		*type = list[i];
		matches++;
	}
	odm_free_list(list, &info);
	type->catalog = NULL;
	if (matches == 0)
		type_selection_explain(&request->types);
	if (matches != 1)
		message("-c, -s and -t select %d device types, not one; lsdev -P lists them",
			matches);
	return matches == 1;
}

/* What Define made and what is left of it when a later step fails. */
struct definition {
	char name[16];
	bool is_new;
};

static bool is_device(const char *name)
{
	struct CuDv device;

	return name != NULL && find_object(CuDv_CLASS, &device, "name = %s", name) == 1;
}

static bool count_devices(long *count)
{
	long deleted;

	if (odm_population(CuDv_CLASS, count, &deleted) == 0)
		return true;
	message("the devices can't be counted: %s", odm_error_text(odmerrno));
	return false;
}

/* Runs Define and takes the name from its answer. */
static bool define(const struct request *request, struct definition *definition)
{
	AUTO(method_output_release) struct method_output output = {0};
	struct PdDv type;
	const char *arguments[16];
	int count = 0;

	if (!find_type(request, &type))
		return false;
	const char *const flags[][2] = {{"-c", type.class}, {"-s", type.subclass},
		{"-t", type.type}, {"-l", request->name}, {"-p", request->parent},
		{"-w", request->connection}};
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		if (flags[i][1] == NULL)
			continue;
		arguments[count++] = flags[i][0];
		arguments[count++] = flags[i][1];
	}
	arguments[count] = NULL;
	long before, after;
	if (!count_devices(&before))
		return false;
	if (device_command_method(type.Define, arguments, &output) != E_OK)
		return false;
	char *printed = output.names.data != NULL ? strtok(output.names.data, " \n") : NULL;
	if (printed == NULL || !copy_text(definition->name, sizeof(definition->name), printed)) {
		message("the Define method %s named no device", type.Define);
		return false;
	}
	if (!count_devices(&after))
		return false;
	definition->is_new = after > before;
	return true;
}

/* Runs one of a device's methods; `which` is its offset in PdDv. */
static bool run_method(const char *name, size_t which, const char *option, const char *value)
{
	AUTO(method_output_release) struct method_output output = {0};
	AUTO(device_release) struct device device = {0};
	const char *const arguments[] = {"-l", name, option, value, NULL};

	if (!device_command_find(name, &device))
		return false;
	return device_command_method((const char *)&device.pddv + which, arguments, &output) ==
	       E_OK;
}
#define RUN_METHOD(name, method) run_method(name, offsetof(struct PdDv, method), NULL, NULL)

/* Values that are refused leave no device behind that was not there before. */
static bool set_attributes(const struct request *request, const struct definition *definition)
{
	if (request->assignments.length == 0)
		return true;
	if (run_method(definition->name, offsetof(struct PdDv, Change), "-a",
		    request->assignments.data))
		return true;
	if (definition->is_new)
		RUN_METHOD(definition->name, Undefine);
	return false;
}

/* The device's state, -1 when it is gone. */
static int status_of(const char *name)
{
	struct CuDv device;

	return find_object(CuDv_CLASS, &device, "name = %s", name) == 1 ? device.status : -1;
}

/* To Available, or with -S to Stopped. */
static bool configure(const struct request *request, const char *name)
{
	if (!RUN_METHOD(name, Configure))
		return false;
	int status = status_of(name);
	if (request->stopped && status != STOPPED)
		return RUN_METHOD(name, Stop);
	return request->stopped || status != STOPPED || RUN_METHOD(name, Start);
}

/* -R: the parents first, from the top. */
static bool configure_parents(const struct request *request, const char *name)
{
	struct CuDv device;

	if (find_object(CuDv_CLASS, &device, "name = %s", name) != 1 || device.parent[0] == '\0')
		return true;
	if (!configure_parents(request, device.parent) || interrupt_pending())
		return false;
	if (status_of(device.parent) != DEFINED)
		return true;
	if (!RUN_METHOD(device.parent, Configure))
		return false;
	if (!request->quiet)
		foreign_printf(stdout, "%s %s\n", device.parent,
			device_status_name(status_of(device.parent)));
	return true;
}

static int carry_out(const struct request *request, struct definition *definition, bool by_type)
{
	const char *name = definition->name;

	if (by_type && (!define(request, definition) || !set_attributes(request, definition)))
		return EXIT_FAILED;
	if (!by_type && !is_device(name)) {
		message("%s is not in the customized database; lsdev lists the devices", name);
		return EXIT_FAILED;
	}
	if (request->parents && !configure_parents(request, name))
		return EXIT_FAILED;
	if (!request->define_only && (interrupt_pending() || !configure(request, name)))
		return EXIT_FAILED;
	if (!request->quiet)
		foreign_printf(stdout, "%s %s\n", name, device_status_name(status_of(name)));
	return 0;
}

int mkdev_main(int argc, char **argv)
{
	static const struct syntax syntax = {
		usage, "c:s:t:l:a:p:w:dSRf:qh", NULL, stored, set_option};
	AUTO(request_release) struct request request = {0};
	struct definition definition = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	bool by_type = type_selection_any(&request.types);
	bool needs_type = request.assignments.length > 0 || request.parent != NULL ||
			  request.connection != NULL || request.define_only;
	if (!by_type && needs_type)
		return usage_mistake(usage, "-a, -p, -w and -d are for a new device: -c, -s and -t "
					    "say of which type");
	if (!by_type && request.name == NULL)
		return usage_mistake(usage, "the device is missing: -l Name");
	if (request.define_only + request.stopped + request.parents > 1)
		return usage_mistake(usage, "-d, -S and -R exclude each other");
	if (!by_type && !copy_text(definition.name, sizeof(definition.name), request.name)) {
		message("'%s' is no device", request.name);
		return EXIT_FAILED;
	}
	return device_command_begin(true) ? carry_out(&request, &definition, by_type) : EXIT_FAILED;
}
