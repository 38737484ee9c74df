/* odmadd [--json] [File ...]: adds objects, all of the files' or none. */
#include <errno.h>
#include <string.h>

#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/repository_trouble.h"
#include "commands.h"
#include "odm_common.h"

/* odm_add_stanzas or odm_add_json. */
typedef int add_function(FILE *file, const char *name, FILE *errors);

/* Every file is read in one transaction: the last one's mistake undoes the first. */
static int add_files(char *const *files, add_function *add)
{
	for (; *files != NULL; files++) {
		AUTO_FCLOSE FILE *file = fopen(*files, "r");
		if (file == NULL) {
			message("%s: %s", *files, strerror(errno));
			odmerrno = ODMI_PARAMS;
			return -1;
		}
		if (add(file, *files, stderr) < 0)
			return -1;
	}
	return 0;
}

static const char usage[] = "odmadd [--json] [File ...]";

struct request {
	bool json;
};

static const struct argument stored[] = {ARGUMENT_FLAG('j', struct request, json), {0}};

int odmadd_main(int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {0}};
	static const struct syntax syntax = {usage, "", options, stored, NULL};
	static const struct operands files = {"a file", 0, -1};
	struct request request = {0};

	int status = arguments_read_operands(argc, argv, &syntax, &request, &files);
	if (status >= 0)
		return status;
	add_function *add = request.json ? odm_add_json : odm_add_stanzas;
	if (!repository_version_fits(true))
		return EXIT_FAILED;
	if (optind == argc)
		return add(stdin, "standard input", stderr) < 0
			       ? odm_command_fails("101", "Nothing was added.")
			       : 0;
	if (odm_begin() < 0)
		return odm_command_fails("102", "The repository can't be written.");
	if (add_files(argv + optind, add) < 0) {
		int error = odmerrno;
		odm_rollback();
		odmerrno = error;
		return odm_command_fails("101", "Nothing was added.");
	}
	return odm_commit() < 0 ? odm_command_fails("102", "The objects can't be stored.") : 0;
}
