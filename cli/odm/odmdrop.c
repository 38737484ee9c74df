/* odmdrop -o Class: removes a class with all its objects. */
#include "cli/shared/arguments.h"
#include "commands.h"
#include "odm_common.h"

static const char usage[] = "odmdrop -o Class";

struct request {
	const char *class_name;
};

static const struct argument stored[] = {ARGUMENT_TEXT('o', struct request, class_name), {0}};

int odmdrop_main(int argc, char **argv)
{
	static const struct syntax syntax = {usage, "o:", NULL, stored, NULL};
	struct request request = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if (request.class_name == NULL)
		return usage_mistake(usage, "the class is missing: -o Class");
	CLASS_SYMBOL symbol = odm_command_open(request.class_name, true);
	if (symbol == NULL)
		return EXIT_FAILED;
	if (odm_rm_class(symbol) < 0)
		return odm_command_fails("402", "%s was not removed.", request.class_name);
	return 0;
}
