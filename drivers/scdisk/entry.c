/* What applications do with a disk. */
#include <errno.h>
#include <string.h>
#include <sys/malloc.h>

#include "scdisk/scdisk.h"

/* The event-handler routine: keeps the flags; commands that failed are tried again anyway. */
static void handle_event(const struct scsi_event_info *info)
{
	struct scdisk *disk = (struct scdisk *)info->async_correlator;
	uint32_t events = info->events;

	int old = disable_lock(disk->priority, &disk->lock);
	disk->events |= events;
	unlock_enable(old, &disk->lock);
}

static void register_events(struct scdisk *disk)
{
	struct scsi_event_struct event = {
		.scsi_id = disk->dds.scsi_id,
		.lun_id = disk->dds.lun,
		.mode = SCSI_IM_MODE,
		.async_func = handle_event,
		.async_correlator = (uintptr_t)disk,
		.counters = &disk->counters,
	};

	/* An adapter that reports no events still serves the disk. */
	fp_ioctl(disk->adapter, SCIOLEVENT, &event, 0);
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
	int error = session_open(disk);
	if (error == 0) {
		register_events(disk);
		disk->position = 0;
		error = session_read_capacity(disk);
		if (error != 0)
			session_close(disk);
	}
	if (error != 0)
		unclaim(disk);
	return error;
}

static int scdisk_close(dev_t devno, int chan)
{
	struct scdisk *disk = scdisk_find(devno);

	(void)chan;
	if (disk == NULL || !disk->open)
		return EINVAL;
	int error = session_close(disk);
	unclaim(disk);
	return error;
}

/* The blocks of one request: as many as the adapter and a READ(10) take. */
static size_t piece_length(const struct scdisk *disk, size_t left)
{
	size_t largest = disk->dds.max_transfer / SCDISK_BLOCK * SCDISK_BLOCK;

	if (largest > (size_t)65535 * SCDISK_BLOCK)
		largest = (size_t)65535 * SCDISK_BLOCK;
	return left < largest ? left : largest;
}

static int move_piece(struct scdisk *disk, bool to_disk, void *data, size_t length)
{
	size_t count = length / SCDISK_BLOCK;
	uint64_t block = disk->position;
	const uint8_t cdb[10] = {to_disk ? 0x2a : 0x28, 0, (uint8_t)(block >> 24),
		(uint8_t)(block >> 16), (uint8_t)(block >> 8), (uint8_t)block, 0,
		(uint8_t)(count >> 8), (uint8_t)count, 0};
	int error =
		session_command(disk, cdb, sizeof(cdb), to_disk ? B_WRITE : B_READ, data, length);

	if (error == 0) {
		disk->position += count;
		atomic_fetch_add(&disk->counters.bytes, length);
		COUNT(disk->counters.records);
	}
	return error;
}

static int transfer(struct scdisk *disk, struct uio *uiop, bool to_disk)
{
	if (uiop->uio_resid % SCDISK_BLOCK != 0)
		return EINVAL;
	size_t size = piece_length(disk, uiop->uio_resid);
	char *data = size > 0 ? xmalloc(size, 9, pinned_heap) : NULL;
	if (size > 0 && data == NULL)
		return ENOMEM;

	int error = 0;
	while (error == 0 && uiop->uio_resid > 0) {
		uint64_t left = (disk->info.blocks - disk->position) * SCDISK_BLOCK;
		size_t length = piece_length(disk, uiop->uio_resid);
		if (left == 0) {
			error = to_disk ? ENOSPC : 0;
			break;
		}
		if (length > left)
			length = (size_t)left;
		if (to_disk)
			error = uiomove(data, length, UIO_WRITE, uiop);
		if (error == 0)
			error = move_piece(disk, to_disk, data, length);
		if (error == 0 && !to_disk)
			error = uiomove(data, length, UIO_READ, uiop);
	}
	xmfree(data, pinned_heap);
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
	default:
		return EINVAL;
	}
}

static const struct ioctl_entry scdisk_ioctls[] = {
	{DKIOINFO, IOCTL_OPEN},
	{DKIOSEEK, IOCTL_OPEN},
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
