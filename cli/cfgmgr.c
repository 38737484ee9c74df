/*
 * cfgmgr: runs the programs of Config_Rules and configures the devices that they name, then the
 * children that those name, level by level. In a level one child of each parent comes in turn.
 */
#include <getopt.h>
#include <string.h>
#include <time.h>

#include "base/message.h"
#include "cfgmethods/driver.h"
#include "cfgmethods/machine.h"
#include "commands.h"
#include "device_command.h"

static const char usage[] = "cfgmgr [-f | -s | -p Phase] [-l Name] [-v] [-h]";

struct request {
	int phase;
	const char *name;
	bool verbose;
};

/* Names in order. */
struct names {
	char (*list)[16];
	int count;
};

static void names_release(struct names *names)
{
	free(names->list);
}

static bool names_add(struct names *names, const char *name)
{
	char(*longer)[16] = realloc(names->list, (size_t)(names->count + 1) * sizeof(*longer));

	if (longer == NULL)
		return false;
	names->list = longer;
	return copy_text(longer[names->count++], sizeof(*longer), name);
}

static void tell_start(
	const struct request *request, const char *what, const char *subject, const char *method)
{
	if (request->verbose)
		printf("----------------\n%s '%s'\ninvoking %s\n", what, subject, method);
}

static void tell_end(const struct request *request, const char *subject, int code,
	const struct method_output *output, time_t started)
{
	if (!request->verbose)
		return;
	printf("Completed method for: %s, Elapsed time = %ld\nreturn code = %d\n", subject,
		(long)(time(NULL) - started), code);
	if (output->names.length > 0)
		printf("****************** stdout ***********\n%s\n", output->names.data);
	else
		printf("****************** no stdout ***********\n");
	if (output->reason.length > 0)
		printf("****************** stderr ***********\n%s\n", output->reason.data);
	else
		printf("****************** no stderr ***********\n");
}

/* Configures one device; the names of its children go to `children`. */
static bool configure(const struct request *request, const char *name, struct text *children)
{
	AUTO(method_output_release) struct method_output output = {0};
	AUTO(device_release) struct device device = {0};
	const char *const arguments[] = {"-l", name, NULL};
	time_t started = time(NULL);

	if (device_find(name, &device, &output) != E_OK) {
		message("%s", output.reason.data);
		return false;
	}
	tell_start(request, "attempting to configure device", name, device.pddv.Configure);
	int code = device_command_method(device.pddv.Configure, arguments, &output);
	tell_end(request, name, code, &output, started);
	if (output.names.length > 0)
		text_append(children, output.names.data);
	return code == E_OK;
}

/* Takes the next word of each parent's answer in turn, until all are used up. */
static bool interleave(struct text *answers, int count, struct names *next)
{
	AUTO_FREE char **rests = calloc((size_t)count + 1, sizeof(*rests));
	bool more = rests != NULL, ok = rests != NULL;

	for (int i = 0; ok && i < count; i++)
		rests[i] = answers[i].data;
	while (more && ok) {
		more = false;
		for (int i = 0; i < count && ok; i++) {
			char *word = strsep(&rests[i], " \t\n");
			while (word != NULL && *word == '\0')
				word = strsep(&rests[i], " \t\n");
			if (word == NULL)
				continue;
			ok = names_add(next, word);
			more = true;
		}
	}
	return ok;
}

/* Configures a level of the tree and finds the next one. False when any device failed. */
static bool configure_level(
	const struct request *request, const struct names *level, struct names *next)
{
	AUTO_FREE struct text *answers = calloc((size_t)level->count + 1, sizeof(*answers));
	bool ok = answers != NULL;

	for (int i = 0; answers != NULL && i < level->count; i++)
		ok = configure(request, level->list[i], &answers[i]) && ok;
	if (answers != NULL && !interleave(answers, level->count, next))
		ok = false;
	for (int i = 0; answers != NULL && i < level->count; i++)
		text_release(&answers[i]);
	return ok;
}

