/*
 * The multi-call program: odmcfg COMMAND ..., a link named after a command, or one named after a
 * device method.
 */
#include <getopt.h>
#include <libgen.h>
#include <odmx.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/message.h"
#include "base/process.h"
#include "cfgmethods/method.h"
#include "cli/commands.h"
#include "cli/shared/arguments.h"
#include "cli/shared/interrupt.h"
#include "cli/shared/suggestion.h"

static void print_help(void)
{
	printf("usage: odmcfg COMMAND [ARGUMENT ...]\n\n");
	for (const struct command *command = commands; command->name != NULL; command++)
		printf("  %-10s %s\n", command->name, command->help);
	printf("\nodmcfg help COMMAND says how one is called, man odmcfg how they belong "
	       "together.\n");
	printf("The private root that ODMCFG_ROOT names is used, or else the system's "
	       "directories.\n");
}

static void tell_of_wait(const char *path, int holder)
{
	char process[192];

	if (holder > 0) {
		process_description(holder, process, sizeof(process));
		message("waits for process %s, which holds %s", process, path);
	} else {
		message("waits for another process, which holds %s", path);
	}
}

static const struct command *find_or_explain(const char *name)
{
	const struct command *command = command_find(name);
	struct suggestion suggestion = {.word = name};

	if (command != NULL)
		return command;
	for (command = commands; command->name != NULL; command++)
		suggestion_consider(&suggestion, command->name);
	if (suggestion.nearest != NULL)
		message("there is no command '%s'; did you mean %s?", name, suggestion.nearest);
	else
		message("there is no command '%s'; odmcfg --help lists them", name);
	return NULL;
}

static int run_command(const char *name, int argc, char **argv)
{
	const struct command *command = find_or_explain(name);
	char page[64];

	if (command == NULL)
		return EXIT_USAGE;
	snprintf(page, sizeof(page), "%s%s", command->kind == COMMAND_OWN ? "odmcfg-" : "",
		command->name);
	command_describe(command->name, command->help, page);
	odm_on_wait(tell_of_wait);
	int status = command->function(argc, argv);
	interrupt_deliver();
	return status;
}

int help_main(int argc, char **argv)
{
	static const struct operands one = {"a command", 0, 1};
	static const struct syntax syntax = {"odmcfg help [COMMAND]", "h", NULL, NULL, NULL};
	char option[] = "--help";

	int status = arguments_read_operands(argc, argv, &syntax, NULL, &one);
	if (status >= 0)
		return status;
	if (optind == argc) {
		print_help();
		return 0;
	}
	char *const asked[] = {argv[optind], option, NULL};
	/* What is read next is not the rest of these arguments. */
	optind = 0;
	return run_command(asked[0], 2, (char **)(uintptr_t)asked);
}

int main(int argc, char **argv)
{
	const char *name = argc > 0 ? basename(argv[0]) : "odmcfg";
	method_function *method = method_builtin(name);

	if (method != NULL)
		return method_main(method, argc, argv);
	if (command_find(name) != NULL)
		return run_command(name, argc, argv);

	command_describe("odmcfg", NULL, NULL);
	if (argc < 2) {
		fprintf(stderr, "usage: odmcfg COMMAND [ARGUMENT ...]; odmcfg --help lists them\n");
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_help();
		return 0;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("odmcfg %s\n", ODMCFG_VERSION);
		return 0;
	}
	if (argv[1][0] == '-') {
		message("there is no option '%s': a command comes first; odmcfg --help lists them",
			argv[1]);
		return EXIT_USAGE;
	}
	return run_command(argv[1], argc - 1, argv + 1);
}
