/* Commands on their way: queues of units, what is sent, what comes back, and what is sent again. */
#include <errno.h>
#include <iscsi/iscsi.h>
#include <iscsi/scsi-lowlevel.h>
#include <poll.h>
#include <string.h>
#include <sys/malloc.h>

#include "base/clock.h"
#include "iscsi/initiator.h"

#define ABORT_TIME 5000 /* milliseconds that a target has for an abort */
#define TRY_INTERVAL 1000 /* milliseconds between logins for commands to one that was given up */

/* Opcodes. */
#define TEST_UNIT_READY 0x00

struct unit *unit_get(struct initiator *initiator, uint64_t number, uint64_t lun)
{
	struct target *target = number < ISCSI_NUMBERS ? initiator->targets[number] : NULL;

	if (target == NULL || lun > UINT16_MAX)
		return NULL;
	for (struct unit *unit = target->units; unit != NULL; unit = unit->next)
		if (unit->lun == lun)
			return unit;
	struct unit *unit = calloc(1, sizeof(*unit));
	if (unit == NULL)
		return NULL;
	*unit = (struct unit){.target = target, .lun = (uint32_t)lun, .fresh = true};
	unit->last_element = &unit->elements;
	unit->last_waiting = &unit->waiting;
	unit->next = target->units;
	target->units = unit;
	return unit;
}

static void fail_request(struct scsi_buf *request, int error, uint8_t adapter_status)
{
	request->bufstruct.b_error = error;
	request->bufstruct.b_flags |= B_ERROR;
	request->status_validity = SC_ADAPTER_ERROR;
	request->adapter_status = adapter_status;
}

void command_enter(struct initiator *initiator, struct scsi_buf *request)
{
	struct unit *unit = unit_get(initiator, request->scsi_id, request->lun_id);
	struct buf *bp = &request->bufstruct;

	if (unit == NULL) {
		fail_request(request, ENODEV, SC_NO_DEVICE_RESPONSE);
		hardware_complete(initiator, request);
		return;
	}
	request->adapter_time = clock_milliseconds();
	bp->av_forw = NULL;
	*unit->last_waiting = bp;
	unit->last_waiting = &bp->av_forw;
}

static struct scsi_buf *take_waiting(struct unit *unit)
{
	struct buf *bp = unit->waiting;

	unit->waiting = bp->av_forw;
	if (unit->waiting == NULL)
		unit->last_waiting = &unit->waiting;
	return (struct scsi_buf *)bp;
}

static void free_element(struct element *element)
{
	struct initiator *initiator = element->unit->target->initiator;

	element->next = initiator->free_elements;
	initiator->free_elements = element;
	initiator->active--;
}

/* NULL when as many are in use as the attribute allows. */
static struct element *take_element(struct unit *unit, struct scsi_buf *request)
{
	struct initiator *initiator = unit->target->initiator;
	struct element *element = initiator->free_elements;

	if (element == NULL)
		return NULL;
	initiator->free_elements = element->next;
	initiator->active++;
	*element = (struct element){.unit = unit, .request = request};
	*unit->last_element = element;
	unit->last_element = &element->next;
	return element;
}

static void unlink_element(struct element *gone)
{
	struct unit *unit = gone->unit;
	struct element **link = &unit->elements;

	while (*link != gone)
		link = &(*link)->next;
	*link = gone->next;
	if (unit->last_element == &gone->next)
		unit->last_element = link;
}

void command_finish(struct element *element)
{
	struct unit *unit = element->unit;
	struct scsi_buf *request = element->request;

	unlink_element(element);
	element->request = NULL;
	/* The answer to an abort still comes with the element. */
	if (!element->aborting)
		free_element(element);
	if (element->own) {
		unit->polling = false;
		return;
	}
	if (request->bufstruct.b_flags & B_ERROR)
		unit->broken = true;
	hardware_complete(unit->target->initiator, request);
}

void command_fail(struct element *element, int error, uint8_t adapter_status)
{
	fail_request(element->request, error, adapter_status);
	command_finish(element);
}

void command_again(struct element *element, int64_t delay)
{
	element->not_before = clock_milliseconds() + delay;
	element->deadline = 0;
}

/*
 * Reads and writes of numbered blocks, and what changes nothing. Of other commands, as those of a
 * tape, twice may be another thing than once.
 */
