/* odmcfg undo [ID]: undoes a transaction of the history. */
#include <stdlib.h>
#include <string.h>
#include <sys/cfgdb.h>
#include <sys/cfgodm.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cfgmethods/check.h"
#include "cfgmethods/method.h"
#include "cli/shared/arguments.h"
#include "cli/shared/repository_trouble.h"
#include "commands.h"
#include "history_common.h"
#include "undo_devices.h"

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
static int refuse_status(const struct odm_change *change)
{
	const struct CuDv *before = change->old_object, *after = change->new_object;

	if (before == NULL || after == NULL || before->status == after->status)
		return 0;
	message("it made %s %s; %s -l %s undoes that", after->name,
		after->status == AVAILABLE ? "Available" : "Defined",
		after->status == AVAILABLE ? "rmdev" : "mkdev", after->name);
	return 1;
}

/* The numbers of a configured device are those that its driver has. */
static int refuse_numbers(const struct odm_change *change)
{
	const struct CuDvDr *numbers =
		change->new_object != NULL ? change->new_object : change->old_object;
	struct CuDv device;

	if (numbers == NULL)
		return 0;
	bool of_driver = strcmp(numbers->resource, "ddins") == 0;
	AUTO_FREE char *crit = of_driver
				       ? odm_criteria("ddins = %s AND status != 0", numbers->value1)
				       : odm_criteria("name = %s AND status != 0", numbers->value3);
	if (crit == NULL || odm_get_first(CuDv_CLASS, crit, &device) != &device)
		return 0;
	message("%s is configured with the device number that it assigned; rmdev -l %s first",
		device.name, device.name);
	return 1;
}

static int refuse_state(const struct odm_change *change, void *closure)
{
	(void)closure;
	return strcmp(change->class_name, "CuDv") == 0     ? refuse_status(change)
	       : strcmp(change->class_name, "CuDvDr") == 0 ? refuse_numbers(change)
							   : 0;
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

	if (odm_history_changes(id - 1, id, refuse_state, NULL) == 1) {
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

/*
 * Undoes it in a transaction, which is open when it returns how many devices have to be changed; -1
 * with a message.
 */
static int undo_stored(long long id, struct undo_devices *devices)
{
	if (odm_begin() < 0) {
		message("the repository can't be written: %s", odm_error_text(odmerrno));
		return -1;
	}
	int count = undo_checked(id) ? undo_devices_compare(devices) : -1;
	if (count < 0)
		odm_rollback();
	return count;
}

/* Devices first: no transaction is open while a driver works. */
static bool undo_with_devices(long long id, struct undo_devices *devices)
{
	struct undo_devices unused = {0};

	if (!undo_devices_apply(devices)) {
		message("entry %lld is not undone: a device that is configured with its values "
			"does not take the others; nothing is changed",
			id);
		return false;
	}
	if (undo_stored(id, &unused) == 0)
		return true;
	undo_devices_take_back(devices);
	return false;
}

static int undo(long long id)
{
	AUTO(undo_devices_release) struct undo_devices devices = {0};

	int changed = undo_devices_find(&devices, id) ? undo_stored(id, &devices) : -1;
	if (changed > 0) {
		odm_rollback();
		changed = undo_with_devices(id, &devices) ? changed : -1;
	}
	if (changed < 0)
		return EXIT_FAILED;
	if (odm_commit() < 0) {
		message("entry %lld can't be undone: %s", id, odm_error_text(odmerrno));
		undo_devices_take_back(&devices);
		return EXIT_FAILED;
	}
	printf("entry %lld undone by entry %lld\n", id, newest_entry());
	return 0;
}

int undo_main(int argc, char **argv)
{
	static const char usage[] = "odmcfg undo [ID]";
	static const struct syntax syntax = {usage, "h", NULL, NULL, NULL};
	static const struct operands entries = {"an entry's number", 0, 1};
	long long id = 0;

	int status = arguments_read_operands(argc, argv, &syntax, NULL, &entries);
	if (status >= 0)
		return status;
	if (optind < argc && !history_entry_number(argv[optind], &id))
		return usage_error(usage);
	if (!repository_version_fits(true))
		return EXIT_FAILED;
	if (!history_lock())
		return EXIT_FAILED;
	if (id == 0 && odm_history(0, take_if_done, &id) < 0) {
		history_unreadable();
		return EXIT_FAILED;
	}
	if (id == 0) {
		message("there is nothing to undo");
		return EXIT_FAILED;
	}
	return undo(id);
}
