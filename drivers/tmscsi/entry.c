/* The entry points that both special files share: open, close, ioctl, select, events. */
#include "tmscsi/entry.h"

#include <errno.h>
#include <poll.h>

#include "tmscsi/tmscsi.h"

void side_notify(struct tm_side *side, unsigned short revents)
{
	if (!(side->requested & revents))
		return;
	side->requested &= (unsigned short)~revents;
	selnotify(side->devno, 0, revents);
}

/* The event-handler routine: copies the flags and wakes the application, nothing more. */
static void handle_event(const struct scsi_event_info *info)
{
	struct tm_side *side = (struct tm_side *)info->async_correlator;
	struct tmscsi *device = side->device;
	uint32_t events = info->events;

	int old = disable_lock(device->priority, &device->lock);
	side->events |= events;
	if (events & SCSI_BUFS_EXHAUSTED)
		COUNT(side->counters.bufs_exhausted);
	if (side->mode == SCSI_TM_MODE && device->reception.queue != NULL) {
		atomic_store(&device->reception.queue->event_pending, 1);
		target_wake_reader(device);
	}
	side_notify(side, POLLPRI);
	unlock_enable(old, &device->lock);
}

/* An adapter that reports no events still works: the return code is the driver's to ignore. */
static void register_events(struct tm_side *side)
{
	struct scsi_event_struct event = {
		.scsi_id = side->device->dds.scsi_id,
		.mode = side->mode,
		.async_func = handle_event,
		.async_correlator = (uintptr_t)side,
		.counters = &side->counters,
	};

	fp_ioctl(side->adapter, SCIOLEVENT, &event, 0);
}

/* Takes the side for one opener. */
static int claim(struct tm_side *side)
{
	int old = disable_lock(side->device->priority, &side->device->lock);
	bool busy = side->open;
	if (!busy) {
		side->open = true;
		side->events = 0;
		side->requested = 0;
	}
	unlock_enable(old, &side->device->lock);
	return busy ? EBUSY : 0;
}

static void unclaim(struct tm_side *side)
{
	int old = disable_lock(side->device->priority, &side->device->lock);
	side->open = false;
	unlock_enable(old, &side->device->lock);
}

static int open_session(struct tm_side *side)
{
	struct tmscsi *device = side->device;
	int error = fp_opendev((dev_t)device->dds.adap_devno, DREAD | DWRITE, 0, 0, &side->adapter);
	if (error != 0)
		return error;

	error = side->mode == SCSI_TM_MODE ? target_open(device) : initiator_open(device);
	if (error != 0) {
		fp_close(side->adapter);
		return error;
	}
	register_events(side);
	return 0;
}

static int tmscsi_open(dev_t devno, unsigned long devflag, int chan, int ext)
{
	struct tm_side *side = tmscsi_side(devno);

	(void)chan;
	(void)ext;
	if (side == NULL)
		return ENODEV;
	unsigned long direction = side->mode == SCSI_TM_MODE ? DREAD : DWRITE;
	if ((devflag & (DREAD | DWRITE)) != direction)
		return EINVAL;
	int error = claim(side);
	if (error != 0)
		return error;
	error = open_session(side);
	if (error != 0)
		unclaim(side);
	return error;
}

static int tmscsi_close(dev_t devno, int chan)
{
	struct tm_side *side = tmscsi_side(devno);

	(void)chan;
	if (side == NULL || !side->open)
		return EINVAL;
	if (side->mode == SCSI_TM_MODE)
		target_close(side->device);
	else
		initiator_close(side->device);
	int error = fp_close(side->adapter);
	unclaim(side);
	return error;
}

static void describe(const struct tm_side *side, struct tm_devinfo *info)
{
	const struct tmscsi_dds *dds = &side->device->dds;
	bool target = side->mode == SCSI_TM_MODE;

	*info = (struct tm_devinfo){
		.devtype = DD_TMSCSI,
		.devsubtype = DS_TM,
		.scsi_id = (uint16_t)dds->scsi_id,
		.lun_id = dds->lun,
		.buf_size = target ? dds->buf_size : 0,
		.num_bufs = target ? dds->num_bufs : 0,
		.max_transfer = target ? 0 : dds->max_transfer,
	};
}

static void fetch_events(struct tm_side *side, struct tm_event_info *info)
{
	struct tmscsi *device = side->device;

	int old = disable_lock(device->priority, &device->lock);
	info->events = side->events;
	side->events = 0;
	if (side->mode == SCSI_TM_MODE && device->reception.queue != NULL)
		atomic_store(&device->reception.queue->event_pending, 0);
	unlock_enable(old, &device->lock);
}

