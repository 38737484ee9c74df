/*
 * Finds what there is: targets by their portals and lists, their logical units by REPORT LUNS, and
 * what each unit says of itself.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "iscsi/initiator.h"

#define REPORT_ROOM 8200 /* bytes: 1024 units and the head */
#define PAGE_ROOM 252
#define SCAN_SECONDS 10 /* for a command of the scan */

/* A scan under way. */
struct scan {
	struct initiator *initiator;
	struct iscsi_scan *result;
	bool wanted[ISCSI_NUMBERS]; /* targets that it found */
	struct iscsi_lun *luns;
	uint32_t count, room;
};

/* A target's answer to REPORT LUNS. */
struct report {
	struct scsi_buf request;
	uint8_t data[REPORT_ROOM];
};

static void fail(struct scan *scan, const char *reason)
{
	if (scan->result->failed++ == 0)
		snprintf(scan->result->reason, sizeof(scan->result->reason), "%.159s", reason);
}

static bool enter_target(const char *name, const char *portal, void *closure)
{
	struct scan *scan = closure;
	char reason[ISCSI_REASON];

	pthread_mutex_lock(&scan->initiator->mutex);
	int number = target_number(scan->initiator, name, portal, reason);
	pthread_mutex_unlock(&scan->initiator->mutex);
	if (number >= 0)
		scan->wanted[number] = true;
	else
		fail(scan, reason);
	return true;
}

static void find_targets(struct scan *scan)
{
	const struct settings *settings = &scan->initiator->settings;
	char reason[ISCSI_REASON], portals[ISCSI_PORTALS];
	char *rest = portals;

	snprintf(portals, sizeof(portals), "%s", settings->portals);
	for (char *portal = strsep(&rest, ", "); portal != NULL; portal = strsep(&rest, ", "))
		if (*portal != '\0' && !discover(settings, portal, enter_target, scan, reason))
			fail(scan, reason);
	if (!listed_targets(settings, enter_target, scan, reason))
		fail(scan, reason);
}

static void prepare(struct scsi_buf *request, const struct initiator *initiator, unsigned number,
	unsigned lun, void *data, size_t length)
{
	*request = (struct scsi_buf){.bufstruct = {.b_flags = B_READ,
					     .b_dev = initiator->devno,
					     .b_addr = data,
					     .b_bcount = length,
					     .b_resid = length},
		.scsi_id = number,
		.lun_id = lun,
		.flags = SC_PROMPT,
		.timeout_value = SCAN_SECONDS};
}

/* One command with data to us: how many bytes came, -1 on failure. */
static ssize_t ask(struct initiator *initiator, unsigned number, unsigned lun,
	const struct scsi_cmd *command, void *data, size_t length)
{
	struct scsi_buf request;

	memset(data, 0, length);
	prepare(&request, initiator, number, lun, data, length);
	request.scsi_command = *command;
	hardware_submit(initiator, &request);
	if (iowait(&request.bufstruct) != 0)
		return -1;
	return (ssize_t)(length - request.bufstruct.b_resid);
}

#define STANDARD (-1)

/* A vital product data page, or STANDARD. */
static ssize_t inquire(struct initiator *initiator, unsigned number, unsigned lun, int page,
	void *data, size_t length)
{
	const struct scsi_cmd command = {.scsi_length = 6,
		.scsi_cdb = {0x12, page != STANDARD, page != STANDARD ? (uint8_t)page : 0,
			(uint8_t)(length >> 8), (uint8_t)length}};

	return ask(initiator, number, lun, &command, data, length);
}

static uint32_t get_32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

/* A field of an answer without the blanks at its ends, and what can't be printed. */
static void take_field(const uint8_t *field, size_t length, char *room, size_t size)
{
	size_t used = 0;

	while (length > 0 && (field[length - 1] == ' ' || field[length - 1] == '\0'))
		length--;
	while (length > 0 && (*field == ' ' || *field == '\0')) {
		field++;
		length--;
	}
	for (size_t i = 0; i < length && used + 1 < size; i++)
		room[used++] = field[i] >= ' ' && field[i] < 0x7f ? (char)field[i] : '_';
	room[used] = '\0';
}

