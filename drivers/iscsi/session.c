/*
 * The session with a target at one of its portals: login, its loss, and logins until it is there
 * again or the reconnect time is over.
 */
#include <iscsi/iscsi.h>
#include <iscsi/scsi-lowlevel.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/errids.h>

#include "base/clock.h"
#include "iscsi/initiator.h"

#define SECOND 1000 /* milliseconds */
#define SHORT_LIFE (5 * SECOND) /* sessions that end so soon again and again are no sessions */
#define FIRST_PAUSE 100 /* between two logins; each is twice as long, up to */
#define LONGEST_PAUSE (2 * SECOND)
#define SLOW_PAUSE (5 * SECOND) /* when it was given up */

/*
 * The same of each login to a target: by that a target ends the session that was lost, and what it
 * still had to do for it, before it begins this one. A command is sent again after that only.
 */
static void set_isid(struct target *target)
{
	const struct initiator *initiator = target->initiator;
	const char *texts[] = {
		initiator->settings.initiator_name, initiator->dds.header.logical_name};
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < 2; i++)
		for (const char *text = texts[i]; *text != '\0'; text++)
			hash = (hash ^ (uint8_t)*text) * 16777619u;
	iscsi_set_isid_random(target->context, hash >> 8, target->number);
}

static void take_reason(struct target *target, const char *reason)
{
	snprintf(target->reason, sizeof(target->reason), "%s", reason);
	target->reason[strcspn(target->reason, "\r\n")] = '\0';
}

const char *session_cause(struct iscsi_context *context)
{
	const char *cause = iscsi_get_error(context);

	static const char prefix[] = "iscsi_service: ";

	/* What the library says of its own way to connect again is no cause. */
	if (cause == NULL || cause[0] == '\0' || strncmp(cause, "iscsi_service_", 14) == 0)
		return "the connection is lost";
	return strncmp(cause, prefix, strlen(prefix)) == 0 ? cause + strlen(prefix) : cause;
}

/* For the callbacks: the library is at work with the context, it goes later. */
static void break_session(struct target *target, struct iscsi_context *context)
{
	if (!target->broken)
		take_reason(target, session_cause(context));
	target->broken = true;
}

static void log_state(const struct target *target, const char *text)
{
	error_log("ISCSI_SESSION", target->initiator->dds.header.logical_name,
		"target %u, %s at %s: %s", target->number, target->name, target->portal, text);
}

static void begin_session(struct target *target)
{
	int64_t now = clock_milliseconds();
	char text[64];

	target->state = SESSION_UP;
	target->heard = now;
	target->nop_sent = 0;
	target->up_since = now;
	target->given_up = false;
	for (struct unit *unit = target->units; unit != NULL; unit = unit->next)
		unit->fresh = true;
	if (target->lost_since != 0) {
		snprintf(text, sizeof(text), "there is a session again after %lld ms",
			(long long)(now - target->lost_since));
		log_state(target, text);
	}
	target->lost_since = 0;
}

static void logged_in(struct iscsi_context *context, int status, void *data, void *closure)
{
	struct target *target = closure;

	(void)data;
	if (status == SCSI_STATUS_GOOD)
		begin_session(target);
	else
		break_session(target, context);
}

static void connected(struct iscsi_context *context, int status, void *data, void *closure)
{
	struct target *target = closure;

	(void)data;
	if (status != SCSI_STATUS_GOOD || iscsi_login_async(context, logged_in, target) != 0)
		break_session(target, context);
}

/* False with the target's reason. */
static bool authenticate(struct target *target)
{
	const struct settings *settings = &target->initiator->settings;
	char secret[ISCSI_SECRET];
	int length = secret_read(settings, target->name, secret, target->reason);
	const char *name =
		settings->chap_name[0] != '\0' ? settings->chap_name : settings->initiator_name;
	bool done = length == 0 || (length > 0 && iscsi_set_initiator_username_pwd(
							  target->context, name, secret) == 0);

	explicit_bzero(secret, sizeof(secret));
	return done;
}

