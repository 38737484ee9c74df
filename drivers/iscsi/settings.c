/* What the attributes of an iSCSI adapter say, and what they may not say. */
#include <stdio.h>
#include <string.h>

#include "iscsi/initiator.h"

/* An attribute's first value as a text of its own: false when it is too long. */
static bool take_text(const struct text_dds *dds, const char *attribute, char *room, size_t size,
	char reason[DDS_REASON])
{
	const char *value = text_dds_find(dds, attribute);
	size_t length = value != NULL ? strcspn(value, "\n") : 0;

	if (length >= size) {
		snprintf(reason, DDS_REASON, "%s: longer than %zu bytes", attribute, size - 1);
		return false;
	}
	memcpy(room, value != NULL ? value : "", length);
	room[length] = '\0';
	return true;
}

struct number {
	const char *attribute;
	long low, high;
};

static bool take_number(const struct text_dds *dds, const struct number *number, long *value,
	char reason[DDS_REASON])
{
	*value = text_dds_number(dds, number->attribute, -1);
	if (*value >= number->low && *value <= number->high)
		return true;
	snprintf(reason, DDS_REASON, "%s %ld: outside %ld-%ld", number->attribute, *value,
		number->low, number->high);
	return false;
}

static bool take_numbers(
	const struct text_dds *dds, struct settings *settings, char reason[DDS_REASON])
{
	enum {
		PRIORITY,
		ELEMENTS,
		TARGETS,
		TRANSFER,
		RETRIES,
		DELAY,
		LOGIN,
		NOP_INTERVAL,
		NOP_TIMEOUT,
		RECONNECT,
		POLL,
		COUNT
	};
	static const struct number numbers[COUNT] = {[PRIORITY] = {"intr_priority", 0, 3},
		[ELEMENTS] = {"num_cmd_elems", 1, ISCSI_ELEMENTS},
		[TARGETS] = {"max_targets", 1, ISCSI_NUMBERS},
		[TRANSFER] = {"max_xfer_size", 4096, 16777216},
		[RETRIES] = {"retries", 0, 100},
		[DELAY] = {"retry_delay", 0, 60},
		[LOGIN] = {"login_timeout", 1, 300},
		[NOP_INTERVAL] = {"nop_interval", 0, 3600},
		[NOP_TIMEOUT] = {"nop_timeout", 1, 3600},
		[RECONNECT] = {"reconnect_time", 0, 86400},
		[POLL] = {"poll_interval", 0, 3600}};
	long values[COUNT];

	for (size_t i = 0; i < COUNT; i++)
		if (!take_number(dds, &numbers[i], &values[i], reason))
			return false;
	settings->intr_priority = (uint32_t)values[PRIORITY];
	settings->num_cmd_elems = (uint32_t)values[ELEMENTS];
	settings->max_targets = (uint32_t)values[TARGETS];
	settings->max_transfer = (uint32_t)values[TRANSFER];
	settings->retries = (uint32_t)values[RETRIES];
	settings->retry_delay = values[DELAY] * 1000;
	settings->login_timeout = values[LOGIN] * 1000;
	settings->nop_interval = values[NOP_INTERVAL] * 1000;
	settings->nop_timeout = values[NOP_TIMEOUT] * 1000;
	settings->reconnect_time = values[RECONNECT] * 1000;
	settings->poll_interval = values[POLL] * 1000;
	return true;
}

bool settings_read(const struct text_dds *dds, struct settings *settings, char reason[DDS_REASON])
{
	char policy[8];

	*settings = (struct settings){.dds = dds};
	if (!take_text(dds, "initiator_name", settings->initiator_name,
		    sizeof(settings->initiator_name), reason) ||
		!take_text(dds, "portal", settings->portals, sizeof(settings->portals), reason) ||
		!take_text(dds, "disc_policy", policy, sizeof(policy), reason) ||
		!take_text(dds, "disc_filename", settings->file, sizeof(settings->file), reason) ||
		!take_text(dds, "chap_name", settings->chap_name, sizeof(settings->chap_name),
			reason) ||
		!take_text(dds, "secret_file", settings->secret_file, sizeof(settings->secret_file),
			reason))
		return false;
	settings->file_policy = strcmp(policy, "file") == 0;
	if (settings->initiator_name[0] == '\0') {
		snprintf(reason, DDS_REASON, "initiator_name: empty");
		return false;
	}
	return take_numbers(dds, settings, reason);
}
