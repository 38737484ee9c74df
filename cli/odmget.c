/* odmget [-q Criteria] Class ...: prints objects as stanzas. */
#include <getopt.h>
#include <stdlib.h>

#include "commands.h"
#include "odm_common.h"

static int print_class(const char *name, char *crit)
{
	CLASS_SYMBOL symbol = odm_command_class(name);
	if (symbol == NULL)
		return 1;
	AUTO_FREE void *object = malloc((size_t)symbol->structsize);
	if (object == NULL)
		return odm_command_fails("507", "There is not enough memory.");

	void *found = odm_get_first(symbol, crit, object);
	for (; found != NULL && found != ODM_FAILED; found = odm_get_next(symbol, object)) {
		int result = odm_write_stanza(symbol, object, stdout);
		odm_free_members(symbol, object);
		if (result < 0)
			return odm_command_fails("508", "Standard output can't be written.");
	}
	if (found != ODM_FAILED)
		return 0;
	odm_command_fails("507", "The objects of %s can't be retrieved.", name);
	odm_command_criteria(crit);
	return 1;
}

int odmget_main(int argc, char **argv)
{
	static const char usage[] = "odmget [-q Criteria] Class ...";
	char *crit = NULL;
	int option, status = 0;

	while ((option = getopt(argc, argv, "q:")) != -1) {
		if (option != 'q')
			return usage_error(usage);
		crit = optarg;
	}
	if (optind == argc)
		return usage_error(usage);
	for (int i = optind; i < argc && status == 0; i++)
		status = print_class(argv[i], crit);
	return status;
}
