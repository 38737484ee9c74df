/* What applications do with a disk. */
#include <errno.h>
#include <string.h>
#include <sys/errids.h>

#include "scdisk/scdisk.h"

/* The event-handler routine: keeps the flags; commands that failed are tried again anyway. */
void scdisk_handle_event(const struct scsi_event_info *info)
{
	struct scdisk *disk = (struct scdisk *)info->async_correlator;
	uint32_t events = info->events;

	int old = disable_lock(disk->priority, &disk->lock);
	disk->events |= events;
	unlock_enable(old, &disk->lock);
}

static bool claim(struct scdisk *disk)
{
	int old = disable_lock(disk->priority, &disk->lock);
	bool claimed = !disk->open;
	disk->open = true;
	if (claimed)
		disk->events = 0;
	unlock_enable(old, &disk->lock);
	return claimed;
}

static void unclaim(struct scdisk *disk)
{
	int old = disable_lock(disk->priority, &disk->lock);
	disk->open = false;
	unlock_enable(old, &disk->lock);
}

static int scdisk_open(dev_t devno, unsigned long devflag, int chan, int ext)
{
	struct scdisk *disk = scdisk_find(devno);

	(void)devflag;
	(void)chan;
	(void)ext;
	if (disk == NULL)
		return ENODEV;
	if (!claim(disk))
		return EBUSY;
	disk->prompt = true;
	int error = session_open(disk);
	if (error == 0) {
		session_register(disk);
		disk->position = 0;
		disk->written = false;
		error = medium_read_capacity(disk);
		if (error != 0)
			session_close(disk);
	}
	disk->prompt = false;
	if (error != 0)
		unclaim(disk);
	return error;
}

/* A disk may have no cache, which it says; one that says nothing may lose what it told to have. */
static void flush_last(struct scdisk *disk)
{
	int error = medium_flush(disk);

	if (error != 0 && error != EIO)
		error_log("DISK_ERR4", disk->dds.header.logical_name,
			"what was written last may not be on the medium: no answer at its close");
}

static int scdisk_close(dev_t devno, int chan)
{
	struct scdisk *disk = scdisk_find(devno);

	(void)chan;
	if (disk == NULL || !disk->open)
		return EINVAL;
	disk->prompt = true;
	if (disk->written)
		flush_last(disk);
	int error = session_close(disk);
	unclaim(disk);
	return error;
}

static int scdisk_read(dev_t devno, struct uio *uiop, int chan, int ext)
{
	struct scdisk *disk = scdisk_find(devno);

	(void)chan;
	(void)ext;
	return disk == NULL ? ENODEV : transfer(disk, uiop, false);
}

static int scdisk_write(dev_t devno, struct uio *uiop, int chan, int ext)
{
	struct scdisk *disk = scdisk_find(devno);

	(void)chan;
	(void)ext;
	return disk == NULL ? ENODEV : transfer(disk, uiop, true);
}

static int seek(struct scdisk *disk, uint64_t block)
{
	if (block > disk->info.blocks)
		return EINVAL;
	disk->position = block;
	return 0;
}

static int scdisk_ioctl(
	dev_t devno, unsigned long cmd, void *arg, unsigned long devflag, int chan, int ext)
{
	struct scdisk *disk = scdisk_find(devno);

	(void)devflag;
	(void)chan;
	(void)ext;
	if (disk == NULL)
		return ENODEV;
	switch (cmd) {
	case DKIOINFO:
		memcpy(arg, &disk->info, sizeof(disk->info));
		return 0;
	case DKIOSEEK:
		return seek(disk, *(uint64_t *)arg);
	case DKIOFLUSH:
		disk->written = false;
		return medium_flush(disk);
	case DKIOUNMAP:
		return medium_unmap(disk, arg);
	case DKIOLCMD:
		return session_pass(disk, arg);
	default:
		return EINVAL;
	}
}

static const struct ioctl_entry scdisk_ioctls[] = {
	{DKIOINFO, IOCTL_OPEN},
	{DKIOSEEK, IOCTL_OPEN},
	{DKIOFLUSH, IOCTL_WRITE},
	{DKIOUNMAP, IOCTL_WRITE},
	{DKIOLCMD, IOCTL_PRIVILEGE},
	{0},
};

const struct devsw scdisk_entry_points = {
	.d_open = scdisk_open,
	.d_close = scdisk_close,
	.d_read = scdisk_read,
	.d_write = scdisk_write,
	.d_ioctl = scdisk_ioctl,
	.d_ioctls = scdisk_ioctls,
};
