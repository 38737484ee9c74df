/* odmcfg backup FILE, odmcfg restore FILE: the repository as one file. */
#include <getopt.h>
#include <odmx.h>
#include <stdio.h>

#include "cli/shared/device_command.h"
#include "cli/shared/repository_trouble.h"
#include "commands.h"
#include "history_common.h"

int backup_main(int argc, char **argv)
{
	if (getopt(argc, argv, "") != -1 || argc - optind != 1)
		return usage_error("odmcfg backup FILE");
	if (!repository_version_fits(false))
		return EXIT_FAILED;
	return odm_backup(argv[optind], stderr) < 0 ? EXIT_FAILED : 0;
}

int restore_main(int argc, char **argv)
{
	if (getopt(argc, argv, "") != -1 || argc - optind != 1)
		return usage_error("odmcfg restore FILE");
	if (!history_lock())
		return EXIT_FAILED;
	if (odm_restore(argv[optind], stderr) < 0)
		return EXIT_FAILED;
	device_command_checkpoint();
	/* It may be of another version than the one before. */
	repository_version_fits(false);
	return 0;
}
