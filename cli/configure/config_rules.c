/* Runs the programs of Config_Rules in their order. */
#include "config_rules.h"

#include <string.h>

#include "base/message.h"
#include "cfgmethods/machine.h"
#include "cfgmethods/method_program.h"
#include "cli/shared/device_command.h"
#include "cli/shared/interrupt.h"

bool config_rules_ready(void)
{
	char *mistake;
	const struct machine *machine = machine_get(&mistake);
	AUTO_FREE char *owned = mistake;

	if (machine == NULL)
		message("%s", owned != NULL ? owned : "the machine's description can't be read");
	return machine != NULL;
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
	/* The devices of this rule are configured whatever failed before. */
	if (code != E_OK || !configure_report_packages(tree->report, &output.names) ||
		!names_add_words(&level, output.names.data))
		tree->failed = true;
	configure_tree(tree, &level);
}

/* By seq; 0 is the manual's DONT_CARE and runs last. */
static int compare_rules(const void *one, const void *other)
{
	int first = ((const struct Config_Rules *)one)->seq;
	int second = ((const struct Config_Rules *)other)->seq;

	return (first != 0 ? first : 65536) - (second != 0 ? second : 65536);
}

bool config_rules_run(int phase, long mask, struct configure_tree *tree)
{
	struct listinfo info = {0};
	struct Config_Rules *rules = list_objects(Config_Rules_CLASS, &info, "phase = %d", phase);

	if (rules == ODM_FAILED) {
		message("Config_Rules can't be read: %s", odm_error_text(odmerrno));
		return false;
	}
	if (info.num > 0)
		qsort(rules, (size_t)info.num, sizeof(*rules), compare_rules);
	for (int i = 0; i < info.num && !interrupt_pending(); i++)
		if (rules[i].boot_mask == 0 || (rules[i].boot_mask & mask) != 0)
			run_rule(tree, rules[i].rule);
	if (rules != NULL)
		odm_free_list(rules, &info);
	return true;
}
