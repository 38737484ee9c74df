/* odmcfg diff A [B]: what changed between two entries of the history. */
#include <getopt.h>

#include "base/message.h"
#include "cli/shared/repository_trouble.h"
#include "commands.h"
#include "history_common.h"

int diff_main(int argc, char **argv)
{
	static const char usage[] = "odmcfg diff A [B]";
	struct change_lines lines = {.file = stdout, .indent = "", .limit = -1};
	long long from, to;

	if (getopt(argc, argv, "") != -1 || argc - optind < 1 || argc - optind > 2)
		return usage_error(usage);
	if (!history_number(argv[optind], &from) ||
		(argc - optind == 2 && !history_number(argv[optind + 1], &to)))
		return usage_error(usage);
	if (!repository_version_fits(false))
		return EXIT_FAILED;
	if (argc - optind == 1 && (to = newest_entry()) < 0)
		return EXIT_FAILED;
	if (from > to) {
		message("%lld is later than %lld: the older entry comes first", from, to);
		return EXIT_FAILED;
	}
	if (odm_history_changes(from, to, print_change, &lines) >= 0)
		return 0;
	message(odmerrno == ODMI_NO_OBJECT ? "the history does not have all entries from %lld to "
					     "%lld; odmcfg log lists them"
					   : "the history from %lld to %lld can't be read",
		from, to);
	return EXIT_FAILED;
}
