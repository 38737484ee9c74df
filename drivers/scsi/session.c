#include <sys/scsi_adapter.h>

#include <errno.h>
#include <string.h>
#include <sys/malloc.h>

#include "scsi/dispatch.h"

void scsi_adapter_init(struct scsi_adapter *adapter, dev_t devno, int priority)
{
	memset(adapter, 0, sizeof(*adapter));
	adapter->devno = devno;
	adapter->priority = priority;
}

struct scsi_session **session_link(
	struct scsi_adapter *adapter, uint64_t scsi_id, uint64_t lun_id, uint32_t mode)
{
	struct scsi_session **link = &adapter->sessions;

	while (*link != NULL &&
		((*link)->scsi_id != scsi_id || (*link)->lun_id != lun_id || (*link)->mode != mode))
		link = &(*link)->next;
	return link;
}

int scsi_session_start(struct scsi_adapter *adapter, uint64_t scsi_id, uint64_t lun_id,
	uint32_t mode, void *driver_data)
{
	if (mode != SCSI_IM_MODE && mode != SCSI_TM_MODE)
		return EINVAL;
	if (mode == SCSI_TM_MODE && lun_id != 0)
		return EINVAL;

	struct scsi_session *session = xmalloc(sizeof(*session), 6, pinned_heap);
	if (session == NULL)
		return ENOMEM;
	memset(session, 0, sizeof(*session));
	session->adapter = adapter;
	session->scsi_id = scsi_id;
	session->lun_id = lun_id;
	session->mode = mode;
	session->driver_data = driver_data;

	int old = disable_lock(adapter->priority, &adapter->lock);
	struct scsi_session **end = session_link(adapter, scsi_id, lun_id, mode);
	bool open_already = *end != NULL;
	if (!open_already)
		*end = session;
	unlock_enable(old, &adapter->lock);

	if (open_already) {
		xmfree(session, pinned_heap);
		return EINVAL;
	}
	return 0;
}

struct scsi_session *scsi_session_find(
	struct scsi_adapter *adapter, uint64_t scsi_id, uint64_t lun_id, uint32_t mode)
{
	int old = disable_lock(adapter->priority, &adapter->lock);
	struct scsi_session *session = *session_link(adapter, scsi_id, lun_id, mode);
	unlock_enable(old, &adapter->lock);
	return session;
}

bool scsi_adapter_in_use(struct scsi_adapter *adapter)
{
	int old = disable_lock(adapter->priority, &adapter->lock);
	bool in_use = adapter->sessions != NULL;
	unlock_enable(old, &adapter->lock);
	return in_use;
}

int scsi_session_stop(
	struct scsi_adapter *adapter, uint64_t scsi_id, uint64_t lun_id, uint32_t mode)
{
	int old = disable_lock(adapter->priority, &adapter->lock);
	struct scsi_session **link = session_link(adapter, scsi_id, lun_id, mode);
	struct scsi_session *session = *link;
	if (session != NULL)
		*link = session->next;
	unlock_enable(old, &adapter->lock);

	if (session == NULL)
		return EINVAL;
	dispatch_cancel(session);
	xmfree(session, pinned_heap);
	return 0;
}