bool command_is_repeatable(const struct scsi_buf *request)
{
	static const uint8_t codes[] = {TEST_UNIT_READY, 0x03 /* REQUEST SENSE */,
		0x12 /* INQUIRY */, 0x1a /* MODE SENSE */, 0x25 /* READ CAPACITY */, 0x28, 0xa8,
		0x88 /* READ */, 0x2a, 0xaa, 0x8a /* WRITE */, 0x2e, 0x8e /* WRITE AND VERIFY */,
		0x2f, 0x8f /* VERIFY */, 0x35, 0x91 /* SYNCHRONIZE CACHE */, 0x41,
		0x93 /* WRITE SAME */, 0x42 /* UNMAP */, 0x5a /* MODE SENSE */,
		0x9e /* SERVICE ACTION IN */, 0xa0 /* REPORT LUNS */};

	return !(request->flags & SC_ONCE) &&
	       memchr(codes, request->scsi_command.scsi_cdb[0], sizeof(codes)) != NULL;
}

/* How much was not moved, by the target's word; not more than there was. */
static size_t residual_of(const struct scsi_task *task, const struct buf *bp)
{
	if (task->residual_status != SCSI_RESIDUAL_UNDERFLOW)
		return 0;
	return task->residual < bp->b_bcount ? task->residual : bp->b_bcount;
}

static void take_status(struct element *element, int status, const struct scsi_task *task)
{
	struct scsi_buf *request = element->request;
	const struct scsi_data *data = &task->datain;

	request->bufstruct.b_resid = residual_of(task, &request->bufstruct);
	switch (status) {
	case SCSI_STATUS_GOOD:
	case SCSI_STATUS_CONDITION_MET:
		sense_none(element);
		command_finish(element);
		return;
	case SCSI_STATUS_CHECK_CONDITION:
		/* Two bytes say how long it is. */
		sense_take(element, data->data != NULL && data->size > 2 ? data->data + 2 : NULL,
			data->data != NULL && data->size > 2 ? (size_t)data->size - 2 : 0);
		return;
	default:
		sense_busy(element, (uint8_t)status);
	}
}

/* The library's: a command has ended, one way or another. */
static void answered(struct iscsi_context *context, int status, void *data, void *closure)
{
	struct element *element = closure;
	struct scsi_task *task = element->task;
	struct target *target = element->unit->target;

	(void)context;
	(void)data;
	element->task = NULL;
	if (status == SCSI_STATUS_CANCELLED || status == SCSI_STATUS_ERROR ||
		status == SCSI_STATUS_TIMEOUT) {
		element->cut = true;
		if (!element->cancelled && target->state == SESSION_UP)
			target->broken = true;
	} else {
		target->heard = clock_milliseconds();
		take_status(element, status, task);
	}
	scsi_free_scsi_task(task);
}

static int direction_of(const struct buf *bp)
{
	if (bp->b_bcount == 0)
		return SCSI_XFER_NONE;
	return bp->b_flags & B_READ ? SCSI_XFER_READ : SCSI_XFER_WRITE;
}

static struct scsi_task *make_task(struct scsi_buf *request)
{
	struct buf *bp = &request->bufstruct;
	int direction = direction_of(bp), length = (int)bp->b_bcount;
	struct scsi_task *task = scsi_create_task(request->scsi_command.scsi_length,
		request->scsi_command.scsi_cdb, direction, length);
	int error = 0;

	if (task != NULL && direction == SCSI_XFER_READ)
		error = scsi_task_add_data_in_buffer(task, length, bp->b_addr);
	else if (task != NULL && direction == SCSI_XFER_WRITE)
		error = scsi_task_add_data_out_buffer(task, length, bp->b_addr);
	if (error == 0)
		return task;
	scsi_free_scsi_task(task);
	return NULL;
}

/* False when the session is none. */
static bool send(struct element *element, int64_t now)
{
	struct target *target = element->unit->target;
	uint32_t seconds = element->request->timeout_value;

	element->cut = element->cancelled = element->timed_out = false;
	element->task = make_task(element->request);
	if (element->task == NULL) {
		command_fail(element, ENOMEM, SC_HOST_IO_BUS_ERR);
		return true;
	}
	element->deadline = seconds != 0 ? now + (int64_t)seconds * 1000 : 0;
	element->unit->asked = now;
	if (iscsi_scsi_command_async(target->context, (int)element->unit->lun, element->task,
		    answered, NULL, element) == 0)
		return true;
	scsi_free_scsi_task(element->task);
	element->task = NULL;
	target->broken = true;
	return false;
}

static bool send_elements(struct unit *unit, int64_t now)
{
	bool sent = false;

	for (struct element *element = unit->elements, *next; element != NULL; element = next) {
		next = element->next;
		if (element->task != NULL || element->aborting || element->not_before > now)
			continue;
		sent = true;
		if (!send(element, now))
			break;
	}
	return sent;
}

/* Whether the first that waits is to be ended, and not sent, as the one before it failed. */
static bool is_cancelled(const struct unit *unit)
{
	const struct scsi_buf *first = (const struct scsi_buf *)unit->waiting;

	return (first->flags & SC_AFTER) && unit->elements == NULL && unit->broken;
}

