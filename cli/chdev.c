/* chdev: changes attributes of a device. */
#include <getopt.h>

#include "base/message.h"
#include "commands.h"
#include "device_command.h"

static const char usage[] = "chdev -l Name -a Attribute=Value ... [-P] [-q] [-h]";

int chdev_main(int argc, char **argv)
{
	AUTO(text_release) struct text assignments = {0};
	AUTO(device_release) struct device device = {0};
	AUTO(method_output_release) struct method_output output = {0};
	const char *name = NULL;
	bool database_only = false, quiet = false;
	int option;

	while ((option = getopt(argc, argv, "l:a:Pqh")) != -1) {
		switch (option) {
		case 'l':
			name = option_value(optarg);
			break;
		case 'a':
			text_printf(&assignments, "%s%s", assignments.length > 0 ? " " : "",
				option_value(optarg));
			break;
		case 'P':
			database_only = true;
			break;
		case 'q':
			quiet = true;
			break;
		case 'h':
			printf("usage: %s\n", usage);
			return 0;
		default:
			return usage_error(usage);
		}
	}
	if (name == NULL || assignments.length == 0 || !no_operands(argc, argv))
		return usage_error(usage);
	if (!device_command_begin(true))
		return EXIT_FAILED;
	if (device_find(name, &device, &output) != E_OK) {
		message("%s", output.reason.data);
		return EXIT_FAILED;
	}
	const char *const arguments[] = {
		"-l", name, "-a", assignments.data, database_only ? "-P" : NULL, NULL};
	if (device_command_method(device.pddv.Change, arguments, &output) != E_OK)
		return EXIT_FAILED;
	if (!quiet)
		printf("%s changed\n", name);
	return 0;
}
