/* The sessions of an adapter, by SCSI ID, LUN and mode: a hash under the adapter's lock. */
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
	adapter->end = &adapter->sessions;
}

static struct scsi_session **bucket(
	struct scsi_adapter *adapter, uint64_t scsi_id, uint64_t lun_id, uint32_t mode)
{
	uint64_t mixed = (scsi_id * 31 + lun_id) * 2 + mode;

	return &adapter->by_key[mixed % SCSI_SESSION_HASH];
}

struct scsi_session *session_lookup(
	struct scsi_adapter *adapter, uint64_t scsi_id, uint64_t lun_id, uint32_t mode)
{
	struct scsi_session *session = *bucket(adapter, scsi_id, lun_id, mode);

	while (session != NULL &&
		(session->scsi_id != scsi_id || session->lun_id != lun_id || session->mode != mode))
		session = session->same_hash;
	return session;
}

/* Both with the lock held. */
static void enter(struct scsi_adapter *adapter, struct scsi_session *session)
{
	struct scsi_session **first =
		bucket(adapter, session->scsi_id, session->lun_id, session->mode);

	session->same_hash = *first;
	*first = session;
	session->link = adapter->end;
	*adapter->end = session;
	adapter->end = &session->next;
}

static void leave(struct scsi_adapter *adapter, struct scsi_session *session)
{
	struct scsi_session **link =
		bucket(adapter, session->scsi_id, session->lun_id, session->mode);

	while (*link != session)
		link = &(*link)->same_hash;
	*link = session->same_hash;
	*session->link = session->next;
	if (session->next != NULL)
		session->next->link = session->link;
	else
		adapter->end = session->link;
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
	bool open_already = session_lookup(adapter, scsi_id, lun_id, mode) != NULL;
	if (!open_already)
		enter(adapter, session);
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
	struct scsi_session *session = session_lookup(adapter, scsi_id, lun_id, mode);
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
	struct scsi_session *session = session_lookup(adapter, scsi_id, lun_id, mode);
	if (session != NULL)
		leave(adapter, session);
	unlock_enable(old, &adapter->lock);

	if (session == NULL)
		return EINVAL;
	dispatch_cancel(session);
	xmfree(session, pinned_heap);
	return 0;
}
