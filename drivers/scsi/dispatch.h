/* Between the session table and the event dispatcher. */
#pragma once

#include <sys/scsi_adapter.h>

/*
 * Cancels the registration of a session that is on no list any more, so that nobody reports to it.
 * The handler does not run and will not.
 */
void dispatch_cancel(struct scsi_session *session);
