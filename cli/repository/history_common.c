/* Prints changes of the history, and reads its numbers. */
#include "history_common.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/cfgodm.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cfgmethods/cfg_private.h"
#include "cfgmethods/method.h"
#include "cli/shared/repository_trouble.h"

/* Whether a device is meant by one of an object's descriptors that hold devices' names. */
static bool is_about(CLASS_SYMBOL symbol, const void *object, const char *device)
{
	static const char *const names[] = {"name", "value3", "dependency"};

	for (int i = 0; i < symbol->nelem; i++) {
		const struct ClassElem *elem = &symbol->elem[i];
		for (size_t n = 0; n < sizeof(names) / sizeof(*names); n++)
			if (elem->type == ODM_CHAR && strcmp(elem->elemname, names[n]) == 0 &&
				strcmp((const char *)object + elem->offset, device) == 0)
				return true;
	}
	return false;
}

bool change_is_about(const struct odm_change *change, const char *device)
{
	if (device == NULL)
		return true;
	return change->class_symbol != NULL &&
	       ((change->old_object != NULL &&
			is_about(change->class_symbol, change->old_object, device)) ||
		       (change->new_object != NULL &&
			       is_about(change->class_symbol, change->new_object, device)));
}

/* "descriptor = value, ..." of what is neither empty nor 0. */
static void print_members(CLASS_SYMBOL symbol, const void *object, FILE *file)
{
	const char *separator = "";

	for (int i = 0; i < symbol->nelem; i++) {
		char *text = NULL;
		size_t length;
		FILE *memory = open_memstream(&text, &length);
		if (memory == NULL)
			return;
		odm_write_value(&symbol->elem[i], object, memory);
		fclose(memory);
		if (strcmp(text, "\"\"") != 0 && strcmp(text, "0") != 0) {
			foreign_printf(
				file, "%s%s = %s", separator, symbol->elem[i].elemname, text);
			separator = ", ";
		}
		free(text);
	}
}

static void print_differences(const struct odm_change *change, FILE *file)
{
	const char *separator = "";

	for (int i = 0; i < change->class_symbol->nelem; i++) {
		const struct ClassElem *elem = &change->class_symbol->elem[i];
		if (!change->differs[i])
			continue;
		foreign_printf(file, "%s%s ", separator, elem->elemname);
		odm_write_value(elem, change->old_object, file);
		fprintf(file, " -> ");
		odm_write_value(elem, change->new_object, file);
		separator = ", ";
	}
}

static void print_object(const struct odm_change *change, FILE *file)
{
	const void *object = change->new_object != NULL ? change->new_object : change->old_object;

	odm_write_label(change->class_symbol, object, file);
	if (change->kind == ODM_CHANGED) {
		fprintf(file, ": ");
		print_differences(change, file);
		return;
	}
	fprintf(file, change->kind == ODM_ADDED ? ": added: " : ": deleted: ");
	print_members(change->class_symbol, object, file);
}

int print_change(const struct odm_change *change, void *closure)
{
	static const char *const kinds[] = {[ODM_ADDED] = "an object added",
		[ODM_CHANGED] = "an object changed",
		[ODM_DELETED] = "an object deleted",
		[ODM_CLASS_ADDED] = "the class was created",
		[ODM_CLASS_DELETED] = "the class was removed"};
	struct change_lines *lines = closure;

	if (!change_is_about(change, lines->device))
		return 0;
	lines->count++;
	if (lines->limit >= 0 && lines->count > lines->limit)
		return 0;
	fprintf(lines->file, "%s", lines->indent);
	if (change->class_symbol != NULL)
		print_object(change, lines->file);
	else
		foreign_printf(lines->file, "%s: %s", change->class_name, kinds[change->kind]);
	fputc('\n', lines->file);
	return 0;
}

bool history_number(const char *text, long long *number)
{
	char *end;

	errno = 0;
	*number = strtoll(text, &end, 10);
	if (*text != '\0' && *end == '\0' && errno == 0 && *number >= 0)
		return true;
	message("'%s' is no number of the history; odmcfg log lists them", text);
	return false;
}

bool history_entry_number(const char *text, long long *number)
{
	if (!history_number(text, number))
		return false;
	if (*number > 0)
		return true;
	message("the history's entries are numbered from 1; odmcfg log lists them");
	return false;
}

static int take_number(const struct odm_history_entry *entry, void *number)
{
	*(long long *)number = entry->id;
	return 1;
}

long long newest_entry(void)
{
	long long number = 0;

	if (odm_history(0, take_number, &number) >= 0)
		return number;
	history_unreadable();
	return -1;
}

void history_unreadable(void)
{
	AUTO_FREE char *trouble = odmerrno != ODMI_NO_OBJECT ? repository_trouble() : NULL;

	message("the history can't be read: %s",
		trouble != NULL ? trouble : odm_error_text(odmerrno));
}

/* What a damaged repository has is not known: it is locked, too, where there is a lock. */
bool history_lock(void)
{
	if (odm_open_class(CuDv_CLASS) != ODM_FAILED)
		return lock_configuration();
	if (odmerrno != ODMI_CLASS_DNE && odmerrno != ODMI_INVALID_PATH)
		configuration_lock();
	return true;
}
