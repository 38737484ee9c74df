/* Target mode: sessions that receive SENDs from one initiator into buffers of their own. */
#include <errno.h>
#include <string.h>

#include "vscsi/vscsi.h"

/* The free_func of every target-mode device driver: takes a buffer back for the hardware. */
static void free_tm_buf(struct tm_buf *tm_buf)
{
	struct vscsi *vscsi = vscsi_find(tm_buf->adap_devno);

	if (vscsi == NULL || tm_buf->user_id >= SCSI_IDS)
		return;
	int old = disable_lock(vscsi->priority, &vscsi->lock);
	struct target_session *session = vscsi->targets[tm_buf->user_id];
	if (session != NULL && tm_buf->buffer < RECEIVER_BUFS &&
		tm_buf == &session->tm_bufs[tm_buf->buffer] && tm_buf->user_flag != 0) {
		tm_buf->user_flag = 0;
		receiver_free(&vscsi->port, &session->receiver, tm_buf->buffer);
	}
	unlock_enable(old, &vscsi->lock);
}

static int check_start(const struct vscsi *vscsi, const struct scsi_strt_tgt *start)
{
	if (!vscsi->dds.target_mode)
		return ENXIO;
	if (start->scsi_id >= SCSI_IDS || start->scsi_id == vscsi->dds.scsi_id ||
		start->lun_id != 0 || start->recv_func == NULL)
		return EINVAL;
	if (start->buf_size == 0 || start->buf_size > TMSCSI_MAX_BUF_SIZE ||
		start->num_bufs < TMSCSI_MIN_BUFS || start->num_bufs > TMSCSI_MAX_BUFS ||
		start->low_water == 0 || start->low_water > start->num_bufs)
		return EINVAL;
	return 0;
}

static void release(struct target_session *session)
{
	if (session->receiver.buf_size != 0)
		receiver_release(&session->receiver);
	xmfree(session->tm_bufs, pinned_heap);
	xmfree(session, pinned_heap);
}

static struct target_session *create(struct vscsi *vscsi, const struct scsi_strt_tgt *start)
{
	struct target_session *session = xmalloc(sizeof(*session), 6, pinned_heap);
	if (session == NULL)
		return NULL;

	memset(session, 0, sizeof(*session));
	session->vscsi = vscsi;
	session->scsi_id = start->scsi_id;
	session->correlator = start->tm_correlator;
	session->recv_func = start->recv_func;
	session->ended_func = start->ended_func;
	session->tm_bufs = xmalloc(RECEIVER_BUFS * sizeof(struct tm_buf), 6, pinned_heap);
	if (session->tm_bufs == NULL ||
		receiver_create(&session->receiver, start->num_bufs, start->buf_size,
			start->low_water, vscsi->priority) != 0) {
		session->receiver.buf_size = 0;
		release(session);
		return NULL;
	}
	memset(session->tm_bufs, 0, RECEIVER_BUFS * sizeof(struct tm_buf));
	return session;
}

static void set_session(struct vscsi *vscsi, uint64_t scsi_id, struct target_session *session)
{
	int old = disable_lock(vscsi->priority, &vscsi->lock);
	vscsi->targets[scsi_id] = session;
	unlock_enable(old, &vscsi->lock);
}

int target_start(struct vscsi *vscsi, struct scsi_strt_tgt *start)
{
	int error = check_start(vscsi, start);
	if (error != 0)
		return error;
	struct target_session *session = create(vscsi, start);
	if (session == NULL)
		return ENOMEM;
	error = scsi_session_start(&vscsi->adapter, start->scsi_id, 0, SCSI_TM_MODE, session);
	if (error != 0) {
		release(session);
		return error;
	}

	set_session(vscsi, start->scsi_id, session);
	error = port_receive_start(&vscsi->port, (unsigned)start->scsi_id, &session->receiver);
	if (error != 0) {
		set_session(vscsi, start->scsi_id, NULL);
		scsi_session_stop(&vscsi->adapter, start->scsi_id, 0, SCSI_TM_MODE);
		release(session);
		return error;
	}
	start->free_func = free_tm_buf;
	start->buffers = &session->receiver.buffers;
	return 0;
}

