/* watch: a device whose file tells, a line each, what happens to the adapter that it hangs on. */
#include <errno.h>
#include <stdio.h>
#include <sys/driver.h>
#include <sys/intr.h>
#include <sys/scsi_buf.h>
#include <sys/sleep.h>
#include <sys/text_dds.h>

static struct text_dds *dds; /* what the device is configured with */
static struct scsi_sciolst address;
static struct file *adapter;
static int priority; /* the adapter's interrupt class */
static Simple_lock lock; /* guards the rest, at `priority`: the handler writes it */
static event_word readers = EVENT_NULL;
static uint32_t pending;

/* The event-handler routine runs at interrupt level: it copies the flags and wakes the reader. */
static void handle_event(const struct scsi_event_info *info)
{
	int old = disable_lock(priority, &lock);
	pending |= info->events;
	e_wakeup(&readers);
	unlock_enable(old, &lock);
}

static int watch_open(dev_t devno, unsigned long devflag, int chan, int ext)
{
	struct scsi_event_struct event = {.scsi_id = address.scsi_id,
		.lun_id = address.lun_id,
		.mode = SCSI_IM_MODE,
		.async_func = handle_event};

	(void)devno, (void)devflag;
	if (adapter != NULL)
		return EBUSY;
	int error = fp_opendev((dev_t)dds->parent_devno, DREAD | DWRITE, chan, ext, &adapter);
	if (error == 0 && (error = fp_ioctl(adapter, SCIOLSTART, &address, ext)) == 0 &&
		(error = fp_ioctl(adapter, SCIOLEVENT, &event, ext)) == 0)
		return 0;
	if (adapter != NULL)
		fp_close(adapter);
	adapter = NULL;
	return error;
}

static int watch_close(dev_t devno, int chan)
{
	(void)devno;
	fp_ioctl(adapter, SCIOLSTOP, &address, chan);
	int error = fp_close(adapter);
	adapter = NULL;
	return error;
}

static int watch_read(dev_t devno, struct uio *uiop, int chan, int ext)
{
	char line[32];

	(void)devno, (void)chan, (void)ext;
	int result = EVENT_SUCC, old = disable_lock(priority, &lock);
	while (pending == 0 && result == EVENT_SUCC && !(uiop->uio_fmode & DNDELAY))
		result = e_sleep_thread(&readers, &lock, EVENT_SIGRET | LOCK_HANDLER);
	uint32_t events = pending;
	pending = 0;
	unlock_enable(old, &lock);
	if (events == 0)
		return result == EVENT_SIG ? EINTR : EAGAIN;
	int length = snprintf(line, sizeof(line), "events 0x%x\n", events);
	return uiomove(line, (size_t)length, UIO_READ, uiop);
}

static const struct devsw entry_points = {
	.d_open = watch_open, .d_close = watch_close, .d_read = watch_read};

static int watch_init(dev_t devno, void *device)
{
	dds = device;
	priority = INTCLASS0 + (int)text_dds_number(dds, "parent.intr_priority", 3);
	address.scsi_id = (uint64_t)text_dds_number(dds, "scsi_id", 0);
	address.lun_id = (uint64_t)text_dds_number(dds, "lun_id", 0);
	return device_publish(devno, dds->header.logical_name, priority - INTCLASS0, NULL);
}

static void *_Atomic devices[1];
static const struct driver driver = {.devices = devices,
	.limit = 1,
	.device_size = sizeof(struct text_dds),
	.dds_size = sizeof(struct text_dds),
	.check = text_dds_check,
	.entry_points = &entry_points,
	.init = watch_init};

DRIVER_ENTRY(driver)
