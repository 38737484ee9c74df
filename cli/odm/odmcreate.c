/* odmcreate [-p] [-c | -h] File: makes classes, C source, or both of class definitions. */
#include <getopt.h>
#include <string.h>
#include <unistd.h>

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

int odmcreate_main(int argc, char **argv)
{
	static const char usage[] = "odmcreate [-p] [-c | -h] File";
	int option, preprocess = 0, make = ODM_MAKE_CLASSES | ODM_MAKE_SOURCE;

	while ((option = getopt(argc, argv, "pch")) != -1) {
		if (option == 'p')
			preprocess = 1;
		else if (option == 'c' && make != ODM_MAKE_SOURCE)
			make = ODM_MAKE_CLASSES;
		else if (option == 'h' && make != ODM_MAKE_CLASSES)
			make = ODM_MAKE_SOURCE;
		else
			return usage_error(usage);
	}
	if (argc - optind != 1)
		return usage_error(usage);
	if ((make & ODM_MAKE_CLASSES) && !repository_version_fits(true))
		return EXIT_FAILED;
	AUTO_FREE char *file = definition_file(argv[optind]);
	if (file == NULL)
		return odm_command_fails("201", "There is not enough memory.");
	if (odm_compile_file(file, preprocess, make, ".", stderr) < 0)
		return odm_command_fails("202", "%s was not compiled.", file);
	return 0;
}
