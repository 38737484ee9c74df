/* Between the session table and the event dispatcher. */
#pragma once

#include <sys/scsi_adapter.h>

/* The link that holds a session, or the list's end; with the adapter's lock held. */
struct scsi_session **session_link(
	struct scsi_adapter *adapter, uint64_t scsi_id, uint64_t lun_id, uint32_t mode);

/*
 * Cancels the registration of a session that is on no list any more, so that nobody reports to it.
 * The handler does not run and will not.
 */
void dispatch_cancel(struct scsi_session *session);
