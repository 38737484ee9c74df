/*
 * odmcfg backup, odmcfg restore: the repository as one file; and the copies of it that are kept
 * beside it, which cfgmgr and a timer make.
 */
#include <odmx.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/file_check.h"
#include "cli/shared/json_output.h"
#include "cli/shared/repository_trouble.h"
#include "commands.h"
#include "history_common.h"

static int print_copy(const struct odm_copy *copy, void *unused)
{
	char date[COPY_DATE] = "-";
	struct stat status;
	long long size = stat(copy->file, &status) == 0 ? (long long)status.st_size : 0;

	(void)unused;
	if (copy->good)
		copy_date(copy->time, date);
	foreign_printf(stdout, "%-19s %-7s %10lld %s\n", date, copy->good ? "good" : "damaged",
		size, copy->file);
	return 0;
}

/* Adds an object to the array; 1 without memory. */
static int add_copy(const struct odm_copy *copy, void *array)
{
	AUTO(json_release) json_t *object = json_object();
	char date[COPY_DATE] = "-";
	struct stat status;
	long long size = stat(copy->file, &status) == 0 ? (long long)status.st_size : 0;

	if (copy->good)
		copy_date(copy->time, date);
	bool ok = json_set(object, "date", json_string(date)) &&
		  json_set(object, "good", json_boolean(copy->good)) &&
		  json_set(object, "size", json_integer(size)) &&
		  json_set(object, "file", json_text(copy->file)) &&
		  json_array_append(array, object) == 0;
	return ok ? 0 : 1;
}

static int list_copies(bool json)
{
	AUTO(json_release) json_t *array = json_array();
	int result = json ? odm_copies(add_copy, array) : odm_copies(print_copy, NULL);

	if (result < 0) {
		repository_trouble_message();
		return EXIT_FAILED;
	}
	return !json || json_output(result == 0 ? array : NULL) ? 0 : EXIT_FAILED;
}

static int keep_copy(void)
{
	if (!repository_version_fits(false) || !history_lock())
		return EXIT_FAILED;
	if (odm_checkpoint() < 0 || odm_keep_copy(stderr) < 0) {
		repository_trouble_message();
		return EXIT_FAILED;
	}
	return 0;
}

/* What the two commands read. */
struct request {
	bool keep, list, newest, json;
};

static const struct argument stored[] = {ARGUMENT_FLAG('k', struct request, keep),
	ARGUMENT_FLAG('l', struct request, list), ARGUMENT_FLAG('n', struct request, newest),
	ARGUMENT_FLAG('j', struct request, json), {0}};

static const struct operands one_file = {"the file", 0, 1};

int backup_main(int argc, char **argv)
{
	static const char usage[] = "odmcfg backup {File | --keep | --list [--json]}";
	static const struct option options[] = {{"keep", no_argument, NULL, 'k'},
		{"list", no_argument, NULL, 'l'}, {"json", no_argument, NULL, 'j'}, {0}};
	static const struct syntax syntax = {usage, "h", options, stored, NULL};
	struct request request = {0};

	int status = arguments_read_operands(argc, argv, &syntax, &request, &one_file);
	if (status >= 0)
		return status;
	if ((optind < argc) + request.keep + request.list != 1)
		return usage_mistake(usage, "one of a file, --keep and --list is wanted");
	if (request.json && !request.list)
		return usage_mistake(usage, "--json is for --list");
	if (request.list)
		return list_copies(request.json);
	if (request.keep)
		return keep_copy();
	if (!file_has_place(argv[optind]) || !repository_version_fits(false))
		return EXIT_FAILED;
	return odm_backup(argv[optind], stderr) < 0 ? EXIT_FAILED : 0;
}

static int tell_damaged(const struct odm_copy *copy, void *unused)
{
	(void)unused;
	if (!copy->good)
		message("%s is damaged and was passed over", copy->file);
	return copy->good;
}

static int put_back(const char *file)
{
	if (!history_lock() || odm_restore(file, stderr) < 0)
		return EXIT_FAILED;
	device_command_checkpoint();
	/* It may be of another version than the one before. */
	repository_version_fits(false);
	return 0;
}

static int put_newest_back(void)
{
	char date[COPY_DATE];
	long long time;
	AUTO_FREE char *copy = NULL;

	if (odm_copies(tell_damaged, NULL) == 1)
		copy = repository_newest_copy(&time);
	if (copy == NULL) {
		message("there is no good copy beside the repository; odmcfg restore File takes a "
			"backup, odmcfg check --repair saves what can be read");
		return EXIT_FAILED;
	}
	copy_date(time, date);
	int status = put_back(copy);
	if (status == 0)
		foreign_printf(stdout, "the repository is what it was on %s, %s\n", date, copy);
	return status;
}

int restore_main(int argc, char **argv)
{
	static const char usage[] = "odmcfg restore {File | --newest}";
	static const struct option options[] = {{"newest", no_argument, NULL, 'n'}, {0}};
	static const struct syntax syntax = {usage, "h", options, stored, NULL};
	struct request request = {0};

	int status = arguments_read_operands(argc, argv, &syntax, &request, &one_file);
	if (status >= 0)
		return status;
	if ((optind < argc) + request.newest != 1)
		return usage_mistake(usage, "one of a file and --newest is wanted");
	if (request.newest)
		return put_newest_back();
	return file_is_there(argv[optind]) ? put_back(argv[optind]) : EXIT_FAILED;
}
