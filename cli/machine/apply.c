/* odmcfg apply: gives the kernel what is stored and differs. */
#include "base/message.h"
#include "cfgmethods/kernel_compare.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/names.h"
#include "commands.h"

static const char usage[] = "odmcfg apply [-l Name] [-q] [-h]";

struct request {
	const char *name;
	bool quiet;
};

static const struct argument stored[] = {
	ARGUMENT_TEXT('l', struct request, name), ARGUMENT_FLAG('q', struct request, quiet), {0}};

int apply_main(int argc, char **argv)
{
	static const struct syntax syntax = {usage, "l:qh", NULL, stored, NULL};
	AUTO(method_output_release) struct method_output output = {0};
	struct request request = {.name = "*"};
	int written;

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if (!device_command_begin(true) || !names_exist(request.name))
		return EXIT_FAILED;
	int refused = kernel_apply_all(request.name, false, &written, &output);
	if (output.reason.length > 0)
		message("%s", output.reason.data);
	if (refused < 0)
		return EXIT_FAILED;
	if (!request.quiet)
		printf("%d values written, %d refused\n", written, refused);
	return refused == 0 ? 0 : EXIT_FAILED;
}