int target_stop(struct vscsi *vscsi, const struct scsi_stop_tgt *stop)
{
	if (stop->scsi_id >= SCSI_IDS || stop->lun_id != 0)
		return EINVAL;
	struct scsi_session *open =
		scsi_session_find(&vscsi->adapter, stop->scsi_id, 0, SCSI_TM_MODE);
	if (open == NULL)
		return EINVAL;
	struct target_session *session = open->driver_data;

	/* After this the hardware reports nothing for the session, after the next nobody finds it.
	 */
	port_receive_stop(&vscsi->port, (unsigned)stop->scsi_id);
	set_session(vscsi, stop->scsi_id, NULL);
	scsi_session_stop(&vscsi->adapter, stop->scsi_id, 0, SCSI_TM_MODE);
	release(session);
	return 0;
}

int target_tune(struct vscsi *vscsi, const struct scsi_tune_tgt *tune)
{
	if (tune->scsi_id >= SCSI_IDS || tune->lun_id != 0 || tune->num_bufs < TMSCSI_MIN_BUFS ||
		tune->num_bufs > TMSCSI_MAX_BUFS || tune->low_water == 0 ||
		tune->low_water > tune->num_bufs)
		return EINVAL;
	struct scsi_session *open =
		scsi_session_find(&vscsi->adapter, tune->scsi_id, 0, SCSI_TM_MODE);
	if (open == NULL)
		return EINVAL;
	struct target_session *session = open->driver_data;
	receiver_tune(&vscsi->port, &session->receiver, tune->num_bufs, tune->low_water);
	return 0;
}

/* The end that was set before the buffers were read last comes after them. */
static void tell_end(struct target_session *session, uint32_t ended)
{
	if (ended == session->told)
		return;
	session->told = ended;
	if (session->ended_func != NULL)
		session->ended_func(session->correlator, ended,
			ended == atomic_load(&session->receiver.broken));
}

static void receive(struct target_session *session)
{
	uint32_t ended = atomic_load(&session->receiver.ended);
	struct received received;

	while (receiver_take(&session->receiver, &received)) {
		struct tm_buf *tm_buf = &session->tm_bufs[received.buffer];
		*tm_buf = (struct tm_buf){
			.tm_correlator = session->correlator,
			.adap_devno = session->vscsi->devno,
			.data_addr = (char *)session->receiver.buffers.address +
				     (size_t)received.buffer * session->receiver.buf_size,
			.data_len = received.length,
			.user_flag = received.flags,
			.buffer = received.buffer,
			.user_id = (uint16_t)session->scsi_id,
			.adapter_status = received.adapter_status,
			.session = received.session,
		};
		session->recv_func(tm_buf);
	}
	tell_end(session, ended);
}

void target_receive(struct vscsi *vscsi)
{
	/* No lock: a session goes only in set_session's masked region, which excludes handlers. */
	for (unsigned id = 0; id < SCSI_IDS; id++)
		if (vscsi->targets[id] != NULL)
			receive(vscsi->targets[id]);
}

void target_resumed(struct vscsi *vscsi, unsigned scsi_id, uint64_t time)
{
	struct scsi_session *session = scsi_session_find(&vscsi->adapter, scsi_id, 0, SCSI_TM_MODE);
	struct device_counters *counters = session != NULL ? scsi_session_counters(session) : NULL;

	if (counters != NULL)
		atomic_fetch_add(&counters->full_time, time);
}

void target_exhausted(struct vscsi *vscsi, unsigned scsi_id)
{
	struct scsi_session *session = scsi_session_find(&vscsi->adapter, scsi_id, 0, SCSI_TM_MODE);

	if (session != NULL)
		scsi_event_report_to(session, SCSI_BUFS_EXHAUSTED);
}
