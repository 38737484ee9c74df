/* Between the session table and the event dispatcher. For these two files only. */
#pragma once

#include <sys/scsi_adapter.h>

/* The session of a key, NULL for none; with the adapter's lock held. */
struct scsi_session *session_lookup(
	struct scsi_adapter *adapter, uint64_t scsi_id, uint64_t lun_id, uint32_t mode);

/*
 * Cancels the registration of a session that is on no list any more, so that nobody reports to it.
 * The handler does not run and will not.
 */
void dispatch_cancel(struct scsi_session *session);