static void ask_capacity(struct initiator *initiator, struct iscsi_lun *lun)
{
	static const struct scsi_cmd long_form = {
		.scsi_length = 16, .scsi_cdb = {0x9e, 0x10, [13] = 32}};
	static const struct scsi_cmd short_form = {.scsi_length = 10, .scsi_cdb = {0x25}};
	uint8_t data[32];

	if (ask(initiator, lun->number, lun->lun, &long_form, data, sizeof(data)) >= 12) {
		lun->blocks = ((uint64_t)get_32(data) << 32 | get_32(data + 4)) + 1;
		lun->block_size = get_32(data + 8);
	} else if (ask(initiator, lun->number, lun->lun, &short_form, data, 8) >= 8) {
		lun->blocks = (uint64_t)get_32(data) + 1;
		lun->block_size = get_32(data + 4);
	}
}

/* Which of the pages that matter a unit has; one that has no list of them is asked for each. */
static bool has_page(const uint8_t *pages, ssize_t length, uint8_t page)
{
	if (length < 4 || pages[1] != 0)
		return true;
	for (ssize_t i = 4; i < length && i < 4 + pages[3]; i++)
		if (pages[i] == page)
			return true;
	return false;
}

static void ask_pages(struct initiator *initiator, struct iscsi_lun *lun)
{
	uint8_t pages[PAGE_ROOM], page[PAGE_ROOM];
	ssize_t listed = inquire(initiator, lun->number, lun->lun, 0, pages, sizeof(pages));
	ssize_t length = -1;

	if (has_page(pages, listed, 0x80))
		length = inquire(initiator, lun->number, lun->lun, 0x80, page, sizeof(page));
	if (length > 4 && page[1] == 0x80)
		take_field(page + 4, page[3] < length - 4 ? page[3] : (size_t)length - 4,
			lun->serial, sizeof(lun->serial));
	length = -1;
	if (has_page(pages, listed, 0x83))
		length = inquire(initiator, lun->number, lun->lun, 0x83, page, sizeof(page));
	identity_read(page, length > 0 ? (size_t)length : 0, lun->serial, lun->unique_id);
}

static struct iscsi_lun *add_lun(struct scan *scan)
{
	if (scan->count == scan->room) {
		uint32_t room = scan->room > 0 ? 2 * scan->room : 16;
		struct iscsi_lun *longer = reallocarray(scan->luns, room, sizeof(*longer));
		if (longer == NULL)
			return NULL;
		scan->luns = longer;
		scan->room = room;
	}
	struct iscsi_lun *lun = &scan->luns[scan->count++];
	memset(lun, 0, sizeof(*lun));
	return lun;
}

static void look_at(struct scan *scan, unsigned number, unsigned address)
{
	struct initiator *initiator = scan->initiator;
	uint8_t data[36];

	/* Qualifier 0: such a device is there. */
	if (inquire(initiator, number, address, STANDARD, data, sizeof(data)) < 36 ||
		data[0] >> 5 != 0)
		return;
	struct iscsi_lun *lun = add_lun(scan);
	if (lun == NULL) {
		fail(scan, "there is not enough memory");
		return;
	}
	lun->number = number;
	lun->lun = address;
	lun->type = data[0] & 0x1f;
	/* Both stay as they are while the adapter is configured. */
	memcpy(lun->target, initiator->targets[number]->name, sizeof(lun->target));
	memcpy(lun->portal, initiator->targets[number]->portal, sizeof(lun->portal));
	take_field(data + 8, 8, lun->vendor, sizeof(lun->vendor));
	take_field(data + 16, 16, lun->product, sizeof(lun->product));
	take_field(data + 32, 4, lun->revision, sizeof(lun->revision));
	ask_pages(initiator, lun);
	if (lun->type == 0)
		ask_capacity(initiator, lun);
}

