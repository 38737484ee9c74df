/* odmcreate [-p] [-c | -h] File: makes classes, C source, or both of class definitions. */
#include <string.h>
#include <unistd.h>

#include "cli/shared/arguments.h"
#include "cli/shared/repository_trouble.h"
#include "commands.h"
#include "odm_common.h"

/* The suffix .cre may be left out. */
static char *definition_file(const char *name)
{
	AUTO_FREE char *suffixed = NULL;

	if (strrchr(name, '.') != NULL || access(name, F_OK) == 0)
		return strdup(name);
	return asprintf(&suffixed, "%s.cre", name) < 0 ? NULL : TAKE(suffixed);
}

static const char usage[] = "odmcreate [-p] [-c | -h] File";

struct request {
	bool preprocess, only_classes, only_source;
};

static const struct argument stored[] = {ARGUMENT_FLAG('p', struct request, preprocess),
	ARGUMENT_FLAG('c', struct request, only_classes),
	ARGUMENT_FLAG('h', struct request, only_source), {0}};

int odmcreate_main(int argc, char **argv)
{
	static const struct syntax syntax = {usage, "pch", NULL, stored, NULL};
	static const struct operands one = {"a file of class definitions", 1, 1};
	struct request request = {0};

	int status = arguments_read_operands(argc, argv, &syntax, &request, &one);
	if (status >= 0)
		return status;
	if (request.only_classes && request.only_source)
		return usage_mistake(usage, "-c and -h exclude each other");
	int make = request.only_classes  ? ODM_MAKE_CLASSES
		   : request.only_source ? ODM_MAKE_SOURCE
					 : ODM_MAKE_CLASSES | ODM_MAKE_SOURCE;
	if ((make & ODM_MAKE_CLASSES) && !repository_version_fits(true))
		return EXIT_FAILED;
	AUTO_FREE char *file = definition_file(argv[optind]);
	if (file == NULL)
		return odm_command_fails("201", "There is not enough memory.");
	if (odm_compile_file(file, request.preprocess, make, ".", stderr) < 0)
		return odm_command_fails("202", "%s was not compiled.", file);
	return 0;
}
