/*
 * cfgmgr: runs the programs of Config_Rules and configures the devices that they name, then the
 * children that those name, level by level. In a level one child of each parent comes in turn.
 */
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/host_shutdown.h"
#include "commands.h"
#include "config_rules.h"

static const char usage[] =
	"cfgmgr [-f | -s | -p Phase | -l Name [-c Connection]] [-m Mask] [-v] [-h]";

struct request {
	int phase; /* 0: not given */
	long mask;
	const char *name, *connection;
	bool verbose;
};

static bool set_phase(struct request *request, int phase)
{
	if (request->phase != 0 && request->phase != phase)
		return false;
	request->phase = phase;
	return true;
}

static const struct argument stored[] = {
	ARGUMENT_TEXT('l', struct request, name),
	ARGUMENT_TEXT('c', struct request, connection),
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
		return parse_number(option_value(value), &number) && number >= 1 && number <= 3 &&
		       set_phase(request, (int)number);
	case 'm':
		if (!parse_number(option_value(value), &number) || number < 0)
			return false;
		request->mask = (long)number;
		return true;
	default:
		return false;
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
	static const struct syntax syntax = {usage, "fsp:m:l:c:vh", NULL, stored, set_option};
	AUTO(configure_report_release) struct configure_report report = {0};
	struct request request = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if ((request.name != NULL && request.phase != 0) ||
		(request.connection != NULL && request.name == NULL))
		return usage_error(usage);
	if (!device_command_begin(true) || !host_replace_other_build())
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
