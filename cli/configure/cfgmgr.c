/*
 * cfgmgr: runs the programs of Config_Rules and configures the devices that they name, then the
 * children that those name, level by level. In a level one child of each parent comes in turn.
 */
#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/host_shutdown.h"
#include "commands.h"
#include "config_rules.h"
#include "missing_types.h"

static const char usage[] =
	"cfgmgr [-f | -s | -p Phase | -l Name [-c Connection]] [-m Mask] [-i Directory] [-v]\n"
	"              [-h]";

struct request {
	int phase; /* 0: not given */
	long mask;
	const char *name, *connection;
	const char *directory; /* of device types; NULL for none */
	bool verbose;
};

static bool set_phase(struct request *request, int phase)
{
	if (request->phase != 0 && request->phase != phase) {
		message("-f, -s and -p name different phases: one of them is wanted");
		return false;
	}
	request->phase = phase;
	return true;
}

static const struct argument stored[] = {
	ARGUMENT_TEXT('l', struct request, name),
	ARGUMENT_TEXT('c', struct request, connection),
	ARGUMENT_TEXT('i', struct request, directory),
	ARGUMENT_FLAG('v', struct request, verbose),
	{0},
};

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;
	long long number;

	switch (option) {
	case 'f':
		return set_phase(request, 1);
	case 's':
		return set_phase(request, 2);
	case 'p':
		if (!parse_number(option_value(value), &number) || number < 1 || number > 3)
			return option_refused("-p", value, "a phase, 1 to 3");
		return set_phase(request, (int)number);
	default:
		if (!parse_number(option_value(value), &number) || number < 0)
			return option_refused("-m", value, "a mask, a number from 0");
		request->mask = (long)number;
		return true;
	}
}

static bool run(const struct request *request, struct configure_tree *tree)
{
	AUTO(names_release) struct names level = {0};

	if (!config_rules_ready())
		return false;
	if (request->name == NULL)
		return config_rules_run(
			request->phase != 0 ? request->phase : 2, request->mask, tree);
	if (!names_match(&level, request->name))
		return false;
	configure_tree(tree, &level);
	return true;
}

int cfgmgr_main(int argc, char **argv)
{
	static const struct syntax syntax = {usage, "fsp:m:l:c:i:vh", NULL, stored, set_option};
	AUTO(configure_report_release) struct configure_report report = {0};
	struct request request = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if (request.name != NULL && request.phase != 0)
		return usage_mistake(usage, "-l configures one device: not with -f, -s or -p");
	if (request.connection != NULL && request.name == NULL)
		return usage_mistake(usage, "-c is for -l Name");
	if (!device_command_begin(true) || !host_replace_other_build())
		return EXIT_FAILED;
	if (request.directory != NULL && !missing_types_load(request.directory, request.verbose))
		return EXIT_FAILED;
	configure_report_begin(&report, request.verbose);
	struct configure_tree tree = {.report = &report,
		.phase = request.phase == 3 ? 2 : request.phase,
		.connection = request.connection};
	bool ok = run(&request, &tree);
	configure_report_finish(&report);
	device_command_keep_copy();
	return ok && !tree.failed ? 0 : EXIT_FAILED;
}
