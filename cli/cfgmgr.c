/*
 * cfgmgr: runs the programs of Config_Rules and configures the devices that they name, then the
 * children that those name, level by level. In a level one child of each parent comes in turn.
 */
#include <kex.h>
#include <string.h>

#include "arguments.h"
#include "base/message.h"
#include "cfgmethods/machine.h"
#include "cfgmethods/method_program.h"
#include "commands.h"
#include "configure_tree.h"
#include "device_command.h"
#include "interrupt.h"

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

/* Runs a rule's program and configures what it names. */
static void run_rule(struct configure_tree *tree, const char *rule)
{
	AUTO(method_output_release) struct method_output output = {0};
	AUTO(names_release) struct names level = {0};
	AUTO_FREE char *words = strdup(rule);
	const char *arguments[16];
	int count = 0;
	long long started = monotonic_microseconds();

	char *rest = words;
	const char *program = words != NULL ? strsep(&rest, " ") : NULL;
	for (char *word = strsep(&rest, " "); word != NULL && count < 15; word = strsep(&rest, " "))
		if (*word != '\0')
			arguments[count++] = word;
	arguments[count] = NULL;
	if (program == NULL) {
		tree->failed = true;
		return;
	}
	configure_report_start(tree->report, "invoking top level program", program, 0x538, rule);
	int code = device_command_method(program, arguments, &output);
	configure_report_end(
		tree->report, program, code, &output, monotonic_microseconds() - started);
	tree->failed = tree->failed || code != E_OK ||
		       !configure_report_packages(tree->report, &output.names) ||
		       !names_add_words(&level, output.names.data);
	configure_tree(tree, &level);
}

/* By seq; 0 is the manual's DONT_CARE and runs last. */
static int compare_rules(const void *one, const void *other)
{
	int first = ((const struct Config_Rules *)one)->seq;
	int second = ((const struct Config_Rules *)other)->seq;

	return (first != 0 ? first : 65536) - (second != 0 ? second : 65536);
}

static bool run_rules(const struct request *request, struct configure_tree *tree)
{
	struct listinfo info = {0};
	struct Config_Rules *rules = list_objects(
		Config_Rules_CLASS, &info, "phase = %d", request->phase != 0 ? request->phase : 2);

	if (rules == ODM_FAILED) {
		message("Config_Rules can't be read: %s", odm_error_text(odmerrno));
		return false;
	}
	if (info.num > 0)
		qsort(rules, (size_t)info.num, sizeof(*rules), compare_rules);
	for (int i = 0; i < info.num && !interrupt_pending(); i++)
		if (rules[i].boot_mask == 0 || (rules[i].boot_mask & request->mask) != 0)
			run_rule(tree, rules[i].rule);
	if (rules != NULL)
		odm_free_list(rules, &info);
	return true;
}

static bool run(const struct request *request, struct configure_tree *tree)
{
	AUTO(names_release) struct names level = {0};
	char *mistake;
	const struct machine *machine = machine_get(&mistake);
	AUTO_FREE char *owned = mistake;

	/* Looked at before anything is defined: half a machine helps nobody. */
	if (machine == NULL) {
		message("%s", owned != NULL ? owned : "the machine's description can't be read");
		return false;
	}
	if (request->name == NULL)
		return run_rules(request, tree);
	if (!names_match(&level, request->name))
		return false;
	configure_tree(tree, &level);
	return true;
}

/* What a kexd of another build has can't be asked for: its end is the devices' end there. */
static bool replace_other_build(void)
{
	struct kexd_status status;

	if (kexd_query(&status) < 0 || status.state != KEXD_OTHER)
		return true;
	if (kexd_stop(true) == 0)
		return true;
	message("kexd (process %d) is not replaced: %s", (int)status.pid, kex_reason());
	return false;
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
	if (!device_command_begin(true) || !replace_other_build())
		return EXIT_FAILED;
	configure_report_begin(&report, request.verbose);
	struct configure_tree tree = {.report = &report,
		.phase = request.phase == 3 ? 2 : request.phase,
		.connection = request.connection};
	bool ok = run(&request, &tree);
	configure_report_finish(&report);
	device_command_settle();
	return ok && !tree.failed ? 0 : EXIT_FAILED;
}
