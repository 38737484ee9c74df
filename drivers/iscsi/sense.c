/*
 * What a target answers that is not good: attentions, which are events; what is worth another try;
 * and what has failed, with its sense data in the error log.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/errids.h>

#include "base/clock.h"
#include "iscsi/initiator.h"

#define NOT_READY 0x02
#define MEDIUM_ERROR 0x03
#define HARDWARE_ERROR 0x04
#define UNIT_ATTENTION 0x06
#define ABORTED_COMMAND 0x0b
#define MALFORMED 0xff /* ours */

#define TASK_SET_FULL 0x28
#define TASK_ABORTED 0x40
#define MOST_ATTENTIONS 8 /* that delay one command */
#define SUSPICION 1000 /* milliseconds for what a reset may have ended */
#define TOLD_INTERVAL 10000 /* milliseconds between two words on the units of a target */

struct sense {
	uint8_t key, code, qualifier;
};

/* Of either format. */
static struct sense parse(const uint8_t *bytes, size_t length)
{
	uint8_t format = length > 0 ? bytes[0] & 0x7f : 0;

	if ((format == 0x70 || format == 0x71) && length > 2)
		return (struct sense){.key = bytes[2] & 0x0f,
			.code = length > 13 ? bytes[12] : 0,
			.qualifier = length > 13 ? bytes[13] : 0};
	if ((format == 0x72 || format == 0x73) && length > 3)
		return (struct sense){bytes[1] & 0x0f, bytes[2], bytes[3]};
	return (struct sense){.key = MALFORMED};
}

/* In the fixed format, as device drivers know it. */
static void store(
	struct scsi_buf *request, const struct sense *sense, const uint8_t *bytes, size_t length)
{
	uint8_t *to = request->sense_data;

	memset(to, 0, sizeof(request->sense_data));
	request->scsi_status = SC_CHECK_CONDITION;
	request->sense_length = 0;
	if (sense->key == MALFORMED)
		return;
	if (bytes[0] == 0x70 || bytes[0] == 0xf0)
		memcpy(to, bytes,
			length < sizeof(request->sense_data) ? length
							     : sizeof(request->sense_data));
	to[0] = 0x70;
	to[2] = sense->key;
	to[7] = sizeof(request->sense_data) - 8;
	to[12] = sense->code;
	to[13] = sense->qualifier;
	request->sense_length = sizeof(request->sense_data);
}

static void fail_with_status(struct element *element)
{
	struct buf *bp = &element->request->bufstruct;

	element->request->status_validity = SC_SCSI_ERROR;
	bp->b_error = EIO;
	bp->b_flags |= B_ERROR;
	command_finish(element);
}

static void describe(const struct scsi_buf *request, char *text, size_t size)
{
	size_t used;

	if (request->status_validity == SC_ADAPTER_ERROR) {
		snprintf(text, size, "%s", strerror(request->bufstruct.b_error));
		return;
	}
	if (request->sense_length == 0) {
		snprintf(text, size, "status 0x%02x without sense data", request->scsi_status);
		return;
	}
	used = (size_t)snprintf(text, size, "sense data");
	for (unsigned i = 0; i < request->sense_length && used + 4 < size; i++)
		used += (size_t)snprintf(text + used, size - used, " %02x", request->sense_data[i]);
}

/* It stays failed, whatever was tried: that is the event. */
static void tell_failure(const struct element *element)
{
	struct target *target = element->unit->target;
	char text[80];

	describe(element->request, text, sizeof(text));
	error_log("SCSI_ERR2", target->initiator->dds.header.logical_name,
		"LUN %u of target %u, %s: command 0x%02x failed %u times: %s", element->unit->lun,
		target->number, target->name, element->request->scsi_command.scsi_cdb[0],
		element->tries, text);
	scsi_event_report_at(&target->initiator->adapter, target->number, SCSI_ADAP_CMD_FAILED);
}

void sense_retry(struct element *element, int64_t delay)
{
	struct scsi_buf *request = element->request;
	bool repeatable = command_is_repeatable(request);

	element->tries++;
	if (repeatable && element->tries <= element->unit->target->initiator->settings.retries) {
		command_again(element, delay);
		return;
	}
	if (element->timed_out || element->cut) {
		request->status_validity = SC_ADAPTER_ERROR;
		request->adapter_status = element->timed_out ? SC_CMD_TIMEOUT : SC_SCSI_BUS_FAULT;
		request->bufstruct.b_error = element->timed_out ? ETIMEDOUT : EIO;
		request->bufstruct.b_flags |= B_ERROR;
	}
	if (repeatable && !element->own)
		tell_failure(element);
	if (request->status_validity == SC_ADAPTER_ERROR)
		command_finish(element);
	else
		fail_with_status(element);
}