static int tmscsi_ioctl(
	dev_t devno, unsigned long cmd, void *arg, unsigned long devflag, int chan, int ext)
{
	struct tm_side *side = tmscsi_side(devno);

	(void)devflag;
	(void)chan;
	(void)ext;
	if (side == NULL)
		return ENODEV;
	switch (cmd) {
	case IOCINFO:
		describe(side, arg);
		return 0;
	case TMIOEVNT:
		fetch_events(side, arg);
		return 0;
	case TMIORECLAIM:
		return side->mode == SCSI_TM_MODE ? target_reclaim(side->device) : EINVAL;
	default:
		return side->mode == SCSI_IM_MODE ? initiator_request(side->device, cmd, arg)
						  : EINVAL;
	}
}

static const struct ioctl_entry tmscsi_ioctls[] = {
	{IOCINFO, IOCTL_OPEN},
	{TMIOEVNT, IOCTL_OPEN},
	{TMIOSTAT, IOCTL_OPEN},
	{TMGETSENS, IOCTL_OPEN},
	{TMIORECLAIM, IOCTL_READ},
	{TMCHGIMPARM, IOCTL_WRITE},
	{TMIOCMD, IOCTL_PRIVILEGE},
	{TMIORESET, IOCTL_PRIVILEGE},
	{0},
};

static int tmscsi_select(dev_t devno, unsigned short events, unsigned short *reventp, int chan)
{
	struct tm_side *side = tmscsi_side(devno);
	unsigned short true_now = 0;

	(void)chan;
	if (side == NULL)
		return ENODEV;
	int old = disable_lock(side->device->priority, &side->device->lock);
	if (side->events != 0)
		true_now |= POLLPRI;
	if (side->mode == SCSI_TM_MODE && target_readable(side->device))
		true_now |= POLLIN;
	*reventp = true_now & events;
	if (*reventp == 0 && !(events & POLLSYNC))
		side->requested |= events & (POLLIN | POLLPRI);
	unlock_enable(old, &side->device->lock);
	return 0;
}

static int tmscsi_write(dev_t devno, struct uio *uiop, int chan, int ext)
{
	struct tm_side *side = tmscsi_side(devno);

	(void)chan;
	(void)ext;
	if (side == NULL)
		return ENODEV;
	return side->mode == SCSI_IM_MODE ? initiator_write(side->device, uiop) : EINVAL;
}

static int tmscsi_write_begin(dev_t devno, struct uio *uiop)
{
	struct tm_side *side = tmscsi_side(devno);

	if (side == NULL)
		return ENODEV;
	return side->mode == SCSI_IM_MODE ? initiator_write_begin(side->device, uiop) : EINVAL;
}

static int tmscsi_write_end(dev_t devno, size_t *moved)
{
	struct tm_side *side = tmscsi_side(devno);

	if (side == NULL)
		return ENODEV;
	return side->mode == SCSI_IM_MODE ? initiator_write_end(side->device, moved) : EINVAL;
}

static int tmscsi_read(dev_t devno, struct uio *uiop, int chan, int ext)
{
	struct tm_side *side = tmscsi_side(devno);

	(void)chan;
	(void)ext;
	if (side == NULL)
		return ENODEV;
	return side->mode == SCSI_TM_MODE ? target_read(side->device, uiop) : EINVAL;
}

static int tmscsi_map(dev_t devno, unsigned int region, struct shared_segment **segment)
{
	struct tm_side *side = tmscsi_side(devno);

	if (side == NULL)
		return ENODEV;
	if (side->mode != SCSI_TM_MODE || region > 1)
		return EINVAL;
	struct tm_reception *reception = &side->device->reception;
	*segment = region == 0 ? &reception->memory : reception->buffers;
	return 0;
}

const struct devsw tmscsi_entry_points = {
	.d_open = tmscsi_open,
	.d_close = tmscsi_close,
	.d_read = tmscsi_read,
	.d_write = tmscsi_write,
	.d_write_begin = tmscsi_write_begin,
	.d_write_end = tmscsi_write_end,
	.d_ioctl = tmscsi_ioctl,
	.d_ioctls = tmscsi_ioctls,
	.d_select = tmscsi_select,
	.d_map = tmscsi_map,
};
