/* What a device command begins and ends with, and how it runs and reports methods. */
#include "device_command.h"

#include <fnmatch.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/foreign.h"
#include "base/message.h"
#include "base/root_file.h"
#include "host_state.h"
#include "interrupt.h"
#include "repository_trouble.h"

/* AIX's numbers where they are known; the others are a block of our own. */
static int message_number(int code)
{
	static const struct {
		int code, number;
	} known[] = {
		{E_ATTRVAL, 18},
		{E_INVCONNECT, 22},
		{E_NOCuDv, 23},
		{E_CHILDSTATE, 29},
		{E_CFGINIT, 40},
		{E_BUSY, 62},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i].code == code)
			return known[i].number;
	return 900 + code;
}

/* Who may write the root's directories may put links there. Those that are missing are made. */
static bool root_trusted(void)
{
	static const enum root_directory directories[] = {
		ROOT_OBJREPOS, ROOT_ETC, ROOT_RUN, ROOT_SPECIAL, ROOT_LOG};

	if (root_directories_trusted(directories, sizeof(directories) / sizeof(*directories)))
		return true;
	message("%s", root_file_reason());
	return false;
}

bool device_command_begin(bool changes)
{
	if (!root_trusted())
		return false;
	if (odm_initialize() < 0) {
		message("the database can't be used: %s", odm_error_text(odmerrno));
		return false;
	}
	if (odm_open_class(CuDv_CLASS) == ODM_FAILED) {
		repository_trouble_message();
		return false;
	}
	if (!repository_version_fits(changes))
		return false;
	if (!changes)
		return true;
	if (!lock_configuration())
		return false;
	interrupt_hold();
	host_state_message();
	return true;
}

void device_command_checkpoint(void)
{
	if (odm_checkpoint() < 0)
		message("odm.db is not whole without odm.db-wal: %s; odmcfg backup copies both",
			odm_error_text(odmerrno));
}

void device_command_keep_copy(void)
{
	device_command_checkpoint();
	if (odm_keep_copy(stderr) < 0)
		message("the copies beside the database are as they were: odmcfg backup --list "
			"shows them");
}

/* Prints words in lines of at most 72 characters behind 8 blanks, the first with the number. */
static void print_wrapped(int number, const char *text)
{
	AUTO(text_release) struct text shown = {0};
	int column = fprintf(stderr, "        0514-%03d", number);

	while (*text != '\0') {
		size_t length = strcspn(text, " \n");
		text_clear(&shown);
		foreign_append(&shown, text, length);
		if (column + 1 + (int)shown.length > 80)
			column = fprintf(stderr, "\n       ") - 1;
		if (shown.length > 0)
			column += fprintf(stderr, " %s", shown.data);
		text += length + (text[length] != '\0');
	}
	fputc('\n', stderr);
}

int device_command_method(
	const char *path, const char *const *arguments, struct method_output *output)
{
	int code = *path != '\0' ? method_run(path, arguments, output)
				 : method_fail(output, E_ODMRUNMETHOD,
					   "The device's type does not support this operation.");

	if (code != E_OK)
		return device_command_report(path, code, output);
	/* What was done, but otherwise than asked for. */
	if (output->reason.length > 0)
		foreign_printf(stderr, "%s\n", output->reason.data);
	return E_OK;
}

bool device_command_run(const char *path, const char *name)
{
	AUTO(method_output_release) struct method_output output = {0};
	const char *const arguments[] = {"-l", name, NULL};

	return device_command_method(path, arguments, &output) == E_OK;
}

int device_command_report(const char *path, int code, const struct method_output *output)
{
	foreign_printf(stderr, "Method error (%s):\n", *path != '\0' ? path : "none");
	print_wrapped(message_number(code),
		output->reason.length > 0 ? output->reason.data : cf_error_text(code));
	return code;
}

bool device_command_find(const char *name, struct device *device)
{
	AUTO(method_output_release) struct method_output output = {0};

	if (device_find(name, device, &output) == E_OK)
		return true;
	message("%s", output.reason.data != NULL ? output.reason.data : name);
	return false;
}

bool name_matches(const char *pattern, const char *name)
{
	return fnmatch(pattern, name, 0) == 0;
}

bool list_devices(struct CuDv **list, struct listinfo *info, const char *crit)
{
	/* The library does not write to criteria. */
	*list = get_CuDv_list(CuDv_CLASS, (char *)(uintptr_t)crit, info, 64, 1);
	if (*list != ODM_FAILED)
		return true;
	message("the devices can't be read: %s", odm_error_text(odmerrno));
	return false;
}

bool connection_key(const char *child, char key[16])
{
	AUTO(device_release) struct device device = {0};

	return device_command_find(child, &device) && copy_text(key, 16, device.pddv.subclass);
}
