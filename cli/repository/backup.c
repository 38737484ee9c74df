/*
 * odmcfg backup, odmcfg restore: the repository as one file; and the copies of it that are kept
 * beside it, which cfgmgr and a timer make.
 */
#include <getopt.h>
#include <odmx.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cli/shared/device_command.h"
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

static int list_copies(void)
{
	if (odm_copies(print_copy, NULL) == 0)
		return 0;
	repository_trouble_message();
	return EXIT_FAILED;
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

int backup_main(int argc, char **argv)
{
	static const char usage[] = "odmcfg backup {File | --keep | --list}";
	static const struct option options[] = {
		{"keep", no_argument, NULL, 'k'}, {"list", no_argument, NULL, 'l'}, {0}};
	int option = getopt_long(argc, argv, "", options, NULL);

	if (option == '?' || argc - optind != (option < 0))
		return usage_error(usage);
	if (option == 'l')
		return list_copies();
	if (option == 'k')
		return keep_copy();
	if (!repository_version_fits(false))
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
	int option = getopt_long(argc, argv, "", options, NULL);

	if (option == '?' || argc - optind != (option < 0))
		return usage_error(usage);
	return option == 'n' ? put_newest_back() : put_back(argv[optind]);
}
