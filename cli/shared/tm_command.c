#include "tm_command.h"

#include <errno.h>
#include <string.h>
#include <sys/scsi_buf.h>

#include "base/foreign.h"
#include "base/message.h"

const char *tm_reason(void)
{
	return *kex_reason() != '\0' ? kex_reason() : strerror(errno);
}

struct kex_file *tm_open(const char *device, const char *suffix, int oflag)
{
	AUTO_FREE char *name = NULL;
	if (asprintf(&name, "%s%s", device, suffix) < 0)
		return NULL;

	struct kex_file *file = kex_open(name, oflag);
	if (file != NULL)
		return file;
	if (errno == EBUSY)
		message("%s is open already, and has one opener at a time", name);
	else if (errno == ENODEV)
		message("%s is not configured; mkdev -l %s or cfgmgr does that", name, device);
	else
		message("%s can't be opened: %s", name, tm_reason());
	return NULL;
}

void tm_close(struct kex_file **file)
{
	kex_close(*file);
}

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

/* A number and the place behind it; -1 for none. */
static int64_t read_number(const char *text, char **end)
{
	errno = 0;
	long long number = strtoll(text, end, 10);

	return *end == text || errno != 0 || number < 0 ? -1 : number;
}

int64_t tm_read_bytes(const char *text)
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

int64_t tm_read_time(const char *text)
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
