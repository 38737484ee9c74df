/* odmcfg undo [ID]: undoes a transaction of the history. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/cfgdb.h>
#include <sys/cfgodm.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cfgmethods/check.h"
#include "cfgmethods/method.h"
#include "commands.h"
#include "history_common.h"
#include "odm_common.h"

static int take_if_done(const struct odm_history_entry *entry, void *id)
{
	if (entry->undoes != 0 || entry->undone_by != 0)
		return 0;
	*(long long *)id = entry->id;
	return 1;
}

/* The problems of the database as text, to be freed; NULL with a message. */
static char *problems(void)
{
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);
	int count = file != NULL ? database_check(false, file) : -1;

	if (file != NULL)
		fclose(file);
	if (count >= 0)
		return text;
	free(text);
	message("the database can't be checked: %s", odm_error_text(odmerrno));
	return NULL;
}

/* Prints the lines that were not there before; returns how many. */
static int print_new(const char *before, char *after)
{
	int count = 0;

	for (char *line = strtok(after, "\n"); line != NULL; line = strtok(NULL, "\n")) {
		if (strstr(before, line) != NULL)
			continue;
		if (count++ == 0)
			message("what was done since depends on it; this would be left:");
		foreign_printf(stderr, "        %s\n", line);
	}
	return count;
}

/* What a method did to a device is undone by the other method: the driver has to know, too. */
static int refuse_status(const struct odm_change *change, void *closure)
{
	const struct CuDv *before = change->old_object, *after = change->new_object;

	(void)closure;
	if (strcmp(change->class_name, "CuDv") != 0 || before == NULL || after == NULL ||
		before->status == after->status)
		return 0;
	message("it made %s %s; %s -l %s undoes that", after->name,
		after->status == AVAILABLE ? "Available" : "Defined",
		after->status == AVAILABLE ? "rmdev" : "mkdev", after->name);
	return 1;
}

/* In a transaction: undoes it unless that leaves the database worse. */
static bool undo_checked(long long id)
{
	AUTO_FREE char *before = problems();
	AUTO_FREE char *reason = NULL;
	size_t length;
	FILE *errors = open_memstream(&reason, &length);
	if (before == NULL || errors == NULL)
		return false;

	if (odm_history_changes(id - 1, id, refuse_status, NULL) == 1) {
		fclose(errors);
		return false;
	}
	int result = odm_undo(id, errors);
	fclose(errors);
	if (result < 0) {
		reason[strcspn(reason, "\n")] = '\0';
		message("entry %lld can't be undone: %s", id,
			*reason != '\0' ? reason : odm_error_text(odmerrno));
		return false;
	}
	AUTO_FREE char *after = problems();
	return after != NULL && print_new(before, after) == 0;
}

/* A driver keeps the values that it was configured with. */
static int warn_of_device(const struct odm_change *change, void *closure)
{
	const struct CuAt *attribute =
		change->new_object != NULL ? change->new_object : change->old_object;
	struct CuDv device;

	(void)closure;
	if (strcmp(change->class_name, "CuAt") != 0 || attribute == NULL)
		return 0;
	AUTO_FREE char *crit = odm_criteria("name = %s AND status = 1", attribute->name);
	if (crit != NULL && odm_get_first(CuDv_CLASS, crit, &device) == &device)
		message("%s is Available and keeps its %s until it is configured again: "
			"rmdev -l %s, then mkdev -l %s",
			device.name, attribute->attribute, device.name, device.name);
	return 0;
}

static int undo(long long id)
{
	if (odm_begin() < 0) {
		message("the repository can't be written: %s", odm_error_text(odmerrno));
		return EXIT_FAILED;
	}
	if (!undo_checked(id)) {
		odm_rollback();
		return EXIT_FAILED;
	}
	if (odm_commit() < 0) {
		message("entry %lld can't be undone: %s", id, odm_error_text(odmerrno));
		return EXIT_FAILED;
	}
	printf("entry %lld undone by entry %lld\n", id, newest_entry());
	odm_history_changes(id - 1, id, warn_of_device, NULL);
	return 0;
}

int undo_main(int argc, char **argv)
{
	static const char usage[] = "odmcfg undo [ID]";
	long long id = 0;

	if (getopt(argc, argv, "") != -1 || argc - optind > 1)
		return usage_error(usage);
	if (optind < argc && (!history_number(argv[optind], &id) || id == 0))
		return usage_error(usage);
	if (!history_lock())
		return EXIT_FAILED;
	if (id == 0 && odm_history(0, take_if_done, &id) < 0) {
		message("the history can't be read: %s", odm_error_text(odmerrno));
		return EXIT_FAILED;
	}
	if (id == 0) {
		message("there is nothing to undo");
		return EXIT_FAILED;
	}
	return undo(id);
}
