/* odmcfg backup FILE, odmcfg restore FILE: the repository as one file. */
#include <odmx.h>
#include <stdio.h>

#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/file_check.h"
#include "cli/shared/repository_trouble.h"
#include "commands.h"
#include "history_common.h"

static const struct operands one_file = {"the file", 1, 1};

int backup_main(int argc, char **argv)
{
	static const struct syntax syntax = {"odmcfg backup FILE", "h", NULL, NULL, NULL};

	int status = arguments_read_operands(argc, argv, &syntax, NULL, &one_file);
	if (status >= 0)
		return status;
	if (!file_has_place(argv[optind]) || !repository_version_fits(false))
		return EXIT_FAILED;
	return odm_backup(argv[optind], stderr) < 0 ? EXIT_FAILED : 0;
}

int restore_main(int argc, char **argv)
{
	static const struct syntax syntax = {"odmcfg restore FILE", "h", NULL, NULL, NULL};

	int status = arguments_read_operands(argc, argv, &syntax, NULL, &one_file);
	if (status >= 0)
		return status;
	if (!file_is_there(argv[optind]) || !history_lock())
		return EXIT_FAILED;
	if (odm_restore(argv[optind], stderr) < 0)
		return EXIT_FAILED;
	device_command_checkpoint();
	/* It may be of another version than the one before. */
	repository_version_fits(false);
	return 0;
}
