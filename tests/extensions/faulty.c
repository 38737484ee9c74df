/*
 * An extension with faults: it watches an adapter as a device driver does, and at each event makes
 * the mistake that it was configured with.
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/device.h>
#include <sys/intr.h>
#include <sys/malloc.h>
#include <sys/scsi_buf.h>
#include <sys/sleep.h>
#include <sys/sysmacros.h>

#include "faulty.h"

static struct faulty_dds configuration;
static struct file *adapter;
static event_word never = EVENT_NULL;
static volatile int *nowhere;

/* Each call needs the one before: no compiler makes a loop of it. */
static int use_stack_up(volatile char *outer)
{
	volatile char room[4096];

	room[0] = (char)(outer[0] + 1);
	return configuration.fault == FAULT_OVERFLOW ? use_stack_up(room) + room[0] : 0;
}

static void handle_event(const struct scsi_event_info *info)
{
	switch (configuration.fault) {
	case FAULT_CRASH:
		*nowhere = 1;
		break;
	case FAULT_ABORT:
		abort();
	case FAULT_OVERFLOW:
		use_stack_up(&(char){0});
		break;
	case FAULT_LOOP:
		for (;;)
			*(volatile int *)&configuration.fault = FAULT_LOOP;
	case FAULT_SLEEP:
		e_sleep(&never, EVENT_SHORT);
		break;
	case FAULT_MODIFY:
		((struct scsi_event_info *)(uintptr_t)info)->scsi_id = 99;
		break;
	default:
		break;
	}
}

static int start(dev_t devno)
{
	struct scsi_sciolst address = {.scsi_id = configuration.scsi_id, .lun_id = 7};
	struct scsi_event_struct event = {.scsi_id = configuration.scsi_id,
		.lun_id = 7,
		.mode = SCSI_IM_MODE,
		.async_func = handle_event};
	int error = fp_opendev((dev_t)configuration.adapter, DREAD | DWRITE, 0, 0, &adapter);

	if (error != 0)
		return cfg_refuse(error, "the adapter can't be opened from here");
	error = fp_ioctl(adapter, SCIOLSTART, &address, 0);
	if (error == 0)
		error = fp_ioctl(adapter, SCIOLEVENT, &event, 0);
	if (error == 0)
		error = device_publish(devno, "faulty0", -1, NULL);
	if (error != 0)
		fp_close(adapter);
	return error;
}

static int stop(dev_t devno)
{
	struct scsi_sciolst address = {.scsi_id = configuration.scsi_id, .lun_id = 7};

	fp_ioctl(adapter, SCIOLSTOP, &address, 0);
	fp_close(adapter);
	device_withdraw(devno);
	return 0;
}

KEX_EXPORT int kmod_entry(dev_t devno, int cmd, struct uio *uiop)
{
	if (cmd == CFG_TERM)
		return stop(devno);
	if (cmd != CFG_INIT || uiop->uio_resid != sizeof(configuration))
		return EINVAL;
	int error = uiomove(&configuration, sizeof(configuration), UIO_WRITE, uiop);
	while (configuration.fault == FAULT_HANG_AT_ONCE)
		e_sleep(&never, EVENT_SHORT);
	if (configuration.fault == FAULT_CRASH_AT_ONCE)
		*nowhere = 1;
	return error != 0 ? error : start(devno);
}
