/* mkdev: defines a device, configures one, or both. */
#include <getopt.h>
#include <string.h>

#include "base/message.h"
#include "commands.h"
#include "device_command.h"

static const char usage[] =
	"mkdev {-c Class -s Subclass -t Type} [-l Name] [-a Attribute=Value] ... [-d]\n"
	"             [-p Parent -w Connection] [-q] [-h]\n"
	"       mkdev -l Name [-q] [-h]";

struct request {
	const char *class, *subclass, *type, *name, *parent, *connection;
	struct text assignments;
	bool define_only, quiet;
};

static void request_release(struct request *request)
{
	text_release(&request->assignments);
}

static bool set_option(struct request *request, int option)
{
	switch (option) {
	case 'c':
		request->class = option_value(optarg);
		return true;
	case 's':
		request->subclass = option_value(optarg);
		return true;
	case 't':
		request->type = option_value(optarg);
		return true;
	case 'l':
		request->name = option_value(optarg);
		return true;
	case 'p':
		request->parent = option_value(optarg);
		return true;
	case 'w':
		request->connection = option_value(optarg);
		return true;
	case 'a':
		text_printf(&request->assignments, "%s%s",
			request->assignments.length > 0 ? " " : "", option_value(optarg));
		return true;
	case 'd':
		request->define_only = true;
		return true;
	case 'q':
		request->quiet = true;
		return true;
	default:
		return false;
	}
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
		if ((request->class != NULL && strcmp(request->class, list[i].class) != 0) ||
			(request->subclass != NULL &&
				strcmp(request->subclass, list[i].subclass) != 0) ||
			(request->type != NULL && strcmp(request->type, list[i].type) != 0))
			continue;
		*type = list[i];
		matches++;
	}
	odm_free_list(list, &info);
	type->catalog = NULL;
	if (matches != 1)
		message("-c, -s and -t select %d device types, not one; lsdev -P lists them",
			matches);
	return matches == 1;
}

/* Runs Define and takes the name from its answer. */
static bool define(const struct request *request, char name[16])
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
	if (device_command_method(type.Define, arguments, &output) != E_OK)
		return false;
	char *printed = output.names.data != NULL ? strtok(output.names.data, " \n") : NULL;
	if (printed == NULL || !copy_text(name, 16, printed)) {
		message("the Define method %s named no device", type.Define);
		return false;
	}
	return true;
}

static bool set_attributes(const struct request *request, const char *name)
{
	AUTO(method_output_release) struct method_output output = {0};
	AUTO(device_release) struct device device = {0};

	if (request->assignments.length == 0)
		return true;
	if (device_find(name, &device, &output) != E_OK) {
		message("%s", output.reason.data);
		return false;
	}
	const char *const arguments[] = {"-l", name, "-a", request->assignments.data, NULL};
	return device_command_method(device.pddv.Change, arguments, &output) == E_OK;
}

static bool configure(const char *name)
{
	AUTO(method_output_release) struct method_output output = {0};
	AUTO(device_release) struct device device = {0};
	const char *const arguments[] = {"-l", name, NULL};

	if (device_find(name, &device, &output) != E_OK) {
		message("%s", output.reason.data);
		return false;
	}
	return device_command_method(device.pddv.Configure, arguments, &output) == E_OK;
}

static int report(const struct request *request, const char *name)
{
	struct CuDv device;

	if (find_object(CuDv_CLASS, &device, "name = %s", name) != 1)
		return EXIT_FAILED;
	if (!request->quiet)
		printf("%s %s\n", name, device_status_name(device.status));
	return 0;
}

int mkdev_main(int argc, char **argv)
{
	AUTO(request_release) struct request request = {0};
	char name[16];
	int option;

	while ((option = getopt(argc, argv, "c:s:t:l:a:p:w:dqh")) != -1) {
		if (option == 'h') {
			printf("usage: %s\n", usage);
			return 0;
		}
		if (!set_option(&request, option))
			return usage_error(usage);
	}
	bool by_type = request.class != NULL || request.subclass != NULL || request.type != NULL;
	bool needs_type = request.assignments.length > 0 || request.parent != NULL ||
			  request.connection != NULL || request.define_only;
	if ((!by_type && (request.name == NULL || needs_type)) || !no_operands(argc, argv))
		return usage_error(usage);
	if (!by_type && !copy_text(name, sizeof(name), request.name)) {
		message("'%s' is no device", request.name);
		return EXIT_FAILED;
	}
	if (!device_command_begin(true))
		return EXIT_FAILED;
	if (by_type && (!define(&request, name) || !set_attributes(&request, name)))
		return EXIT_FAILED;
	if (!request.define_only && !configure(name))
		return EXIT_FAILED;
	return report(&request, name);
}
