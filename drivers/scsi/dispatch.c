#include "scsi/dispatch.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/device.h>
#include <sys/errids.h>
#include <time.h>

#include "kern/owner.h"
#include "kern/processor.h"

/* A handler that changed the structure would have spoiled the next handler's call. */
static void check_unmodified(const struct scsi_session *session,
	const struct scsi_event_info *shown, const struct scsi_event_info *now)
{
	if (memcmp(shown, now, sizeof(*now)) == 0)
		return;
	error_log("KEX_EVENT_INFO", owner_of((uintptr_t)session->registration.async_func, NULL),
		"its event handler for SCSI ID %llu, LUN %llu modified the event structure, which "
		"is the adapter driver's",
		(unsigned long long)session->scsi_id, (unsigned long long)session->lun_id);
}

/* Shows one session's pending flags to its routine; runs as an interrupt handler. */
static void deliver(struct intr_source *source, uint32_t events)
{
	struct scsi_session *session =
		(struct scsi_session *)((char *)source - offsetof(struct scsi_session, source));
	struct scsi_event_info *info = &session->adapter->info, shown;

	/* To the last byte: the padding is compared too. */
	memset(&shown, 0, sizeof(shown));
	shown.scsi_id = session->scsi_id;
	shown.lun_id = session->lun_id;
	shown.mode = session->mode;
	shown.events = events;
	shown.adap_devno = session->adapter->devno;
	shown.async_correlator = session->registration.async_correlator;
	memcpy(info, &shown, sizeof(shown));
	if (session->registration.counters != NULL)
		COUNT(session->registration.counters->events_delivered);

	void *outer = processor_blame((void *)session->registration.async_func);
	session->registration.async_func(info);
	processor_blame(outer);
	check_unmodified(session, &shown, info);
}

int scsi_event_register(
	struct scsi_adapter *adapter, const struct scsi_event_struct *event, unsigned long devflag)
{
	if (!(devflag & DKERNEL))
		return EPERM;
	if (event->reserved != 0 || event->async_func == NULL)
		return EINVAL;

	int old = disable_lock(adapter->priority, &adapter->lock);
	struct scsi_session *session =
		session_lookup(adapter, event->scsi_id, event->lun_id, event->mode);
	bool accepted = session != NULL && !atomic_load(&session->registered);
	if (accepted) {
		session->registration = *event;
		session->source =
			(struct intr_source){.handler = deliver, .priority = adapter->priority};
		accepted = source_init(&session->source) == INTR_SUCC;
		atomic_store(&session->registered, accepted);
	}
	unlock_enable(old, &adapter->lock);
	return accepted ? 0 : EINVAL;
}

struct device_counters *scsi_session_counters(struct scsi_session *session)
{
	return atomic_load(&session->registered) ? session->registration.counters : NULL;
}

void dispatch_cancel(struct scsi_session *session)
{
	if (atomic_load(&session->registered))
		source_clear(&session->source);
}

static uint64_t seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME_COARSE, &now);
	return (uint64_t)now.tv_sec;
}

/* What never appears in `events`, so that an operator sees what merged. */
static void count_raised(
	struct device_counters *counters, uint32_t events, uint32_t merged, bool masked)
{
	COUNT(counters->events_raised);
	if (merged == events)
		COUNT(counters->events_merged);
	if (merged == events && masked)
		COUNT(counters->events_masked);
	for (int flag = 0; flag < EVENT_FLAGS; flag++) {
		if (events & (1u << flag))
			COUNT(counters->raised_by_flag[flag]);
		if (merged & (1u << flag))
			COUNT(counters->merged_by_flag[flag]);
	}
	atomic_store_explicit(&counters->last_events, events, memory_order_relaxed);
	atomic_store_explicit(&counters->last_event_time, seconds_now(), memory_order_relaxed);
}

/* `masked`: whether the class was held off before the dispatcher did so itself. */
static void raise_event(struct scsi_session *session, uint32_t events, bool masked)
{
	if (!atomic_load(&session->registered))
		return;

	struct device_counters *counters = session->registration.counters;
	uint32_t merged = source_raise(&session->source, events);
	if (counters != NULL)
		count_raised(counters, events, merged, masked);
}

void scsi_event_report_to(struct scsi_session *session, uint32_t events)
{
	raise_event(session, events, i_masked(session->adapter->priority));
}

void scsi_event_report(struct scsi_adapter *adapter, uint32_t events)
{
	bool masked = i_masked(adapter->priority);
	int old = disable_lock(adapter->priority, &adapter->lock);

	for (struct scsi_session *session = adapter->sessions; session != NULL;
		session = session->next)
		raise_event(session, events, masked);
	unlock_enable(old, &adapter->lock);
}