/* What was sent before may have been ended by the reset, without an answer: asked about soon. */
static void suspect_others(const struct element *element)
{
	int64_t soon = clock_milliseconds() + SUSPICION;

	for (struct element *other = element->unit->elements; other != NULL; other = other->next)
		if (other->task != NULL && other != element && !other->aborting &&
			(other->deadline == 0 || other->deadline > soon)) {
			other->deadline = soon;
			other->suspected = true;
		}
}

static void tell_reset(const struct element *element, const struct sense *sense)
{
	struct target *target = element->unit->target;
	struct scsi_adapter *adapter = &target->initiator->adapter;

	error_log("SCSI_RESET", target->initiator->dds.header.logical_name,
		"LUN %u of target %u, %s: reset, unit attention %02x/%02x", element->unit->lun,
		target->number, target->name, sense->code, sense->qualifier);
	struct scsi_session *session =
		scsi_session_find(adapter, target->number, element->unit->lun, SCSI_IM_MODE);
	if (session != NULL)
		scsi_event_report_to(session, SCSI_RESET_EVENT);
	suspect_others(element);
}

/* Once for all units of a target, which tell it one after the other. */
static void tell_change(const struct element *element)
{
	struct target *target = element->unit->target;
	const char *name = target->initiator->dds.header.logical_name;
	int64_t now = clock_milliseconds();

	if (target->told_change != 0 && now - target->told_change < TOLD_INTERVAL)
		return;
	target->told_change = now;
	error_log("ISCSI_LUNS", name,
		"target %u, %s has other logical units: cfgmgr -l %s looks for them",
		target->number, target->name, name);
}

void sense_none(const struct element *element)
{
	uint8_t code = element->request->scsi_command.scsi_cdb[0];

	/* INQUIRY, REPORT LUNS and REQUEST SENSE are carried out beside an attention. */
	if (code != 0x12 && code != 0xa0 && code != 0x03)
		element->unit->fresh = false;
}

static void take_attention(struct element *element, const struct sense *sense)
{
	struct unit *unit = element->unit;

	/* The first one behind a login is the login's. */
	if (sense->code == 0x29 && !unit->fresh)
		tell_reset(element, sense);
	if (sense->code == 0x3f && (sense->qualifier == 0x0e || sense->qualifier == 0x03))
		tell_change(element);
	unit->fresh = unit->fresh && sense->code != 0x29;
	element->attentions++;
	if (command_is_repeatable(element->request) && element->attentions <= MOST_ATTENTIONS)
		command_again(element, 0);
	else
		fail_with_status(element);
}

void sense_take(struct element *element, const uint8_t *bytes, size_t length)
{
	const struct settings *settings = &element->unit->target->initiator->settings;
	const struct sense sense = parse(bytes, length);

	store(element->request, &sense, bytes, length);
	if (sense.key == UNIT_ATTENTION) {
		take_attention(element, &sense);
		return;
	}
	sense_none(element);
	switch (sense.key) {
	case 0x00:
	case 0x01: /* RECOVERED ERROR: the data is good */
		element->request->scsi_status = SC_GOOD_STATUS;
		command_finish(element);
		return;
	case ABORTED_COMMAND:
	case MEDIUM_ERROR:
	case HARDWARE_ERROR:
	case MALFORMED:
		sense_retry(element, 0);
		return;
	case NOT_READY:
		/* To be ready or not is the answer to who asks for that; no medium is none later.
		 */
		if (sense.code != 0x3a && element->request->scsi_command.scsi_cdb[0] != 0) {
			sense_retry(element, settings->retry_delay);
			return;
		}
		fail_with_status(element);
		return;
	default:
		fail_with_status(element);
	}
}

void sense_busy(struct element *element, uint8_t status)
{
	const struct settings *settings = &element->unit->target->initiator->settings;

	element->request->scsi_status = status;
	element->request->sense_length = 0;
	sense_none(element);
	if (status == SC_BUSY_STATUS || status == TASK_SET_FULL)
		sense_retry(element, settings->retry_delay);
	else if (status == TASK_ABORTED)
		sense_retry(element, 0);
	else
		fail_with_status(element);
}
