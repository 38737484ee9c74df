/* odmdelete -o Class [-q Criteria] [--all]: deletes objects and says how many. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/foreign.h"
#include "base/message.h"
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

int odmdelete_main(int argc, char **argv)
{
	static const char usage[] = "odmdelete -o Class [-q Criteria] [--all]";
	static const struct option options[] = {{"all", no_argument, NULL, 'a'}, {0}};
	const char *class_name = NULL;
	char *crit = NULL;
	bool all = false;
	int option;

	while ((option = getopt_long(argc, argv, "o:q:", options, NULL)) != -1) {
		if (option == 'o')
			class_name = optarg;
		else if (option == 'q')
			crit = optarg;
		else if (option == 'a')
			all = true;
		else
			return usage_error(usage);
	}
	if (class_name == NULL || (all && crit != NULL) || !no_operands(argc, argv))
		return usage_error(usage);
	if (crit == NULL && !all && !may_delete_all(class_name))
		return EXIT_FAILED;
	return delete_objects(class_name, crit);
}
