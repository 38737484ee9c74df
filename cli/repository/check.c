/* odmcfg check [--repair]: whether the repository is sound, and the database makes sense. */
#include "cfgmethods/check.h"

#include <getopt.h>
#include <odmx.h>

#include "base/message.h"
#include "cli/shared/repository_trouble.h"
#include "commands.h"
#include "history_common.h"

int check_main(int argc, char **argv)
{
	static const char usage[] = "odmcfg check [--repair]";
	static const struct option options[] = {{"repair", no_argument, NULL, 'r'}, {0}};
	bool repair = false;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option != 'r')
			return usage_error(usage);
		repair = true;
	}
	if (!no_operands(argc, argv))
		return usage_error(usage);
	if (!repository_version_fits(repair))
		return EXIT_FAILED;
	if (repair && !history_lock())
		return EXIT_FAILED;
	int damaged = odm_check_integrity(repair, stdout);
	if (damaged > 0)
		message("the repository's file is damaged; odmcfg restore FILE puts a backup in "
			"its place");
	int left = damaged == 0 ? database_check(repair, stdout) : 0;
	if (damaged >= 0 && left >= 0)
		return damaged + left > 0 ? EXIT_FAILED : 0;
	repository_trouble_message();
	return EXIT_FAILED;
}
