/* odmadd [File ...]: adds objects from stanzas, all of a file's or none. */
#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "base/message.h"
#include "commands.h"
#include "odm_common.h"

/* Every file is read in one transaction: the last one's mistake undoes the first. */
static int add_files(char *const *files)
{
	for (; *files != NULL; files++) {
		AUTO_FCLOSE FILE *file = fopen(*files, "r");
		if (file == NULL) {
			message("%s: %s", *files, strerror(errno));
			return -1;
		}
		if (odm_add_stanzas(file, *files, stderr) < 0)
			return -1;
	}
	return 0;
}

int odmadd_main(int argc, char **argv)
{
	if (getopt(argc, argv, "") != -1)
		return usage_error("odmadd [File ...]");
	if (optind == argc)
		return odm_add_stanzas(stdin, "standard input", stderr) < 0
			       ? odm_command_fails("101", "Nothing was added.")
			       : 0;
	if (odm_begin() < 0)
		return odm_command_fails("102", "The repository can't be written.");
	if (add_files(argv + optind) < 0) {
		int error = odmerrno;
		odm_rollback();
		odmerrno = error;
		return odm_command_fails("101", "Nothing was added.");
	}
	return odm_commit() < 0 ? odm_command_fails("102", "The objects can't be stored.") : 0;
}