static bool send_waiting(struct unit *unit, int64_t now)
{
	bool sent = false;

	while (unit->waiting != NULL && !unit->target->broken) {
		const struct scsi_buf *first = (const struct scsi_buf *)unit->waiting;
		if (is_cancelled(unit)) {
			struct scsi_buf *request = take_waiting(unit);
			fail_request(request, ECANCELED, SC_HOST_IO_BUS_ERR);
			hardware_complete(unit->target->initiator, request);
			continue;
		}
		if ((first->flags & SC_AFTER) && unit->elements != NULL)
			break;
		struct element *element = take_element(unit, (struct scsi_buf *)unit->waiting);
		if (element == NULL)
			break;
		take_waiting(unit);
		if (!(element->request->flags & SC_AFTER))
			unit->broken = false;
		sent = send(element, now) || sent;
	}
	return sent;
}

bool command_any(const struct target *target)
{
	for (const struct unit *unit = target->units; unit != NULL; unit = unit->next)
		if (unit->waiting != NULL || unit->elements != NULL)
			return true;
	return false;
}

/* The hardware's own TEST UNIT READY: an attention comes with a command only. */
static void poll_unit(struct unit *unit)
{
	unit->poll = (struct scsi_buf){.scsi_command = {.scsi_length = 6}, .timeout_value = 30};
	struct element *element = take_element(unit, &unit->poll);

	if (element == NULL)
		return;
	element->own = true;
	unit->polling = true;
}

/* At once behind a login, so that its attention is not taken for a reset; then in the interval. */
static bool is_due(const struct unit *unit, int64_t now)
{
	const struct target *target = unit->target;
	int64_t interval = target->initiator->settings.poll_interval;

	if (unit->polling || unit->elements != NULL || unit->waiting != NULL)
		return false;
	/* One speaks for a target that nobody uses. */
	if (unit->watchers == 0 && (target->watchers > 0 || unit != target->units))
		return false;
	return (unit->fresh && unit->asked < target->tried) ||
	       (interval != 0 && now - unit->asked >= interval);
}

/* Commands to a target without session: a login for them, or their end. */
static void progress_down(struct target *target, int64_t now)
{
	if (target->state != SESSION_DOWN || !target->given_up || !command_any(target))
		return;
	if (target->tried == 0 || now - target->tried >= TRY_INTERVAL)
		session_try(target, now);
	else
		command_fail_all(target);
}

void command_progress(struct target *target, int64_t now)
{
	bool sent = false;

	if (target->state != SESSION_UP) {
		progress_down(target, now);
		return;
	}
	for (struct unit *unit = target->units; unit != NULL && !target->broken;
		unit = unit->next) {
		if (is_due(unit, now))
			poll_unit(unit);
		sent = send_elements(unit, now) || sent;
		sent = send_waiting(unit, now) || sent;
	}
	if (sent)
		session_service(target, POLLOUT);
	else if (target->broken)
		session_drop(target, "the library takes no command");
}

void command_session_lost(struct target *target)
{
	for (struct unit *unit = target->units; unit != NULL; unit = unit->next)
		for (struct element *element = unit->elements, *next; element != NULL;
			element = next) {
			next = element->next;
			element->deadline = 0;
			if (element->own)
				command_finish(element);
			else if (element->cut && !command_is_repeatable(element->request))
				command_fail(element, EIO, SC_SCSI_BUS_FAULT);
			/* It may be what ends the session each time. */
			else if (element->cut)
				sense_retry(element, 0);
		}
}

void command_fail_all(struct target *target)
{
	for (struct unit *unit = target->units; unit != NULL; unit = unit->next) {
		while (unit->elements != NULL)
			command_fail(unit->elements, EIO, SC_NO_DEVICE_RESPONSE);
		while (unit->waiting != NULL) {
			struct scsi_buf *request = take_waiting(unit);
			fail_request(request, EIO, SC_NO_DEVICE_RESPONSE);
			hardware_complete(target->initiator, request);
		}
	}
}

/* The library's: the target has answered what was asked of it about a command. */
static void aborted(struct iscsi_context *context, int status, void *data, void *closure)
{
	struct element *element = closure;
	const uint32_t *response = data;
	struct target *target = element->unit->target;

	element->aborting = false;
	if (element->request == NULL) {
		free_element(element);
		return;
	}
	if (status != SCSI_STATUS_GOOD || element->task == NULL)
		return;
	if (response != NULL && *response != ISCSI_TMR_FUNC_COMPLETE &&
		*response != ISCSI_TMR_TASK_DOES_NOT_EXIST) {
		target->broken = true;
		return;
	}
	element->cancelled = true;
	iscsi_scsi_cancel_task(context, element->task);
	if (element->timed_out)
		sense_retry(element, 0);
	else if (command_is_repeatable(element->request))
		command_again(element, 0);
	else
		command_fail(element, EIO, SC_SCSI_BUS_RESET);
}

