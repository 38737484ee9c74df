/*
 * The multi-call program: odmcfg COMMAND ..., a link named after a command, or one named after a
 * device method.
 */
#include <libgen.h>
#include <odmx.h>
#include <stdio.h>
#include <string.h>

#include "base/message.h"
#include "base/process.h"
#include "cfgmethods/method.h"
#include "cli/commands.h"
#include "cli/shared/interrupt.h"

static void print_help(void)
{
	printf("usage: odmcfg COMMAND [ARGUMENT ...]\n\n");
	for (const struct command *command = commands; command->name != NULL; command++)
		printf("  %-10s %s\n", command->name, command->help);
	printf("\nThe private root that ODMCFG_ROOT names is used, or else the system's "
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

static int run_command(const char *name, int argc, char **argv)
{
	const struct command *command = command_find(name);

	if (command == NULL) {
		message("there is no command '%s'; odmcfg --help lists them", name);
		return EXIT_USAGE;
	}
	message_set_command(command->name);
	odm_on_wait(tell_of_wait);
	int status = command->function(argc, argv);
	interrupt_deliver();
	return status;
}

int main(int argc, char **argv)
{
	const char *name = argc > 0 ? basename(argv[0]) : "odmcfg";
	method_function *method = method_builtin(name);

	if (method != NULL)
		return method_main(method, argc, argv);
	if (command_find(name) != NULL)
		return run_command(name, argc, argv);

	message_set_command("odmcfg");
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
	return run_command(argv[1], argc - 1, argv + 1);
}
