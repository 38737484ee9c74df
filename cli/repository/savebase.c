/*
 * savebase [-v] [-o Directory] [-d File], restbase [-v] [-o File] [-d Directory]: the customized
 * classes to a file and back.
 */
#include <getopt.h>
#include <odmx.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/foreign.h"
#include "base/message.h"
#include "base/paths.h"
#include "cfgmethods/cfg_private.h"
#include "cli/shared/repository_trouble.h"
#include "commands.h"
#include "history_common.h"

#define CUSTOMIZED "Cu*"

/* The repository that a directory was given for; false with a message. */
static bool use_directory(char *directory)
{
	if (directory == NULL)
		return true;
	AUTO_FREE char *before = odm_set_path(directory);
	if (before != ODM_FAILED)
		return true;
	before = NULL;
	message("%s: %s", directory, odm_error_text(odmerrno));
	return false;
}

/* The file that is used when none is named: in the repository. To be freed. */
static char *base_file(const char *directory)
{
	const char *repository = directory != NULL ? directory : getenv("ODMDIR");
	char *file = NULL;

	if (repository == NULL || *repository == '\0')
		return root_path(ROOT_OBJREPOS, "base");
	return asprintf(&file, "%s/base", repository) < 0 ? NULL : file;
}

/* The options -v and two more, each with a value. */
static bool read_options(int argc, char **argv, bool *verbose, int first, char **first_value,
	int second, char **second_value)
{
	const char letters[] = {'v', (char)first, ':', (char)second, ':', '\0'};
	int option;

	while ((option = getopt(argc, argv, letters)) != -1) {
		if (option == 'v')
			*verbose = true;
		else if (option == first)
			*first_value = optarg;
		else if (option == second)
			*second_value = optarg;
		else
			return false;
	}
	return no_operands(argc, argv);
}

int savebase_main(int argc, char **argv)
{
	char *directory = NULL, *file = NULL;
	bool verbose = false;

	if (!read_options(argc, argv, &verbose, 'o', &directory, 'd', &file))
		return usage_error("savebase [-v] [-o Directory] [-d File]");
	AUTO_FREE char *usual = base_file(directory);
	file = file != NULL ? file : usual;
	if (file == NULL || !use_directory(directory) || !repository_version_fits(false) ||
		odm_backup_classes(file, CUSTOMIZED, stderr) < 0)
		return EXIT_FAILED;
	if (verbose)
		foreign_printf(stdout, "the classes %s were saved in %s\n", CUSTOMIZED, file);
	return 0;
}

int restbase_main(int argc, char **argv)
{
	char *directory = NULL, *file = NULL;
	bool verbose = false;

	if (!read_options(argc, argv, &verbose, 'd', &directory, 'o', &file))
		return usage_error("restbase [-v] [-o File] [-d Directory]");
	AUTO_FREE char *usual = base_file(directory);
	file = file != NULL ? file : usual;
	if (file == NULL || !use_directory(directory) || !repository_version_fits(true) ||
		!history_lock() || odm_restore_classes(file, stderr) < 0)
		return EXIT_FAILED;
	if (verbose)
		foreign_printf(stdout, "the classes of %s were restored\n", file);
	return 0;
}