static bool configure_tree(const struct request *request, struct names *level)
{
	bool ok = true;

	while (level->count > 0) {
		struct names next = {0};
		ok = configure_level(request, level, &next) && ok;
		names_release(level);
		*level = next;
	}
	return ok;
}

/* Runs a rule's program and configures what it names. */
static bool run_rule(const struct request *request, const char *rule)
{
	AUTO(method_output_release) struct method_output output = {0};
	AUTO(names_release) struct names level = {0};
	AUTO_FREE char *words = strdup(rule);
	const char *arguments[16];
	int count = 0;
	time_t started = time(NULL);

	char *rest = words;
	const char *program = words != NULL ? strsep(&rest, " ") : NULL;
	for (char *word = strsep(&rest, " "); word != NULL && count < 15; word = strsep(&rest, " "))
		if (*word != '\0')
			arguments[count++] = word;
	arguments[count] = NULL;
	if (program == NULL)
		return false;
	tell_start(request, "invoking top level program", program, rule);
	int code = device_command_method(program, arguments, &output);
	tell_end(request, program, code, &output, started);

	rest = output.names.data;
	for (char *name = strsep(&rest, " \t\n"); name != NULL; name = strsep(&rest, " \t\n"))
		if (*name != '\0' && !names_add(&level, name))
			return false;
	return configure_tree(request, &level) && code == E_OK;
}

/* By seq; 0 is the manual's DONT_CARE and runs last. */
static int compare_rules(const void *one, const void *other)
{
	int first = ((const struct Config_Rules *)one)->seq;
	int second = ((const struct Config_Rules *)other)->seq;

	return (first != 0 ? first : 65536) - (second != 0 ? second : 65536);
}

static bool run_rules(const struct request *request)
{
	AUTO_FREE char *crit = odm_criteria("phase = %d", request->phase);
	struct listinfo info;
	bool ok = true;
	if (crit == NULL)
		return false;

	struct Config_Rules *rules = get_Config_Rules_list(Config_Rules_CLASS, crit, &info, 16, 1);
	if (rules == ODM_FAILED) {
		message("Config_Rules can't be read: %s", odm_error_text(odmerrno));
		return false;
	}
	if (info.num > 0)
		qsort(rules, (size_t)info.num, sizeof(*rules), compare_rules);
	for (int i = 0; i < info.num; i++)
		ok = run_rule(request, rules[i].rule) && ok;
	odm_free_list(rules, &info);
	return ok;
}

static bool carry_out(const struct request *request)
{
	AUTO(machine_release) struct machine machine = {0};
	AUTO(names_release) struct names level = {0};
	AUTO_FREE char *mistake = machine_read(&machine);

	/* Looked at before anything is defined: half a machine helps nobody. */
	if (mistake != NULL) {
		message("%s", mistake);
		return false;
	}
	if (request->name == NULL)
		return run_rules(request);
	if (!names_add(&level, request->name)) {
		message("'%s' is no device", request->name);
		return false;
	}
	return configure_tree(request, &level);
}

int cfgmgr_main(int argc, char **argv)
{
	struct request request = {.phase = 2};
	int option;

	while ((option = getopt(argc, argv, "fsp:l:vh")) != -1) {
		switch (option) {
		case 'f':
			request.phase = 1;
			break;
		case 's':
			request.phase = 2;
			break;
		case 'p':
			optarg += strspn(optarg, " ");
			if (strlen(optarg) != 1 || *optarg < '1' || *optarg > '3')
				return usage_error(usage);
			request.phase = *optarg - '0';
			break;
		case 'l':
			request.name = option_value(optarg);
			break;
		case 'v':
			request.verbose = true;
			break;
		case 'h':
			printf("usage: %s\n", usage);
			return 0;
		default:
			return usage_error(usage);
		}
	}
	if (!no_operands(argc, argv))
		return usage_error(usage);
	if (!device_command_begin(true))
		return EXIT_FAILED;
	return carry_out(&request) ? 0 : EXIT_FAILED;
}