void session_try(struct target *target, int64_t now)
{
	struct initiator *initiator = target->initiator;

	target->tried = now;
	target->broken = false;
	target->context = iscsi_create_context(initiator->settings.initiator_name);
	if (target->context == NULL)
		return session_drop(target, "there is not enough memory");
	target->state = SESSION_CONNECTING;
	target->deadline = now + initiator->settings.login_timeout;
	set_isid(target);
	iscsi_set_noautoreconnect(target->context, 1);
	iscsi_set_session_type(target->context, ISCSI_SESSION_NORMAL);
	iscsi_set_header_digest(target->context, ISCSI_HEADER_DIGEST_NONE_CRC32C);
	iscsi_set_targetname(target->context, target->name);
	if (!authenticate(target))
		return session_drop(target, target->reason);
	if (iscsi_connect_async(target->context, target->portal, connected, target) != 0)
		return session_drop(target, session_cause(target->context));
	session_watch(target);
}

void session_watch(struct target *target)
{
	int fd = target->context != NULL ? iscsi_get_fd(target->context) : -1;
	uint32_t wanted = fd >= 0 ? (uint32_t)iscsi_which_events(target->context) : 0;
	struct epoll_event event = {.events = wanted, .data.ptr = target};

	if (fd == target->fd && wanted == target->watched)
		return;
	if (fd != target->fd && target->fd >= 0)
		epoll_ctl(target->initiator->inner, EPOLL_CTL_DEL, target->fd, NULL);
	if (fd >= 0)
		epoll_ctl(target->initiator->inner,
			fd == target->fd ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
	target->fd = fd;
	target->watched = wanted;
}

static int64_t pause_after(const struct target *target)
{
	int64_t pause = FIRST_PAUSE;

	if (target->given_up)
		return SLOW_PAUSE;
	for (unsigned i = 1; i < target->login_failures && pause < LONGEST_PAUSE; i++)
		pause *= 2;
	return pause < LONGEST_PAUSE ? pause : LONGEST_PAUSE;
}

static void end_context(struct target *target)
{
	struct iscsi_context *context = target->context;

	if (target->fd >= 0)
		epoll_ctl(target->initiator->inner, EPOLL_CTL_DEL, target->fd, NULL);
	target->fd = -1;
	target->watched = 0;
	/* Its end is told to whoever waits for an answer. */
	if (context != NULL)
		iscsi_destroy_context(context);
	target->context = NULL;
}

void session_drop(struct target *target, const char *reason)
{
	bool was_up = target->state == SESSION_UP;
	int64_t now = clock_milliseconds();
	char text[ISCSI_REASON + 32];

	if (reason != target->reason)
		take_reason(target, reason);
	end_context(target);
	target->broken = false;
	target->state = SESSION_DOWN;
	if (was_up) {
		target->lost_since = now;
		target->login_failures =
			now - target->up_since < SHORT_LIFE ? target->login_failures + 1 : 0;
		target->next_try = target->login_failures < 2 ? now : now + pause_after(target);
		snprintf(text, sizeof(text), "the session is lost: %s", target->reason);
		log_state(target, text);
	} else {
		target->login_failures++;
		target->next_try = now + pause_after(target);
	}
	command_session_lost(target);
	if (target->given_up)
		command_fail_all(target);
}

void session_service(struct target *target, int events)
{
	if (target->context == NULL)
		return;
	/* The library's own word on whether it is logged in does not change with the connection. */
	int result = iscsi_service(target->context, events);
	if (result < 0 && !target->broken)
		break_session(target, target->context);
	if (target->broken)
		session_drop(target, target->reason);
}

/* The session is lost for longer than one waits for it: what is asked of it fails from now on. */
static void give_up(struct target *target)
{
	struct initiator *initiator = target->initiator;
	char text[ISCSI_REASON + 64];

	target->given_up = true;
	snprintf(text, sizeof(text), "no session for %lld seconds: %s",
		(long long)(initiator->settings.reconnect_time / SECOND), target->reason);
	error_log("SCSI_ERR1", initiator->dds.header.logical_name, "target %u, %s at %s: %s",
		target->number, target->name, target->portal, text);
	command_fail_all(target);
	scsi_event_report_at(&initiator->adapter, target->number, SCSI_FATAL_HDW_ERR);
}

static void answered_nop(struct iscsi_context *context, int status, void *data, void *closure)
{
	struct target *target = closure;

	(void)context;
	(void)data;
	if (status != SCSI_STATUS_GOOD)
		return;
	target->nop_sent = 0;
	target->heard = clock_milliseconds();
}

static void check_heard(struct target *target, int64_t now)
{
	const struct settings *settings = &target->initiator->settings;
	int64_t since = target->nop_sent > target->heard ? target->nop_sent : target->heard;
	char reason[64];

	if (settings->nop_interval == 0)
		return;
	if (target->nop_sent == 0 && now - target->heard >= settings->nop_interval) {
		if (iscsi_nop_out_async(target->context, answered_nop, NULL, 0, target) != 0)
			return session_drop(target, session_cause(target->context));
		target->nop_sent = now;
		return session_service(target, POLLOUT);
	}
	if (target->nop_sent == 0 || now - since < settings->nop_timeout)
		return;
	snprintf(reason, sizeof(reason), "no answer for %lld seconds",
		(long long)((now - target->heard) / SECOND));
	session_drop(target, reason);
}

static bool is_wanted(const struct target *target)
{
	return target->watchers > 0 || !target->given_up;
}

void session_check_time(struct target *target, int64_t now)
{
	const struct settings *settings = &target->initiator->settings;
	char reason[64];

	if (target->state == SESSION_CONNECTING && now >= target->deadline) {
		snprintf(reason, sizeof(reason), "no answer to the login for %lld seconds",
			(long long)(settings->login_timeout / SECOND));
		session_drop(target, reason);
	}
	if (target->state == SESSION_UP)
		check_heard(target, now);
	if (target->state != SESSION_UP && target->lost_since != 0 && !target->given_up &&
		now - target->lost_since >= settings->reconnect_time)
		give_up(target);
	if (target->state == SESSION_DOWN && is_wanted(target) && now >= target->next_try)
		session_try(target, now);
}

static int64_t earliest(int64_t one, int64_t other)
{
	return one < other ? one : other;
}

int64_t session_next_time(const struct target *target)
{
	const struct settings *settings = &target->initiator->settings;
	int64_t next = INT64_MAX;

	if (target->state == SESSION_UP) {
		if (settings->nop_interval == 0)
			return INT64_MAX;
		int64_t since = target->nop_sent > target->heard ? target->nop_sent : target->heard;
		return target->nop_sent != 0 ? since + settings->nop_timeout
					     : target->heard + settings->nop_interval;
	}
	if (target->state == SESSION_CONNECTING)
		next = target->deadline;
	else if (is_wanted(target))
		next = target->next_try;
	if (target->lost_since != 0 && !target->given_up)
		next = earliest(next, target->lost_since + settings->reconnect_time);
	return next;
}

static void was_reset(struct iscsi_context *context, int status, void *data, void *closure)
{
	const uint32_t *response = data;
	const struct unit *unit = closure;

	(void)context;
	if (status == SCSI_STATUS_GOOD && (response == NULL || *response == 0))
		return;
	error_log("ISCSI_SESSION", unit->target->initiator->dds.header.logical_name,
		"LUN %u of target %u, %s was not reset: response %u", unit->lun,
		unit->target->number, unit->target->name,
		status == SCSI_STATUS_GOOD && response != NULL ? *response : 255);
}

bool session_reset(struct unit *unit)
{
	struct target *target = unit->target;

	if (target->state != SESSION_UP ||
		iscsi_task_mgmt_async(target->context, (int)unit->lun, ISCSI_TM_LUN_RESET,
			0xffffffff, 0, was_reset, unit) != 0)
		return false;
	session_service(target, POLLOUT);
	return target->state == SESSION_UP;
}

static void logged_out(struct iscsi_context *context, int status, void *data, void *closure)
{
	struct target *target = closure;

	(void)context;
	(void)status;
	(void)data;
	target->broken = true;
}

/* Says goodbye, so that the target keeps nothing of the session; not behind that moment. */
static void log_out(struct target *target, int64_t end)
{
	if (target->state != SESSION_UP ||
		iscsi_logout_async(target->context, logged_out, target) != 0)
		return;
	while (!target->broken && clock_milliseconds() < end) {
		struct pollfd news = {.fd = iscsi_get_fd(target->context),
			.events = (short)iscsi_which_events(target->context)};
		if (poll(&news, 1, 100) < 0 || iscsi_service(target->context, news.revents) < 0)
			return;
	}
}

void session_end(struct target *target, int64_t end)
{
	log_out(target, end);
	target->given_up = true;
	target->state = SESSION_CONNECTING;
	session_drop(target, "the adapter is unconfigured");
}
