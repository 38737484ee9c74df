/* odmcfg log [-l Device] [-n Count] [--all] [ID]: who changed what, and when. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/json_output.h"
#include "cli/shared/repository_trouble.h"
#include "commands.h"
#include "history_common.h"
#include "history_json.h"

#define ENTRIES 20
#define LINES_AN_ENTRY 20

struct log {
	const char *device;
	long entries; /* still to be printed */
	long lines; /* at most, of an entry; -1 for all */
	bool json;
	json_t *array; /* with --json */
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

/* NULL without memory. */
static json_t *entry_json(const struct odm_history_entry *entry, json_t *changes)
{
	AUTO(json_release) json_t *object = json_object();
	char user[ENTRY_USER];

	entry_user(entry, user);
	bool ok = json_set(object, "id", json_integer(entry->id)) &&
		  json_set(object, "time", json_time(entry->time / 1000)) &&
		  json_set(object, "user", json_text(user)) &&
		  json_set(object, "command", json_text(entry->command)) &&
		  (entry->undoes == 0 || json_set(object, "undoes", json_integer(entry->undoes))) &&
		  (entry->undone_by == 0 ||
			  json_set(object, "undone_by", json_integer(entry->undone_by))) &&
		  json_set(object, "changes", json_incref(changes));
	return ok ? json_incref(object) : NULL;
}

static int collect_entry(const struct odm_history_entry *entry, void *closure)
{
	struct log *log = closure;
	AUTO(json_release) json_t *array = json_array();
	struct change_array changes = {.array = array, .device = log->device};

	if (odm_history_changes(entry->id - 1, entry->id, collect_change, &changes) < 0)
		return -1;
	if (json_array_size(array) == 0 && log->device != NULL)
		return 0;
	if (json_array_append_new(log->array, entry_json(entry, array)) < 0)
		return -1;
	return --log->entries == 0;
}

/* A device that nothing is written of may have been mistyped; one that is there was never changed.
 */
static void explain_nothing(const char *device)
{
	struct CuDv object;

	if (odm_initialize() >= 0 && find_object(CuDv_CLASS, &object, "name = %s", device) == 0)
		message("the history has nothing of %s, and there is no such device; lsdev lists "
			"the devices",
			device);
}

static int print_log(struct log *log, long long id)
{
	AUTO(json_release) json_t *array = log->json ? json_array() : NULL;
	long most = log->entries;

	log->array = array;
	if (odm_history(id, log->json ? collect_entry : print_entry, log) < 0) {
		history_unreadable();
		return EXIT_FAILED;
	}
	if (log->device != NULL && log->entries == most)
		explain_nothing(log->device);
	return !log->json || json_output(array) ? 0 : EXIT_FAILED;
}

static bool read_count(const char *text, long *count)
{
	char *end;

	errno = 0;
	*count = strtol(text, &end, 10);
	if (*text != '\0' && *end == '\0' && errno == 0 && *count > 0)
		return true;
	return option_refused("-n", text, "a number of entries from 1");
}

static const struct argument stored[] = {
	ARGUMENT_TEXT('l', struct log, device), ARGUMENT_FLAG('j', struct log, json), {0}};

static bool set_option(void *closure, int option, const char *value)
{
	struct log *log = closure;

	if (option == 'n')
		return read_count(value, &log->entries);
	log->lines = -1;
	return true;
}

int log_main(int argc, char **argv)
{
	static const char usage[] = "odmcfg log [-l Device] [-n Count] [--all | --json] [ID]";
	static const struct option options[] = {
		{"all", no_argument, NULL, 'a'}, {"json", no_argument, NULL, 'j'}, {0}};
	static const struct syntax syntax = {usage, "l:n:h", options, stored, set_option};
	static const struct operands entries = {"an entry's number", 0, 1};
	struct log log = {.entries = ENTRIES, .lines = LINES_AN_ENTRY};
	long long id = 0;

	int status = arguments_read_operands(argc, argv, &syntax, &log, &entries);
	if (status >= 0)
		return status;
	if (optind < argc && !history_entry_number(argv[optind], &id))
		return usage_error(usage);
	return repository_version_fits(false) ? print_log(&log, id) : EXIT_FAILED;
}
