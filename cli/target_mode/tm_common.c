/* The events of target mode in words, and counts and times with their units. */
#include "tm_common.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/scsi_buf.h>

#include "base/foreign.h"
#include "cli/shared/command.h"

void tm_print_events(const char *device, uint32_t events)
{
	static const struct {
		uint32_t flag;
		const char *name, *meaning;
	} known[] = {
		{SCSI_FATAL_HDW_ERR, "SCSI_FATAL_HDW_ERR",
			"the adapter failed; no further command is likely to work"},
		{SCSI_ADAP_CMD_FAILED, "SCSI_ADAP_CMD_FAILED", "an adapter command failed"},
		{SCSI_RESET_EVENT, "SCSI_RESET_EVENT", "the bus was reset"},
		{SCSI_BUFS_EXHAUSTED, "SCSI_BUFS_EXHAUSTED",
			"all receive buffers are full; the sender is held off"},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (events & known[i].flag)
			foreign_printf(
				stderr, "%s: %s: %s\n", device, known[i].name, known[i].meaning);
}

/* A number, and where it ends; -1 for none. */
static int64_t read_number(const char *text, char **end)
{
	errno = 0;
	long long number = strtoll(text, end, 10);

	return *end == text || errno != 0 || number < 0 ? -1 : number;
}

static int64_t read_bytes(const char *text)
{
	char *unit;
	int64_t number = read_number(text, &unit);
	static const char units[] = "KMG";

	if (number < 0 || *unit == '\0')
		return number;
	const char *found = strchr(units, *unit);
	int shift = found != NULL ? 10 * (int)(found - units + 1) : 0;
	if (found == NULL || unit[1] != '\0' || number > INT64_MAX >> shift)
		return -1;
	return number << shift;
}

static int64_t read_time(const char *text)
{
	char *unit;
	int64_t number = read_number(text, &unit);

	if (number < 0 || number > INT64_C(3600000000))
		return -1;
	if (strcmp(unit, "us") == 0)
		return number;
	if (strcmp(unit, "ms") == 0)
		return number * 1000;
	return strcmp(unit, "s") == 0 ? number * 1000000 : -1;
}

bool tm_take_bytes(const char *option, const char *text, int64_t *bytes)
{
	*bytes = read_bytes(text);
	return *bytes >= 0 || option_refused(option, text, "a number, or one with K, M or G");
}

bool tm_take_time(const char *option, const char *text, int64_t *microseconds)
{
	*microseconds = read_time(text);
	return *microseconds >= 0 ||
	       option_refused(option, text, "a time of at most an hour: 10us, 1ms, 2s");
}
