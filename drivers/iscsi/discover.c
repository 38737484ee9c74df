/* SendTargets: a session of its own with a portal, that asks for its targets and ends. */
#include <iscsi/iscsi.h>
#include <iscsi/scsi-lowlevel.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "iscsi/initiator.h"

/* One portal being asked; for its callbacks, in the order in which they come. */
struct discovery {
	bool (*visit)(const char *name, const char *portal, void *closure);
	void *closure;
	bool done, failed, late;
};

static void answered(struct iscsi_context *context, int status, void *data, void *closure)
{
	struct discovery *discovery = closure;

	(void)context;
	discovery->done = true;
	discovery->failed = status != SCSI_STATUS_GOOD;
	if (discovery->failed)
		return;
	for (const struct iscsi_discovery_address *address = data; address != NULL;
		address = address->next)
		for (const struct iscsi_target_portal *portal = address->portals; portal != NULL;
			portal = portal->next)
			if (!discovery->visit(
				    address->target_name, portal->portal, discovery->closure))
				return;
}

static void logged_in(struct iscsi_context *context, int status, void *data, void *closure)
{
	struct discovery *discovery = closure;

	(void)data;
	if (status == SCSI_STATUS_GOOD && iscsi_discovery_async(context, answered, discovery) == 0)
		return;
	discovery->done = discovery->failed = true;
}

static void connected(struct iscsi_context *context, int status, void *data, void *closure)
{
	struct discovery *discovery = closure;

	(void)data;
	if (status == SCSI_STATUS_GOOD && iscsi_login_async(context, logged_in, discovery) == 0)
		return;
	discovery->done = discovery->failed = true;
}

/* Works for the session until it has the answer: false when it fails or takes too long. */
static bool await_answer(struct iscsi_context *context, struct discovery *discovery, int64_t time)
{
	int64_t end = clock_milliseconds() + time;

	while (!discovery->done) {
		struct pollfd news = {
			.fd = iscsi_get_fd(context), .events = (short)iscsi_which_events(context)};
		if (poll(&news, 1, 100) < 0 || iscsi_service(context, news.revents) < 0)
			return false;
		if (!discovery->done && clock_milliseconds() >= end) {
			discovery->late = true;
			return false;
		}
	}
	return !discovery->failed;
}

static void take_reason(const char *portal, const char *cause, char reason[ISCSI_REASON])
{
	snprintf(reason, ISCSI_REASON, "portal %.40s: %.100s", portal, cause);
	reason[strcspn(reason, "\r\n")] = '\0';
}

/* False with the reason. */
static bool authenticate(const struct settings *settings, struct iscsi_context *context,
	const char *portal, char reason[ISCSI_REASON])
{
	char secret[ISCSI_SECRET], cause[ISCSI_REASON];
	int length = secret_read(settings, "", secret, cause);
	const char *name =
		settings->chap_name[0] != '\0' ? settings->chap_name : settings->initiator_name;

	if (length > 0)
		iscsi_set_initiator_username_pwd(context, name, secret);
	explicit_bzero(secret, sizeof(secret));
	if (length < 0)
		take_reason(portal, cause, reason);
	return length >= 0;
}

bool discover(const struct settings *settings, const char *portal,
	bool (*visit)(const char *name, const char *portal, void *closure), void *closure,
	char reason[ISCSI_REASON])
{
	struct discovery discovery = {.visit = visit, .closure = closure};
	struct iscsi_context *context = iscsi_create_context(settings->initiator_name);

	if (context == NULL) {
		take_reason(portal, "there is not enough memory", reason);
		return false;
	}
	iscsi_set_noautoreconnect(context, 1);
	iscsi_set_session_type(context, ISCSI_SESSION_DISCOVERY);
	bool good = authenticate(settings, context, portal, reason);
	if (good) {
		good = iscsi_connect_async(context, portal, connected, &discovery) == 0 &&
		       await_answer(context, &discovery, settings->login_timeout);
		if (!good)
			take_reason(portal, discovery.late ? "no answer" : session_cause(context),
				reason);
	}
	iscsi_destroy_context(context);
	return good;
}
