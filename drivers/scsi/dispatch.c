#include "scsi/dispatch.h"

#include <errno.h>
#include <stddef.h>
#include <sys/device.h>

/* Shows one session's pending flags to its routine; runs as an interrupt handler. */
static void deliver(struct intr *intr, uint32_t events)
{
	struct scsi_session *session =
		(struct scsi_session *)((char *)intr - offsetof(struct scsi_session, intr));
	struct scsi_event_info *info = &session->adapter->info;

	*info = (struct scsi_event_info){
		.scsi_id = session->scsi_id,
		.lun_id = session->lun_id,
		.mode = session->mode,
		.events = events,
		.adap_devno = session->adapter->devno,
		.async_correlator = session->registration.async_correlator,
	};
	if (session->registration.counters != NULL)
		COUNT(session->registration.counters->events_delivered);
	session->registration.async_func(info);
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
		*session_link(adapter, event->scsi_id, event->lun_id, event->mode);
	bool accepted = session != NULL && !atomic_load(&session->registered);
	if (accepted) {
		session->registration = *event;
		session->intr = (struct intr){.handler = deliver, .priority = adapter->priority};
		accepted = i_init(&session->intr) == INTR_SUCC;
		atomic_store(&session->registered, accepted);
	}
	unlock_enable(old, &adapter->lock);
	return accepted ? 0 : EINVAL;
}

void dispatch_cancel(struct scsi_session *session)
{
	if (atomic_load(&session->registered))
		i_clear(&session->intr);
}

/* `masked`: whether the class was held off before the dispatcher did so itself. */
static void raise_event(struct scsi_session *session, uint32_t events, bool masked)
{
	if (!atomic_load(&session->registered))
		return;

	bool merged = i_raise(&session->intr, events) == MERGED;
	struct device_counters *counters = session->registration.counters;
	if (counters == NULL)
		return;
	COUNT(counters->events_raised);
	if (merged)
		COUNT(counters->events_merged);
	if (merged && masked)
		COUNT(counters->events_masked);
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