static void ask_abort(struct element *element, int64_t now)
{
	struct target *target = element->unit->target;

	element->aborting = true;
	element->deadline = now + ABORT_TIME;
	if (iscsi_task_mgmt_async(target->context, (int)element->unit->lun, ISCSI_TM_ABORT_TASK,
		    element->task->itt, element->task->cmdsn, aborted, element) == 0)
		return;
	element->aborting = false;
	target->broken = true;
}

/* When a request is over in any case; INT64_MAX for most. */
static int64_t end_of(const struct scsi_buf *request)
{
	return request->flags & SC_PROMPT
		       ? request->adapter_time + (int64_t)request->timeout_value * 1000
		       : INT64_MAX;
}

/* What came back of one by then has no place to go to any more. */
static void end_element(struct element *element)
{
	if (element->task != NULL) {
		element->cancelled = true;
		iscsi_scsi_cancel_task(element->unit->target->context, element->task);
	}
	command_fail(element, ETIMEDOUT, SC_NO_DEVICE_RESPONSE);
}

static void end_prompt(struct unit *unit, int64_t now)
{
	struct buf **link = &unit->waiting;

	for (struct element *element = unit->elements, *next; element != NULL; element = next) {
		next = element->next;
		if (!element->own && end_of(element->request) <= now)
			end_element(element);
	}
	while (*link != NULL) {
		struct scsi_buf *request = (struct scsi_buf *)*link;
		if (end_of(request) > now) {
			link = &(*link)->av_forw;
			continue;
		}
		*link = request->bufstruct.av_forw;
		fail_request(request, ETIMEDOUT, SC_NO_DEVICE_RESPONSE);
		hardware_complete(unit->target->initiator, request);
	}
	unit->last_waiting = link;
}

void command_check_time(struct target *target, int64_t now)
{
	bool any = false;

	for (struct unit *unit = target->units; unit != NULL; unit = unit->next)
		end_prompt(unit, now);

	for (struct unit *unit = target->units; unit != NULL && target->state == SESSION_UP;
		unit = unit->next)
		for (struct element *element = unit->elements; element != NULL;
			element = element->next) {
			if (element->task == NULL || element->deadline == 0 ||
				element->deadline > now)
				continue;
			if (element->aborting) {
				session_drop(target, "no answer to the abort of a command");
				return;
			}
			element->timed_out = !element->suspected;
			ask_abort(element, now);
			any = true;
		}
	if (any)
		session_service(target, POLLOUT);
}

static int64_t earliest(int64_t one, int64_t other)
{
	return one < other ? one : other;
}

static int64_t unit_next_end(const struct unit *unit)
{
	int64_t next = INT64_MAX;

	for (const struct element *element = unit->elements; element != NULL;
		element = element->next)
		next = earliest(next, end_of(element->request));
	for (const struct buf *bp = unit->waiting; bp != NULL; bp = bp->av_forw)
		next = earliest(next, end_of((const struct scsi_buf *)bp));
	return next;
}

static int64_t unit_next_time(const struct unit *unit)
{
	int64_t next = INT64_MAX, interval = unit->target->initiator->settings.poll_interval;

	for (const struct element *element = unit->elements; element != NULL;
		element = element->next) {
		if (element->task == NULL && !element->aborting)
			next = earliest(next, element->not_before);
		else if (element->deadline != 0)
			next = earliest(next, element->deadline);
	}
	if (unit->elements == NULL && interval != 0 &&
		(unit->watchers > 0 ||
			(unit->target->watchers == 0 && unit == unit->target->units)))
		next = earliest(next, unit->asked + interval);
	return next;
}

int64_t command_next_time(const struct target *target)
{
	int64_t next = INT64_MAX;

	for (const struct unit *unit = target->units; unit != NULL; unit = unit->next) {
		next = earliest(next, unit_next_end(unit));
		if (target->state == SESSION_UP)
			next = earliest(next, unit_next_time(unit));
	}
	return next;
}

/* What is on its way is aborted, what is not ends. */
void command_halt(struct unit *unit)
{
	int64_t now = clock_milliseconds();

	for (struct element *element = unit->elements, *next; element != NULL; element = next) {
		next = element->next;
		element->request->flags |= SC_ONCE;
		if (element->task == NULL && !element->aborting)
			command_fail(element, EINTR, SC_HOST_IO_BUS_ERR);
		else if (!element->aborting)
			ask_abort(element, now);
	}
	while (unit->waiting != NULL) {
		struct scsi_buf *request = take_waiting(unit);
		fail_request(request, EINTR, SC_HOST_IO_BUS_ERR);
		hardware_complete(unit->target->initiator, request);
	}
	if (unit->target->state == SESSION_UP)
		session_service(unit->target, POLLOUT);
}
