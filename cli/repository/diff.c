/* odmcfg diff A [B]: what changed between two entries of the history. */
#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/json_output.h"
#include "cli/shared/repository_trouble.h"
#include "commands.h"
#include "history_common.h"
#include "history_json.h"

static const char usage[] = "odmcfg diff [--json] A [B]";

struct request {
	bool json;
};

static const struct argument stored[] = {ARGUMENT_FLAG('j', struct request, json), {0}};

/* Each returns 0, or -1 and odmerrno. */
static int print_lines(long long from, long long to)
{
	struct change_lines lines = {.file = stdout, .indent = "", .limit = -1};

	return odm_history_changes(from, to, print_change, &lines);
}

static int print_json(long long from, long long to)
{
	AUTO(json_release) json_t *array = json_array();
	struct change_array changes = {.array = array};

	if (odm_history_changes(from, to, collect_change, &changes) < 0)
		return -1;
	return json_output(array) ? 0 : -1;
}

int diff_main(int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {0}};
	static const struct syntax syntax = {usage, "h", options, stored, NULL};
	static const struct operands entries = {"the number of an entry", 1, 2};
	struct request request = {0};
	long long from, to;

	int status = arguments_read_operands(argc, argv, &syntax, &request, &entries);
	if (status >= 0)
		return status;
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
	if ((request.json ? print_json(from, to) : print_lines(from, to)) == 0)
		return 0;
	message(odmerrno == ODMI_NO_OBJECT ? "the history does not have all entries from %lld to "
					     "%lld; odmcfg log lists them"
					   : "the history from %lld to %lld can't be read",
		from, to);
	return EXIT_FAILED;
}
