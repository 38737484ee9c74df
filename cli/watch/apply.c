/*
 * An interface that is down, or a card whose firmware is not ready, refuses a value that it takes
 * later: it is offered again some times, with longer and longer pauses. A choice that the kernel
 * does not have is refused for good.
 */
#include "apply.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/message.h"
#include "cfgmethods/kernel_compare.h"

#define MILLISECOND 1000000LL /* nanoseconds */

/* Pauses before the tries that follow the first, in milliseconds. */
static const int pauses[] = {100, 1000, 10000, 60000};
#define TRIES ((int)(sizeof(pauses) / sizeof(*pauses)))

/* As many at once: what is known of a value while it is written is a few kilobytes. */
#define AT_ONCE 256

void applier_release(struct applier *applier)
{
	for (int i = 0; i < applier->count; i++)
		free(applier->refusals[i].told);
	free(applier->refusals);
	*applier = (struct applier){0};
}

static struct refusal *find(const struct applier *applier, const char *name)
{
	for (int i = 0; i < applier->count; i++)
		if (strcmp(applier->refusals[i].name, name) == 0)
			return &applier->refusals[i];
	return NULL;
}

/* That of a device, made when there is none. NULL without memory. */
static struct refusal *find_or_add(struct applier *applier, const char *name)
{
	struct refusal *refusal = find(applier, name);

	if (refusal != NULL)
		return refusal;
	refusal = reallocarray(
		applier->refusals, (size_t)applier->count + 1, sizeof(*applier->refusals));
	if (refusal == NULL)
		return NULL;
	applier->refusals = refusal;
	refusal += applier->count++;
	*refusal = (struct refusal){.due = NEVER};
	snprintf(refusal->name, sizeof(refusal->name), "%s", name);
	return refusal;
}

static void forget(struct applier *applier, struct refusal *refusal)
{
	free(refusal->told);
	*refusal = applier->refusals[--applier->count];
}

/* The kernel knows what it has to choose from; all else may be a matter of time. */
static bool may_come(const struct tunable_change *change)
{
	return change->tunable->form != TUNABLE_CHOICE || change->outcome != TUNABLE_REFUSED;
}

/* Several values of a device are told apart by their sentences, which are told together. */
static void note_refusal(struct applier *applier, const char *device,
	const struct tunable_change *change, const char *sentence)
{
	struct refusal *refusal = find_or_add(applier, device);

	if (refusal == NULL) {
		applier->failed = true;
		return;
	}
	refusal->refused = true;
	refusal->again = refusal->again || may_come(change);
	if (refusal->told != NULL && strstr(refusal->told, sentence) != NULL)
		return;
	message("%s", sentence);
	AUTO(text_release) struct text told = {0};
	text_printf(&told, "%s%s\n", refusal->told != NULL ? refusal->told : "", sentence);
	free(refusal->told);
	refusal->told = text_take(&told);
}

static void take_written(const char *device, const struct tunable_change *change,
	const char *sentence, void *closure)
{
	if (!tunable_succeeded(change->outcome))
		note_refusal(closure, device, change, sentence);
	else if (change->outcome == TUNABLE_SET)
		message("%s: %s is %s again, it was %s", device, change->tunable->attribute,
			change->now, change->before);
}

static void take_lost(const char *device, void *closure)
{
	struct applier *applier = closure;

	(void)device;
	applier->lost = true;
}

static void begin_round(const struct applier *applier, const struct names *names, bool event)
{
	for (int i = 0; i < names->count && applier->count > 0; i++) {
		struct refusal *refusal = find(applier, names->list[i]);
		if (refusal == NULL)
			continue;
		refusal->refused = refusal->again = false;
		refusal->tries = event ? 0 : refusal->tries;
	}
}

/* Whether it is tried again, and when. */
static void end_device(struct applier *applier, const char *name)
{
	struct refusal *refusal = find(applier, name);

	if (refusal == NULL)
		return;
	if (!refusal->refused) {
		forget(applier, refusal);
		return;
	}
	refusal->due = NEVER;
	if (!refusal->again)
		return;
	if (refusal->tries == TRIES) {
		message("%s: it is not tried again before its next event; odmcfg drift shows what "
			"differs",
			name);
		return;
	}
	refusal->due = clock_nanoseconds() + pauses[refusal->tries++] * MILLISECOND;
}

bool applier_apply(struct applier *applier, const struct names *names, bool event)
{
	const struct kernel_visitor visitor = {take_written, take_lost, applier};

	begin_round(applier, names, event);
	for (int i = 0; i < names->count; i += AT_ONCE) {
		AUTO(method_output_release) struct method_output output = {0};
		int count = names->count - i < AT_ONCE ? names->count - i : AT_ONCE;
		if (kernel_apply_names(names->list + i, count, &visitor, &output) < 0) {
			message("%s", output.reason.data != NULL ? output.reason.data
								 : odm_error_text(odmerrno));
			return false;
		}
	}
	for (int i = 0; i < names->count && applier->count > 0; i++)
		end_device(applier, names->list[i]);
	if (applier->failed)
		message("there is not enough memory");
	applier->failed = false;
	return true;
}

int64_t applier_due(const struct applier *applier)
{
	int64_t due = NEVER;

	for (int i = 0; i < applier->count; i++)
		if (applier->refusals[i].due < due)
			due = applier->refusals[i].due;
	return due;
}

bool applier_take_due(const struct applier *applier, int64_t now, struct names *names)
{
	for (int i = 0; i < applier->count; i++)
		if (applier->refusals[i].due <= now &&
			!names_add(names, applier->refusals[i].name)) {
			message("there is not enough memory");
			return false;
		}
	return true;
}
