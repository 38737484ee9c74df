/* An adapter's event on its way to a session's handler: raised, merged, counted, delivered. */
#include "scsi/dispatch.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/device.h>
#include <sys/errids.h>

#include "base/clock.h"
#include "processor/owner.h"
#include "processor/processor.h"
#include "services/trace.h"

/* A handler that changed the structure would have spoiled the next handler's call. */
static void check_unmodified(const struct scsi_session *session, const void *shown, const void *now,
	size_t size, uintptr_t routine)
{
	if (memcmp(shown, now, size) == 0)
		return;
	error_log("KEX_EVENT_INFO", owner_of(routine, NULL),
		"its event handler for SCSI ID %llu, LUN %llu modified the event structure, which "
		"is the adapter driver's",
		(unsigned long long)session->scsi_id, (unsigned long long)session->lun_id);
}

/* Both set every byte: the padding is compared too. */
static void show(struct scsi_session *session, uint32_t events)
{
	struct scsi_event_info *info = &session->adapter->info, shown;

	memset(&shown, 0, sizeof(shown));
	shown.scsi_id = session->scsi_id;
	shown.lun_id = session->lun_id;
	shown.mode = session->mode;
	shown.events = events;
	shown.adap_devno = session->adapter->devno;
	shown.async_correlator = session->registration.async_correlator;
	memcpy(info, &shown, sizeof(shown));
	void *outer = processor_blame((void *)session->registration.async_func);
	session->registration.async_func(info);
	processor_restore(outer);
	check_unmodified(
		session, &shown, info, sizeof(shown), (uintptr_t)session->registration.async_func);
}

static void show_sc(struct scsi_session *session, uint32_t events)
{
	struct sc_event_info *info = &session->adapter->sc_info, shown;

	memset(&shown, 0, sizeof(shown));
	shown.id = (uint8_t)session->scsi_id;
	shown.lun = (uint8_t)session->lun_id;
	shown.mode = (uint8_t)session->mode;
	shown.events = events;
	shown.adap_devno = session->adapter->devno;
	shown.async_correlator = session->registration.async_correlator;
	memcpy(info, &shown, sizeof(shown));
	void *outer = processor_blame((void *)session->sc_func);
	session->sc_func(info);
	processor_restore(outer);
	check_unmodified(session, &shown, info, sizeof(shown), (uintptr_t)session->sc_func);
}

/* Shows one session's pending flags to its routine; runs as an interrupt handler. */
static void deliver(struct intr_source *source, uint32_t events)
{
	struct scsi_session *session =
		(struct scsi_session *)((char *)source - offsetof(struct scsi_session, source));

	if (session->registration.counters != NULL)
		COUNT(session->registration.counters->events_delivered);
	trace_numbers(HOOK_DELIVER, events, session->scsi_id, session->lun_id);
	if (session->sc_func != NULL)
		show_sc(session, events);
	else
		show(session, events);
}

/* The session's first registration counts. sc_func: SCIOEVENT's routine, else NULL. */
static int enter(struct scsi_adapter *adapter, const struct scsi_event_struct *event,
	void (*sc_func)(const struct sc_event_info *info), unsigned long devflag)
{
	if (!(devflag & DKERNEL))
		return EPERM;
	if (event == NULL)
		return EFAULT;
	if (event->reserved != 0 || (event->async_func == NULL && sc_func == NULL))
		return EINVAL;

	int old = disable_lock(adapter->priority, &adapter->lock);
	struct scsi_session *session =
		session_lookup(adapter, event->scsi_id, event->lun_id, event->mode);
	bool accepted = session != NULL && !atomic_load(&session->registered);
	if (accepted) {
		session->registration = *event;
		session->sc_func = sc_func;
		session->source =
			(struct intr_source){.handler = deliver, .priority = adapter->priority};
		accepted = source_init(&session->source) == INTR_SUCC;
		atomic_store(&session->registered, accepted);
	}
	unlock_enable(old, &adapter->lock);
	return accepted ? 0 : EINVAL;
}

int scsi_event_register(
	struct scsi_adapter *adapter, const struct scsi_event_struct *event, unsigned long devflag)
{
	return enter(adapter, event, NULL, devflag);
}

int scsi_event_register_sc(
	struct scsi_adapter *adapter, const struct sc_event_struct *event, unsigned long devflag)
{
	if (event == NULL)
		return enter(adapter, NULL, NULL, devflag);
	const struct scsi_event_struct wide = {.scsi_id = event->id,
		.lun_id = event->lun,
		.mode = event->mode,
		.reserved = event->reserved,
		.async_correlator = event->async_correlator,
		.counters = event->counters};
	return enter(adapter, &wide, event->async_func, devflag);
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
	atomic_store_explicit(&counters->last_event_time,
		(uint64_t)(clock_read(CLOCK_REALTIME_COARSE) / CLOCK_SECOND), memory_order_relaxed);
}

/* `masked`: whether the class was held off before the dispatcher did so itself. */
static void raise_event(struct scsi_session *session, uint32_t events, bool masked)
{
	if (!atomic_load(&session->registered))
		return;

	trace_numbers(HOOK_RAISE, events, session->scsi_id, session->lun_id);
	struct device_counters *counters = session->registration.counters;
	uint32_t merged = source_raise(&session->source, events);
	if (counters != NULL)
		count_raised(counters, events, merged, masked);
}

void scsi_event_report_to(struct scsi_session *session, uint32_t events)
{
	raise_event(session, events, i_masked(session->adapter->priority));
}

/* scsi_id: only sessions with that, or -1. */
static void report(struct scsi_adapter *adapter, int64_t scsi_id, uint32_t events)
{
	bool masked = i_masked(adapter->priority);
	int old = disable_lock(adapter->priority, &adapter->lock);

	for (struct scsi_session *session = adapter->sessions; session != NULL;
		session = session->next)
		if (scsi_id < 0 || session->scsi_id == (uint64_t)scsi_id)
			raise_event(session, events, masked);
	unlock_enable(old, &adapter->lock);
}

void scsi_event_report(struct scsi_adapter *adapter, uint32_t events)
{
	report(adapter, -1, events);
}

void scsi_event_report_at(struct scsi_adapter *adapter, unsigned scsi_id, uint32_t events)
{
	report(adapter, scsi_id, events);
}
