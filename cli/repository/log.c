/* odmcfg log [-l Device] [-n Count] [--all] [ID]: who changed what, and when. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cli/shared/repository_trouble.h"
#include "commands.h"
#include "history_common.h"

#define ENTRIES 20
#define LINES_AN_ENTRY 20

struct log {
	const char *device;
	long entries; /* still to be printed */
	long lines; /* at most, of an entry; -1 for all */
};

static void print_head(const struct odm_history_entry *entry)
{
	char when[ENTRY_TIME], user[ENTRY_USER];

	entry_time(entry, when);
	entry_user(entry, user);
	printf("%-6lld %s  %-8s ", entry->id, when, user);
	foreign_print(entry->command, stdout);
	if (entry->undoes != 0)
		printf("  (undoes %lld)", entry->undoes);
	if (entry->undone_by != 0)
		printf("  (undone by %lld)", entry->undone_by);
	putchar('\n');
}

/* An entry is printed when it has a change that is wanted. */
static int print_entry(const struct odm_history_entry *entry, void *closure)
{
	struct log *log = closure;
	AUTO_FREE char *text = NULL;
	size_t length;
	struct change_lines lines = {
		.device = log->device, .indent = "        ", .limit = log->lines};

	lines.file = open_memstream(&text, &length);
	if (lines.file == NULL)
		return -1;
	int result = odm_history_changes(entry->id - 1, entry->id, print_change, &lines);
	fclose(lines.file);
	if (result < 0)
		return -1;
	if (lines.count == 0 && log->device != NULL)
		return 0;
	print_head(entry);
	fputs(text, stdout);
	if (log->lines >= 0 && lines.count > log->lines)
		printf("        ... and %ld more; --all prints them\n", lines.count - log->lines);
	return --log->entries == 0;
}

static bool read_count(const char *text, long *count)
{
	char *end;

	errno = 0;
	*count = strtol(text, &end, 10);
	if (*text != '\0' && *end == '\0' && errno == 0 && *count > 0)
		return true;
	message("'%s' is no count of entries: it is a number from 1", text);
	return false;
}

int log_main(int argc, char **argv)
{
	static const char usage[] = "odmcfg log [-l Device] [-n Count] [--all] [ID]";
	static const struct option options[] = {{"all", no_argument, NULL, 'a'}, {0}};
	struct log log = {.entries = ENTRIES, .lines = LINES_AN_ENTRY};
	long long id = 0;
	int option;

	while ((option = getopt_long(argc, argv, "l:n:", options, NULL)) != -1) {
		if (option == 'l')
			log.device = option_value(optarg);
		else if (option == 'a')
			log.lines = -1;
		else if (option != 'n' || !read_count(optarg, &log.entries))
			return usage_error(usage);
	}
	if (argc - optind > 1)
		return usage_error(usage);
	if (optind < argc && (!history_number(argv[optind], &id) || id == 0))
		return usage_error(usage);
	if (!repository_version_fits(false))
		return EXIT_FAILED;
	if (odm_history(id, print_entry, &log) >= 0)
		return 0;
	history_unreadable();
	return EXIT_FAILED;
}
