/*
 * For adapter drivers: the sessions that device drivers open on an adapter, and the dispatcher of
 * its asynchronous events. Manual: "Asynchronous Event Handling", SCIOLEVENT.
 *
 * Events are flags in one pending word a session: a second report before the first was delivered
 * merges with it. Delivery is at the adapter's interrupt priority; a device driver that masks that
 * class gets the flags when it enables it.
 */
#pragma once

#include <stdbool.h>
#include <sys/checked.h>
#include <sys/intr.h>
#include <sys/scsi.h>
#include <sys/scsi_buf.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One device instance's path through the adapter: key scsi_id, lun, mode. */
struct scsi_session {
	uint64_t scsi_id;
	uint64_t lun_id;
	uint32_t mode;
	void *driver_data; /* the adapter driver's, set at the start */

	/* Private to the dispatcher. */
	struct scsi_adapter *adapter;
	struct scsi_session *next, **link; /* of all sessions, and what points to this one */
	struct scsi_session *same_hash;
	struct scsi_event_struct registration; /* valid once `registered` */
	void (*sc_func)(const struct sc_event_info *info); /* SCIOEVENT's; or NULL */
	KEX_ATOMIC(bool) registered;
	struct intr_source source;
};

#define SCSI_SESSION_HASH 1024

/* An adapter driver embeds one for each adapter and keeps it in place. */
struct scsi_adapter {
	dev_t devno;
	int priority; /* of the adapter's interrupts */

	/* Private to the dispatcher. */
	Simple_lock lock; /* guards the sessions' lists; taken at `priority` */
	struct scsi_session *sessions, **end; /* in the order of their starts */
	struct scsi_session *by_key[SCSI_SESSION_HASH];
	struct scsi_event_info info; /* the one that every handler is shown; at `priority` only */
	struct sc_event_info sc_info; /* the same, for those of SCIOEVENT */
};

/* Prepares an adapter without sessions. */
void scsi_adapter_init(struct scsi_adapter *adapter, dev_t devno, int priority) KEX_NONNULL;

/*
 * Opens a session. Returns 0; EINVAL when it is open already, the mode is not valid or a target
 * session has a LUN; ENOMEM. Environment: process.
 */
int scsi_session_start(struct scsi_adapter *adapter, uint64_t scsi_id, uint64_t lun_id,
	uint32_t mode, void *driver_data) KEX_MUST_CHECK KEX_NONNULL_ARGUMENTS(1);

/* Finds an open session, NULL when there is none. It stays valid until its stop. Any environment.
 */
struct scsi_session *scsi_session_find(
	struct scsi_adapter *adapter, uint64_t scsi_id, uint64_t lun_id, uint32_t mode) KEX_NONNULL;

/* Where the session's device driver counts, NULL when it has not registered. Any environment. */
struct device_counters *scsi_session_counters(struct scsi_session *session) KEX_NONNULL;

/* Whether any session is open. Any environment. */
bool scsi_adapter_in_use(struct scsi_adapter *adapter) KEX_NONNULL;

/*
 * Closes a session and cancels its registration. When it has returned the handler does not run and
 * will not. Returns 0, EINVAL when it is not open. Environment: process, at INTBASE.
 */
int scsi_session_stop(
	struct scsi_adapter *adapter, uint64_t scsi_id, uint64_t lun_id, uint32_t mode) KEX_NONNULL;

/*
 * SCIOLEVENT: registers the event-handler routine of an open session; only the first call counts.
 * devflag: the ioctl's. Returns 0; EPERM for a process; EFAULT without a structure; EINVAL for a
 * bad field, a session that is not open or one that has a registration, which stays. Environment:
 * process.
 */
int scsi_event_register(struct scsi_adapter *adapter, const struct scsi_event_struct *event,
	unsigned long devflag) KEX_MUST_CHECK KEX_NONNULL_ARGUMENTS(1);

/* SCIOEVENT: the same for the older generation's structure. */
int scsi_event_register_sc(struct scsi_adapter *adapter, const struct sc_event_struct *event,
	unsigned long devflag) KEX_MUST_CHECK KEX_NONNULL_ARGUMENTS(1);

/* Reports events to every registered session of the adapter. Any environment. */
void scsi_event_report(struct scsi_adapter *adapter, uint32_t events) KEX_NONNULL;

/* Reports events to every registered session with a SCSI ID, in either mode. Any environment. */
void scsi_event_report_at(
	struct scsi_adapter *adapter, unsigned scsi_id, uint32_t events) KEX_NONNULL;

/* Reports events to one session: SCSI_BUFS_EXHAUSTED concerns no other. Any environment. */
void scsi_event_report_to(struct scsi_session *session, uint32_t events) KEX_NONNULL;

#ifdef __cplusplus
}
#endif
