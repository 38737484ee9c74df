/*
 * savebase [-v] [-o Directory] [-d File], restbase [-v] [-o File] [-d Directory]: the customized
 * classes to a file and back.
 */
#include <odmx.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/foreign.h"
#include "base/message.h"
#include "base/paths.h"
#include "cfgmethods/cfg_private.h"
#include "cli/shared/arguments.h"
#include "cli/shared/file_check.h"
#include "cli/shared/repository_trouble.h"
#include "commands.h"
#include "history_common.h"

#define CUSTOMIZED "Cu*"

/* The repository that a directory was given for; false with a message. */
static bool use_directory(const char *directory)
{
	if (directory == NULL)
		return true;
	AUTO_FREE char *before = odm_set_path((char *)(uintptr_t)directory);
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

struct request {
	const char *directory, *file;
	bool verbose;
};

int savebase_main(int argc, char **argv)
{
	static const struct argument stored[] = {ARGUMENT_TEXT('o', struct request, directory),
		ARGUMENT_TEXT('d', struct request, file),
		ARGUMENT_FLAG('v', struct request, verbose), {0}};
	static const struct syntax syntax = {
		"savebase [-v] [-o Directory] [-d File]", "vo:d:h", NULL, stored, NULL};
	struct request request = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	AUTO_FREE char *usual = base_file(request.directory);
	const char *file = request.file != NULL ? request.file : usual;
	if (file == NULL || !file_has_place(file) || !use_directory(request.directory) ||
		!repository_version_fits(false) || odm_backup_classes(file, CUSTOMIZED, stderr) < 0)
		return EXIT_FAILED;
	if (request.verbose)
		foreign_printf(stdout, "the classes %s were saved in %s\n", CUSTOMIZED, file);
	return 0;
}

int restbase_main(int argc, char **argv)
{
	static const struct argument stored[] = {ARGUMENT_TEXT('d', struct request, directory),
		ARGUMENT_TEXT('o', struct request, file),
		ARGUMENT_FLAG('v', struct request, verbose), {0}};
	static const struct syntax syntax = {
		"restbase [-v] [-o File] [-d Directory]", "vd:o:h", NULL, stored, NULL};
	struct request request = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	AUTO_FREE char *usual = base_file(request.directory);
	const char *file = request.file != NULL ? request.file : usual;
	if (file == NULL || !file_is_there(file) || !use_directory(request.directory) ||
		!repository_version_fits(true) || !history_lock() ||
		odm_restore_classes(file, stderr) < 0)
		return EXIT_FAILED;
	if (request.verbose)
		foreign_printf(stdout, "the classes of %s were restored\n", file);
	return 0;
}
