/*
 * A level is configured in its order, so that names and numbers come out the same whatever methods
 * are. Devices whose methods are built in and have no driver share a transaction with their
 * neighbours; other people's programs whose devices can have no children come last, at once.
 */
#include "configure_tree.h"

#include <string.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cfgmethods/driver.h"
#include "cfgmethods/method_program.h"
#include "cli/shared/device_command.h"
#include "cli/shared/interrupt.h"

/* Devices of one transaction, and programs at once. */
#define BATCH 1000
#define MOST_PROGRAMS 8

/* A device of the level while it is configured. */
struct configuration {
	char method[256];
	int led;
	bool found;
	bool batched;
	bool alone; /* its method is ours, or may define children, or is none */
	struct method_program program;
};

static bool find(struct configure_tree *tree, const char *name, struct configuration *configuration)
{
	AUTO(device_release) struct device device = {0};

	if (!device_command_find(name, &device)) {
		tree->failed = true;
		return false;
	}
	struct PdCn connection;
	configuration->led = device.pddv.led;
	configuration->alone = device.pddv.Configure[0] == '\0' ||
			       method_is_ours(device.pddv.Configure) ||
			       find_object(PdCn_CLASS, &connection, "uniquetype = %s",
				       device.pddv.uniquetype) != 0;
	configuration->batched =
		method_runs_inside(device.pddv.Configure) && driver_type(&device) == NULL;
	return copy_text(
		configuration->method, sizeof(configuration->method), device.pddv.Configure);
}

struct configure_arguments {
	const char *list[4];
};

static struct configure_arguments arguments_of(const struct configure_tree *tree, const char *name)
{
	static const char *const phases[] = {NULL, "-1", "-2"};
	struct configure_arguments arguments = {{"-l", name, phases[tree->phase % 3], NULL}};

	return arguments;
}

static void tell_start(
	struct configure_tree *tree, const char *name, const struct configuration *configuration)
{
	struct configure_arguments arguments = arguments_of(tree, name);
	AUTO(text_release) struct text invoked = {0};

	text_append(&invoked, configuration->method);
	for (int i = 0; arguments.list[i] != NULL; i++)
		text_printf(&invoked, " %s", arguments.list[i]);
	configure_report_start(tree->report, "attempting to configure device", name,
		configuration->led, invoked.data != NULL ? invoked.data : "");
}

/* Notes a method's end: the names of the children, or the failure. */
static void take_answer(struct configure_tree *tree, const char *name, struct text *answer,
	const struct configuration *configuration, int code, struct method_output *output)
{
	configure_report_end(tree->report, name, code, output,
		monotonic_microseconds() - configuration->program.started);
	if (code != E_OK) {
		device_command_report(configuration->method, code, output);
		tree->failed = true;
	} else if (output->reason.length > 0 && method_runs_inside(configuration->method)) {
		/* As a value that the kernel has not got any more: nothing fails for that. */
		foreign_printf(stderr, "%s\n", output->reason.data);
	}
	if (!configure_report_packages(tree->report, &output->names))
		tree->failed = true;
	if (output->names.length > 0)
		text_append(answer, output->names.data);
}

static void run_here(struct configure_tree *tree, const char *name, struct text *answer,
	struct configuration *configuration)
{
	AUTO(method_output_release) struct method_output output = {0};
	struct configure_arguments arguments = arguments_of(tree, name);

	tell_start(tree, name, configuration);
	configuration->program.started = monotonic_microseconds();
	int code = configuration->method[0] != '\0'
			   ? method_run(configuration->method, arguments.list, &output)
			   : method_fail(&output, E_ODMRUNMETHOD,
				     "The device's type does not support this operation.");
	take_answer(tree, name, answer, configuration, code, &output);
}

static void end_batch(struct configure_tree *tree, struct transaction *transaction)
{
	if (transaction->open && transaction_commit(transaction) < 0) {
		message("the devices can't be stored: %s", odm_error_text(odmerrno));
		tree->failed = true;
	}
}

static bool begin_batch(struct configure_tree *tree, struct transaction *transaction)
{
	if (transaction->open || transaction_begin(transaction) == 0)
		return true;
	message("the repository can't be written: %s", odm_error_text(odmerrno));
	tree->failed = true;
	return false;
}

static void run_in_order(struct configure_tree *tree, const struct names *level,
	struct configuration *configurations, struct text *answers)
{
	AUTO(transaction_release) struct transaction transaction = {0};
	int batched = 0;