static void look_at_all(struct scan *scan, unsigned number, const struct report *report)
{
	size_t came = sizeof(report->data) - report->request.bufstruct.b_resid;
	size_t said = came >= 8 ? (size_t)get_32(report->data) + 8 : 0;

	for (size_t at = 8; at + 8 <= came && at + 8 <= said; at += 8) {
		const uint8_t *entry = report->data + at;
		static const uint8_t one_level[6];
		/* Units behind further levels are not addressed so. */
		if (memcmp(entry + 2, one_level, sizeof(one_level)) == 0)
			look_at(scan, number, (unsigned)(entry[0] << 8 | entry[1]));
	}
}

static void tell_silent(struct scan *scan, unsigned number)
{
	struct initiator *initiator = scan->initiator;
	char reason[ISCSI_REASON + ISCSI_NAME + ISCSI_PORTAL];

	pthread_mutex_lock(&initiator->mutex);
	const struct target *target = initiator->targets[number];
	snprintf(reason, sizeof(reason), "target %.60s at %.30s: %.60s", target->name,
		target->portal,
		target->reason[0] != '\0' ? target->reason : "no answer to REPORT LUNS");
	pthread_mutex_unlock(&initiator->mutex);
	fail(scan, reason);
}

/* All are asked at once: those that are not there cost the time of one. */
static bool ask_targets(struct scan *scan, struct report *reports[ISCSI_NUMBERS])
{
	static const struct scsi_cmd command = {.scsi_length = 12,
		.scsi_cdb = {0xa0, [8] = REPORT_ROOM >> 8, [9] = REPORT_ROOM & 0xff}};

	for (unsigned number = 0; number < ISCSI_NUMBERS; number++) {
		if (!scan->wanted[number])
			continue;
		reports[number] = calloc(1, sizeof(*reports[number]));
		if (reports[number] == NULL)
			return false;
		prepare(&reports[number]->request, scan->initiator, number, 0,
			reports[number]->data, sizeof(reports[number]->data));
		reports[number]->request.scsi_command = command;
		reports[number]->request.timeout_value +=
			(uint32_t)(scan->initiator->settings.login_timeout / 1000);
		/* One that was given up a moment ago is tried all the same. */
		pthread_mutex_lock(&scan->initiator->mutex);
		scan->initiator->targets[number]->tried = 0;
		pthread_mutex_unlock(&scan->initiator->mutex);
		hardware_submit(scan->initiator, &reports[number]->request);
	}
	return true;
}

static void find_units(struct scan *scan)
{
	AUTO_FREE struct report **reports = calloc(ISCSI_NUMBERS, sizeof(struct report *));

	if (reports == NULL || !ask_targets(scan, reports))
		fail(scan, "there is not enough memory");
	for (unsigned number = 0; reports != NULL && number < ISCSI_NUMBERS; number++) {
		if (reports[number] == NULL)
			continue;
		if (iowait(&reports[number]->request.bufstruct) == 0)
			look_at_all(scan, number, reports[number]);
		else
			tell_silent(scan, number);
		free(reports[number]);
	}
}

int scan_start(struct initiator *initiator, struct iscsi_scan *result)
{
	struct scan scan = {.initiator = initiator, .result = result};

	*result = (struct iscsi_scan){0};
	pthread_mutex_lock(&initiator->scan_mutex);
	find_targets(&scan);
	find_units(&scan);
	free(initiator->found);
	initiator->found = scan.luns;
	initiator->found_count = result->luns = scan.count;
	pthread_mutex_unlock(&initiator->scan_mutex);
	return 0;
}

int scan_found(struct initiator *initiator, struct iscsi_found *found)
{
	int error = EINVAL;

	pthread_mutex_lock(&initiator->scan_mutex);
	if (found->index < initiator->found_count) {
		found->lun = initiator->found[found->index];
		error = 0;
	}
	pthread_mutex_unlock(&initiator->scan_mutex);
	return error;
}
