/* odmdelete -o Class [-q Criteria] [--all]: deletes objects and says how many. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cli/shared/arguments.h"
#include "commands.h"
#include "odm_common.h"

/*
 * Without criteria AIX deletes every object unasked. Here that is asked on a terminal, and
 * elsewhere wants --all, or the environment's word that the script was written for AIX.
 */
static bool may_delete_all(const char *class_name)
{
	const char *strict = getenv("ODMCFG_STRICT_AIX");
	char answer[16] = "";

	if (strict != NULL && strcmp(strict, "1") == 0)
		return true;
	if (!isatty(STDIN_FILENO)) {
		message("without -q every object of %s would be deleted; say --all if you mean it",
			class_name);
		return false;
	}
	foreign_printf(stderr, "Delete every object of %s? [y/N] ", class_name);
	if (fgets(answer, sizeof(answer), stdin) != NULL && (answer[0] | ' ') == 'y')
		return true;
	message("nothing was deleted");
	return false;
}

static int delete_objects(const char *class_name, char *crit)
{
	CLASS_SYMBOL symbol = odm_command_open(class_name, true);

	if (symbol == NULL)
		return EXIT_FAILED;
	int count = odm_rm_obj(symbol, crit);
	if (count < 0) {
		odm_command_fails("302", "Nothing was deleted from %s.", class_name);
		if (crit != NULL)
			odm_command_criteria(crit);
		return EXIT_FAILED;
	}
	printf("0518-307 odmdelete: %d objects deleted.\n", count);
	return 0;
}

static const char usage[] = "odmdelete -o Class [-q Criteria] [--all]";

struct request {
	const char *class_name;
	char *crit;
	bool all;
};

static const struct argument stored[] = {ARGUMENT_TEXT('o', struct request, class_name),
	ARGUMENT_TEXT('q', struct request, crit), ARGUMENT_FLAG('a', struct request, all), {0}};

int odmdelete_main(int argc, char **argv)
{
	static const struct option options[] = {{"all", no_argument, NULL, 'a'}, {0}};
	static const struct syntax syntax = {usage, "o:q:", options, stored, NULL};
	struct request request = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if (request.class_name == NULL)
		return usage_mistake(usage, "the class is missing: -o Class");
	if (request.all && request.crit != NULL)
		return usage_mistake(usage, "--all and -q exclude each other");
	if (request.crit == NULL && !request.all && !may_delete_all(request.class_name))
		return EXIT_FAILED;
	return delete_objects(request.class_name, request.crit);
}