	for (int i = 0; i < level->count && !interrupt_pending(); i++) {
		struct configuration *configuration = &configurations[i];
		if (!configuration->found || !configuration->alone)
			continue;
		/* No transaction is open while a driver or another process works. */
		if (!configuration->batched || ++batched % BATCH == 0)
			end_batch(tree, &transaction);
		if (configuration->batched && !begin_batch(tree, &transaction))
			return;
		run_here(tree, level->list[i], &answers[i], configuration);
	}
	end_batch(tree, &transaction);
}

static void start(struct configure_tree *tree, const char *name, struct text *answer,
	struct configuration *configuration)
{
	AUTO(method_output_release) struct method_output output = {0};
	struct configure_arguments arguments = arguments_of(tree, name);

	tell_start(tree, name, configuration);
	int code = method_program_start(
		configuration->method, arguments.list, &configuration->program, &output);
	if (code != E_OK)
		take_answer(tree, name, answer, configuration, code, &output);
}

static void finish(struct configure_tree *tree, const char *name, struct text *answer,
	struct configuration *configuration)
{
	AUTO(method_output_release) struct method_output output = {0};

	if (configuration->program.process == 0)
		return;
	int code = method_program_wait(&configuration->program, &output);
	take_answer(tree, name, answer, configuration, code, &output);
}

static void run_at_once(struct configure_tree *tree, const struct names *level,
	struct configuration *configurations, struct text *answers)
{
	int oldest = 0;

	for (int i = 0; i < level->count; i++) {
		if (!configurations[i].found || configurations[i].alone || interrupt_pending())
			continue;
		while (tree->report->running >= MOST_PROGRAMS && oldest < i) {
			finish(tree, level->list[oldest], &answers[oldest],
				&configurations[oldest]);
			oldest++;
		}
		start(tree, level->list[i], &answers[i], &configurations[i]);
	}
	for (; oldest < level->count; oldest++)
		finish(tree, level->list[oldest], &answers[oldest], &configurations[oldest]);
}

/* Takes the next word of each parent's answer in turn, until all are used up. */
static bool interleave(struct text *answers, int count, struct names *next)
{
	AUTO_FREE char **remaining = calloc((size_t)count + 1, sizeof(*remaining));
	bool more = remaining != NULL, ok = remaining != NULL;

	for (int i = 0; ok && i < count; i++)
		remaining[i] = answers[i].data;
	while (more && ok) {
		more = false;
		for (int i = 0; i < count && ok; i++) {
			char *word = strsep(&remaining[i], " \t\n");
			while (word != NULL && *word == '\0')
				word = strsep(&remaining[i], " \t\n");
			if (word == NULL)
				continue;
			ok = names_add(next, word);
			more = true;
		}
	}
	return ok;
}

/* Configures a level of the tree and finds the next one. */
static void configure_level(
	struct configure_tree *tree, const struct names *level, struct names *next)
{
	AUTO_FREE struct text *answers = calloc((size_t)level->count + 1, sizeof(*answers));
	AUTO_FREE struct configuration *configurations =
		calloc((size_t)level->count + 1, sizeof(*configurations));
	bool ok = answers != NULL && configurations != NULL;

	tree->report->known += level->count;
	for (int i = 0; ok && i < level->count; i++)
		configurations[i].found = find(tree, level->list[i], &configurations[i]);
	if (ok) {
		run_in_order(tree, level, configurations, answers);
		run_at_once(tree, level, configurations, answers);
		ok = interleave(answers, level->count, next);
	}
	tree->failed = tree->failed || !ok;
	for (int i = 0; answers != NULL && i < level->count; i++)
		text_release(&answers[i]);
}

/* Only the children at the connection that was asked for. */
static void keep_connection(struct names *names, const char *connection)
{
	struct CuDv device;
	int kept = 0;

	for (int i = 0; i < names->count; i++)
		if (find_object(CuDv_CLASS, &device, "name = %s AND connwhere = %s", names->list[i],
			    connection) == 1)
			memmove(names->list[kept++], names->list[i], sizeof(*names->list));
	names->count = kept;
}

void configure_tree(struct configure_tree *tree, struct names *level)
{
	while (level->count > 0 && !interrupt_pending()) {
		struct names next = {0};
		configure_level(tree, level, &next);
		if (tree->connection != NULL)
			keep_connection(&next, tree->connection);
		tree->connection = NULL;
		names_release(level);
		*level = next;
	}
	if (interrupt_pending())
		tree->failed = true;
}
